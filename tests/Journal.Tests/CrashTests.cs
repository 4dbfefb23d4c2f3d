using System.Diagnostics;
using System.Globalization;
using Trading.Testing;

namespace Trading.Journal.Tests;

/// <summary>A process that appends under load is killed again and again over one store. What it saw confirmed must be there.</summary>
public abstract class CrashTests
{
    protected const int Kills = 20;
    static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(2);
    readonly Random _random = new(20260105);
    readonly Dictionary<string, long> _confirmed = [];

    protected async Task ShouldSurviveKillsAsync(Func<EventJournal> open, params string[] workerArguments)
    {
        for (var kill = 0; kill < Kills; kill++)
        {
            await RunWorkerAsync(worker => worker.Kill(), workerArguments);
            await ShouldHoldWhatWasConfirmedAsync(open());
        }
    }

    /// <summary>Lets a worker append until some hundred appends were confirmed, strikes, and notes everything that came through the pipe.</summary>
    protected async Task RunWorkerAsync(Action<Process> strike, params string[] arguments)
    {
        using var worker = Process.Start(new ProcessStartInfo("dotnet", [WorkerProgram, .. arguments])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var errors = worker.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(RunLimit);
        using var end = limit.Token.Register(worker.Kill);
        var strikeAfter = _random.Next(1, 400);
        var confirmed = 0;
        while (await worker.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            var fields = line.Split(' '); // whole: so short a write to a pipe is not torn
            _confirmed[fields[0]] = long.Parse(fields[1], CultureInfo.InvariantCulture);
            if (++confirmed == strikeAfter) strike(worker);
        }

        await worker.WaitForExitAsync(limit.Token);
        confirmed.ShouldBeGreaterThanOrEqualTo(strikeAfter, await errors);
    }

    protected async Task ShouldHoldWhatWasConfirmedAsync(EventJournal journal)
    {
        await using (journal)
        {
            (await journal.VerifyAsync(null, CancellationToken.None)).Defects.ShouldBeEmpty();
            foreach (var (stream, sequence) in _confirmed)
                (await journal.OpenAsync(stream, CancellationToken.None)).LastSequence.ShouldBeGreaterThanOrEqualTo(sequence);
        }
    }

    static string WorkerProgram => Path.Combine(AppContext.BaseDirectory, "Trading.Journal.Worker.dll");
}

public sealed class SqliteCrashTests : CrashTests, IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("trading-crash-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task KilledWriters_LoseNothingConfirmed()
    {
        var file = Path.Combine(_folder, "journal.db");
        await ShouldSurviveKillsAsync(() => EventJournal.Sqlite(file, TimeProvider.System), "sqlite", file);
    }
}

public sealed class PostgresCrashTests(PostgresFixture postgres) : CrashTests, IClassFixture<PostgresFixture>
{
    const int ServerStops = 3;

    [PostgresFact]
    public async Task KilledWriters_LoseNothingConfirmed()
    {
        var database = postgres.Server.CreateDatabase();
        await ShouldSurviveKillsAsync(() => EventJournal.Postgres(database, TimeProvider.System), "postgres", database);
    }

    [PostgresFact]
    public async Task AServerStoppedAtOnce_LosesNothingConfirmed()
    {
        var database = postgres.Server.CreateDatabase();
        for (var stop = 0; stop < ServerStops; stop++)
        {
            await RunWorkerAsync(_ => postgres.Server.StopAtOnce(), "postgres", database);
            postgres.Server.StartAgain();
            await ShouldHoldWhatWasConfirmedAsync(EventJournal.Postgres(database, TimeProvider.System));
        }
    }
}
