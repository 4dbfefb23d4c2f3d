using System.Diagnostics;
using Npgsql;

namespace Trading.Testing;

/// <summary>A PostgreSQL server of its own for one test class: a throw-away data directory, a free loopback port, stopped by process id.</summary>
public sealed class PostgresServer : IDisposable
{
    static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    const int PortsTried = 5;
    readonly string _folder;
    int _port;
    Process _server;
    int _databases;

    /// <summary>Why a test is skipped where there is no server.</summary>
    public const string Missing = "PostgreSQL is not installed (Debian package postgresql).";

    /// <summary>Where the server's programs are, or null where PostgreSQL is not installed.</summary>
    public static string? Programs { get; } = Directory.Exists("/usr/lib/postgresql")
        ? Directory.GetDirectories("/usr/lib/postgresql").Select(version => Path.Combine(version, "bin"))
            .Where(bin => File.Exists(Path.Combine(bin, "initdb"))).Order(StringComparer.Ordinal).LastOrDefault()
        : null;

    readonly string _listen = "127.0.0.1";

    readonly string[] _settings = [];

    /// <param name="alsoAt">Another address at which it listens, and whose network may use it.</param>
    /// <param name="archives">Whether it keeps its log in <see cref="Archive"/>.</param>
    public PostgresServer(string? alsoAt = null, bool archives = false)
    {
        var programs = Programs ?? throw new InvalidOperationException("PostgreSQL is not installed.");
        _folder = Directory.CreateTempSubdirectory("trading-postgres-").FullName;
        if (Environment.UserName == "root") // the server refuses to run as root
            Run("chown", "postgres", _folder);
        AsServerUser(Path.Combine(programs, "initdb"), "-D", Data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync").Dispose();
        if (archives)
        {
            RunScript($"mkdir {Archive}");
            _settings = ["-c", "archive_mode=on", "-c", $"archive_command=test ! -f {Archive}/%f && cp %p {Archive}/%f"];
        }

        if (alsoAt is not null)
        {
            _listen += $",{alsoAt}";
            File.AppendAllText(Path.Combine(Data, "pg_hba.conf"), $"\nhost all all {alsoAt}/24 trust\n");
        }

        for (var tries = 1; ; tries++)
        {
            _port = Ports.Free();
            try
            {
                _server = StartServer();
                return;
            }
            catch (InvalidOperationException) when (tries < PortsTried)
            {
                // Somebody else took the port between the look and the start.
            }
        }
    }

    public string Data => Path.Combine(_folder, "data");

    /// <summary>Finished pieces of its log, where it keeps them.</summary>
    public string Archive => Path.Combine(_folder, "archive");

    /// <summary>Runs a script as the server's user, with its programs on the path, in its folder, with its port in <c>PGPORT</c>.</summary>
    public void RunScript(string script) => AsServerUser("bash", "-euc",
        $"export PATH=$PATH:{Programs} PGHOST=127.0.0.1 PGUSER=postgres PGPORT={_port}; cd {_folder}\n{script}").Dispose();

    /// <summary>Stops the server the way a crash does: no shutdown, recovery at the next start.</summary>
    public void StopAtOnce()
    {
        Run("kill", "-QUIT", $"{ServerProcessId()}");
        _server.WaitForExit(StartLimit);
        _server.Dispose();
        NpgsqlConnection.ClearAllPools(); // their connections lead nowhere
    }

    /// <summary>Starts the server again, on the same data and port.</summary>
    public void StartAgain() => _server = StartServer();

    /// <summary>Creates an empty database and returns the way to connect to it.</summary>
    /// <param name="folder">Where its tables lie, a folder of the server's user; null for where everything does.</param>
    public string CreateDatabase(string? folder = null)
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        using var connection = new NpgsqlConnection(ConnectionString("postgres"));
        connection.Open();
        if (folder is not null) Execute($"CREATE TABLESPACE {name} LOCATION '{folder}'");
        Execute($"CREATE DATABASE {name}{(folder is null ? "" : $" TABLESPACE {name}")}");
        return ConnectionString(name);

        void Execute(string sql)
        {
            using var command = new NpgsqlCommand(sql, connection);
            command.ExecuteNonQuery();
        }
    }

    string ConnectionString(string database) => $"Host=127.0.0.1;Port={_port};Username=postgres;Database={database}";

    Process StartServer()
    {
        var server = Start(Path.Combine(Programs!, "postgres"),
            ["-D", Data, "-p", $"{_port}", "-h", _listen, "-k", _folder, "-c", "max_connections=200", .. _settings]);
        WaitUntilReady(server);
        return server;
    }

    /// <summary>Until this server answers at its port, and no other that took it first.</summary>
    void WaitUntilReady(Process server)
    {
        for (var started = Stopwatch.GetTimestamp(); !Answers(); server.WaitForExit(TimeSpan.FromMilliseconds(50)))
            if (server.HasExited || Stopwatch.GetElapsedTime(started) > StartLimit) throw new InvalidOperationException($"PostgreSQL did not start at port {_port}.");
    }

    bool Answers()
    {
        try
        {
            using var connection = new NpgsqlConnection(ConnectionString("postgres") + ";Pooling=false;Timeout=2");
            connection.Open();
            using var command = new NpgsqlCommand("SHOW data_directory", connection);
            return command.ExecuteScalar() as string == Data;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        NpgsqlConnection.ClearAllPools();
        if (!_server.HasExited)
        {
            Run("kill", "-INT", $"{ServerProcessId()}"); // fast shutdown
            _server.WaitForExit(TimeSpan.FromSeconds(30));
        }

        _server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    int ServerProcessId() =>
        int.Parse(File.ReadLines(Path.Combine(Data, "postmaster.pid")).First(), System.Globalization.CultureInfo.InvariantCulture);

    static Process Start(string program, params string[] arguments)
    {
        var asRoot = Environment.UserName == "root";
        var start = new ProcessStartInfo(asRoot ? "runuser" : program) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in asRoot ? ["-u", "postgres", "--", program, .. arguments] : arguments)
            start.ArgumentList.Add(argument);
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    static Process AsServerUser(string program, params string[] arguments)
    {
        var process = Start(program, arguments);
        process.WaitForExit();
        return process.ExitCode == 0 ? process : throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
    }

    static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
    }
}
