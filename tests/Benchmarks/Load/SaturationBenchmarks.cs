using System.Globalization;
using Trading.Benchmarks.Http;
using Trading.Journal;

namespace Trading.Benchmarks.Load;

/// <summary>Decisions at saturation beside what they are made of: a bare web server that echoes one, and the journal alone. Whoever does
/// both after each other for each request, and nothing else, does 1 / (1/echo + 1/journal) of them a second. Rounds in turn.</summary>
/// <remarks><c>-- saturation [rounds] [connections]</c>.</remarks>
static class SaturationBenchmarks
{
    const int RowsOfARound = 400;
    static readonly TimeSpan Round = TimeSpan.FromSeconds(4);

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var numbers = arguments.Select(text => int.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (rounds, connections) = (numbers is [var first, ..] ? first : 5, numbers is [_, var second, ..] ? second : 256);
        var folder = Directory.CreateTempSubdirectory("trading-saturation-").FullName;
        using var echo = ServerProcess.Echo();
        using var silo = ServerProcess.Silo(Directory.CreateDirectory(Path.Combine(folder, "silo")).FullName);
        await echo.WaitAsync();
        await silo.WaitAsync();
        byte[][] echoed = [.. Enumerable.Range(0, 256).Select(n => LoadGenerator.Post("/echo", HttpBenchmarks.Signal(n, "0.001"), ""))];
        var signals = HttpBenchmarks.Requests("0.001");
        List<(double Echo, double Journal, double Decisions)> results = [];
        for (var round = 0; round <= rounds; round++)
        {
            var echoes = await Wrk.RunAsync(echo.Port, connections, Round, echoed);
            var rows = await JournalAsync(folder, connections, round);
            var decisions = await Wrk.RunAsync(silo.Port, connections, Round, signals);
            if (round > 0) results.Add((echoes.RequestsPerSecond, rows, decisions.RequestsPerSecond)); // the first warms up
        }

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"\n{rounds} rounds, {connections} connections\n"));
        await output.WriteLineAsync("| echo a second | journal, rows a second | their limit | decisions a second | of the limit |\n| ---: | ---: | ---: | ---: | ---: |");
        double[] shares = [.. results.Select(result => result.Decisions / Limit(result)).Order()];
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"| {Median(result => result.Echo):N0} | {Median(result => result.Journal):N0} | {Median(Limit):N0} | {Median(result => result.Decisions):N0} | {shares[rounds / 2]:P0} ({shares[0]:P0} to {shares[^1]:P0}) |"));
        Directory.Delete(folder, recursive: true);

        double Median(Func<(double Echo, double Journal, double Decisions), double> of) => results.Select(of).Order().ElementAt(rounds / 2);
    }

    static double Limit((double Echo, double Journal, double Decisions) result) => 1 / (1 / result.Echo + 1 / result.Journal);

    /// <summary>As many callers as there are connections, each with one append at a time.</summary>
    static async Task<double> JournalAsync(string folder, int callers, int round)
    {
        var file = Path.Combine(folder, $"journal-{round}.db");
        await using var journal = EventJournal.Sqlite(file, TimeProvider.System);
        await journal.StartAsync(CancellationToken.None);
        return await JournalBenchmarks.AppendAsync(
            journal, new("callers", callers, 1, callers * RowsOfARound), "saturation", []);
    }
}
