using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Trading.Benchmarks.Http;

/// <summary>The load generator wrk, where it is installed: it takes a fifth of the processor time that <see cref="LoadGenerator"/> does, which
/// counts where it shares the cores with the server.</summary>
public static partial class Wrk
{
    public static bool IsInstalled { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    /// <summary>Closed-loop load by one thread of wrk; each connection takes the next of the requests in turn.</summary>
    public static async Task<LoadResult> RunAsync(int port, int connections, TimeSpan duration, byte[][] requests)
    {
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, Script(requests));
            var start = new ProcessStartInfo("wrk",
                ["-t1", $"-c{connections}", $"-d{(int)duration.TotalSeconds}s", "--latency", "-s", script, $"http://127.0.0.1:{port}"]) { RedirectStandardOutput = true };
            using var wrk = Process.Start(start)!;
            var output = await wrk.StandardOutput.ReadToEndAsync();
            await wrk.WaitForExitAsync();
            if (wrk.ExitCode != 0 || output.Contains("Non-2xx", StringComparison.Ordinal)) throw new InvalidDataException(output); // it would measure errors
            return new(Number(RequestRate().Match(output).Groups[1].Value), Milliseconds(output, "50%"), Milliseconds(output, "99%"));
        }
        finally
        {
            File.Delete(script);
        }
    }

    static string Script(byte[][] requests) =>
        $"local requests = {{{string.Join(',', requests.Select(Quoted))}}}\nlocal n = 0\nrequest = function() n = n + 1; return requests[n % #requests + 1] end\n";

    static string Quoted(byte[] request) =>
        '"' + Encoding.UTF8.GetString(request).Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\r", "\\r").Replace("\n", "\\n") + '"';

    static double Milliseconds(string output, string share)
    {
        var match = Regex.Match(output, $@"\s{share}\s+([0-9.]+)(us|ms|s)");
        return Number(match.Groups[1].Value) * match.Groups[2].Value switch { "us" => 0.001, "ms" => 1, _ => 1_000 };
    }

    static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"Requests/sec:\s+([0-9.]+)")]
    private static partial Regex RequestRate();
}
