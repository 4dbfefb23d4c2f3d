using System.Globalization;
using HdrHistogram;
using Trading.Benchmarks.Http;
using Trading.Testing;

namespace Trading.Benchmarks.Load;

/// <summary>A long day: decisions with fills and releases at a fixed rate, while reports, explanations, limit changes, price moves and
/// stresses go on; each minute the client starts anew. What must not be: an error, growth, a tail that drifts.</summary>
/// <remarks><c>-- soak [minutes] [rate]</c>.</remarks>
static class SoakBenchmarks
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1), WarmUp = TimeSpan.FromSeconds(15);

    sealed record Row(double Median, double Tail, ServerVitals Vitals, bool IsStill);

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var numbers = arguments.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (minutes, rate) = (numbers is [var first, ..] ? (int)first : 30, numbers is [_, var second, ..] ? second : 3_000);
        var folder = Directory.CreateTempSubdirectory("trading-soak-").FullName;
        var metrics = new Uri($"http://127.0.0.1:{Ports.Free()}/metrics");
        using var silo = ServerProcess.Silo(folder, $"monitoring:metrics_url={metrics.GetLeftPart(UriPartial.Authority)}");
        await silo.WaitAsync();
        new OpenLoop(silo.Port, new FillsAndReleases()).Run(rate, WarmUp);
        using var beat = new Heartbeat();
        using var company = new Company(silo);
        using var client = new HttpClient();
        await output.WriteLineAsync("| minute | requests a second | errors | p50 ms | p99 ms | max ms | stalls | resident MB | heap MB | full collections |");
        await output.WriteLineAsync("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        List<Row> rows = [];
        for (var minute = 1; minute <= minutes; minute++)
        {
            var (sum, achieved, errors) = Run(silo.Port, rate);
            var stalls = beat.Take().Length;
            var vitals = await ServerVitals.OfAsync(silo, client, metrics);
            double At(double percentile) => sum.GetValueAtPercentile(percentile) / 1_000.0;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {minute} | {achieved:N0} | {errors} | {At(50):0.00} | {At(99):0.00} | {At(100):0.0} | {stalls} | {vitals.Resident:0} | {vitals.Heap:0} | {vitals.FullCollections:0} |"));
            rows.Add(new(At(50), At(99), vitals, stalls == 0));
        }

        await output.WriteLineAsync($"\nMeanwhile: {company.Done}");
        await SummaryAsync(output, rows);
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A minute with connections of its own. An error ends it, and is counted with what was not answered.</summary>
    static (LongHistogram Latencies, double Achieved, string Errors) Run(int port, double rate)
    {
        try
        {
            var result = new OpenLoop(port, new FillsAndReleases()).Run(rate, Minute);
            var sum = (LongHistogram)result.Seconds[0].Copy();
            foreach (var second in result.Seconds[1..]) sum.Add(second);
            return (sum, result.Achieved, $"{result.Unanswered}");
        }
        catch (Exception error) when (error is InvalidDataException or IOException)
        {
            return (new LongHistogram(1, 2), 0, error.Message.ReplaceLineEndings(" "));
        }
    }

    /// <summary>The last third beside the middle one: before it the book and the caches fill.</summary>
    static async Task SummaryAsync(TextWriter output, List<Row> rows)
    {
        var third = Math.Max(1, rows.Count / 3);
        var (middle, last) = (rows.Skip(third).Take(third).ToArray(), rows.TakeLast(third).ToArray());
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"From the second third to the last: resident {Of(middle, row => row.Vitals.Resident):0} to {Of(last, row => row.Vitals.Resident):0} MB, "
            + $"heap {Of(middle, row => row.Vitals.Heap):0} to {Of(last, row => row.Vitals.Heap):0} MB, "
            + $"p50 {Of(middle, row => row.Median):0.00} to {Of(last, row => row.Median):0.00} ms, "
            + $"p99 {Of(middle, row => row.Tail):0.00} to {Of(last, row => row.Tail):0.00} ms; {rows.Count(row => row.IsStill)} of {rows.Count} minutes had no stall of the machine."));

        static double Of(Row[] some, Func<Row, double> figure) => some is [] ? double.NaN : some.Select(figure).Order().ElementAt(some.Length / 2);
    }
}
