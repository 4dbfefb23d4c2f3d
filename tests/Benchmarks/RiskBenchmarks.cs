using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Benchmarks;

/// <summary>Recalculation of the risk of a large book, and the mathematics behind it beside numpy's, in one run: medians in milliseconds.
/// numpy's lines are there where python3 has it.</summary>
static class RiskBenchmarks
{
    const int Positions = 500, Sessions = 1_000, CovarianceSessions = 252;

    /// <summary>The same operations on one thread, on random numbers of the same shape.</summary>
    const string Numpy = """
        import json, time, numpy as np
        rng = np.random.default_rng(1)
        r, w = rng.standard_normal((500, 1000)), rng.random(500)
        x = np.ascontiguousarray(r[:, :252].T)
        def tail():
            p = np.sort(w @ r)
            return -p[49], -(p[:25].mean())
        def shrunk():
            d = x - x.mean(0); n, k = d.shape; s = d.T @ d / n; m = np.trace(s) / k
            dist = ((s - m * np.eye(k)) ** 2).sum(); noise = ((d ** 2).sum(1) ** 2).sum() / n ** 2 - (s ** 2).sum() / n
            a = min(1, noise / dist); return (1 - a) * s + a * m * np.eye(k)
        def median(f):
            t = []
            for _ in range(31):
                b = time.perf_counter(); f(); t.append(time.perf_counter() - b)
            return 1e3 * sorted(t)[15]
        print(json.dumps({"version": np.__version__, "tail": median(tail), "shrunk": median(shrunk)}))
        """;

    public static async Task RunAsync(TextWriter output)
    {
        var histories = Histories();
        var desk = DeskOf(histories);
        var returns = histories.Values.Select(series => Returns(series, Sessions)).ToArray();
        var newest = returns.Select(series => series[^CovarianceSessions..]).ToArray();
        var weights = Enumerable.Repeat(1.0 / Positions, Positions).ToArray();
        var numpy = await NumpyAsync();

        await output.WriteLineAsync("| median of 31, in ms | here | numpy |\n| --- | --- | --- |");
        await RowAsync("recalculation of a book of 500 positions: what the turn takes", () => Recalculate(desk, histories), null);
        await RowAsync("the same with the forecast of a session", () => { Recalculate(desk, histories); _ = Scenarios.Of(desk)!.Sample; }, null);
        await RowAsync("historical VaR and ES, 500 × 1,000", () => Tail(returns, weights), numpy?.GetProperty("tail").GetDouble());
        await RowAsync("Ledoit–Wolf, 500 × 252", () => Covariance.LedoitWolf(newest), numpy?.GetProperty("shrunk").GetDouble());
        var input = RiskInput.Of(desk, histories, DateTimeOffset.UnixEpoch)!;
        await RowAsync("whole analysis of the book, by a worker", () => RiskAnalyses.Run(input), null, rounds: 3);
        await output.WriteLineAsync(numpy is { } found ? $"numpy {found.GetProperty("version").GetString()}" : "python3 has no numpy here.");

        async Task RowAsync(string name, Action work, double? theirs, int rounds = 31) =>
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Median(work, rounds):0.###} | {theirs:0.###} |"));
    }

    static void Recalculate(Desk desk, IReadOnlyDictionary<string, PriceSeries> histories)
    {
        desk.Apply(new Recalculated(DateTimeOffset.UnixEpoch));
        _ = desk.Measure();
        _ = RiskInput.Of(desk, histories, DateTimeOffset.UnixEpoch);
    }

    static TailEstimate Tail(double[][] returns, double[] weights)
    {
        var pnl = new double[Sessions];
        for (var i = 0; i < returns.Length; i++)
            ScenarioRisk.AddScaled(pnl, returns[i], weights[i]);
        return ScenarioRisk.Measure(pnl, 0.95, 0.975);
    }

    static Desk DeskOf(Dictionary<string, PriceSeries> histories)
    {
        var desk = new Desk(new Book("benchmark", 1), new PortfolioOptions());
        desk.Apply(new Opened(new("USD", 100_000_000m, false), DateTimeOffset.UnixEpoch));
        foreach (var (symbol, series) in histories)
        {
            desk.Apply(desk.Prices.Learn(symbol, new(SeriesStatus.Updated, series), DateTimeOffset.UnixEpoch)!);
            var fill = new Fill(symbol, null, null, symbol, Side.Buy, 1_000, 100, 0, External: true);
            desk.Apply(BookRules.Fill(desk.Book, fill, DateTimeOffset.UnixEpoch).Value!);
        }

        return desk;
    }

    static Dictionary<string, PriceSeries> Histories()
    {
        var random = new Random(20260105);
        ImmutableArray<DateOnly> dates = [.. Enumerable.Range(0, Sessions + 1).Select(day => new DateOnly(2020, 1, 1).AddDays(day))];
        return Enumerable.Range(0, Positions).Select(i =>
        {
            var close = 100.0;
            ImmutableArray<decimal> closes = [.. dates.Select(_ => Math.Round((decimal)(close *= 1 + 0.04 * (random.NextDouble() - 0.4999)), 4))];
            return new PriceSeries($"S{i:000}", $"Sector {i % 11}", dates, closes, new("benchmark", DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch), 1);
        }).ToDictionary(series => series.Symbol);
    }

    static double[] Returns(PriceSeries series, int count) =>
        [.. Enumerable.Range(series.Closes.Length - count, count).Select(i => (double)(series.Closes[i] / series.Closes[i - 1]) - 1)];

    static double Median(Action work, int rounds)
    {
        work();
        var times = new double[rounds];
        for (var i = 0; i < rounds; i++)
        {
            var started = Stopwatch.GetTimestamp();
            work();
            times[i] = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[rounds / 2];
    }

    /// <summary>Null where there is no python3, or it has no numpy.</summary>
    static async Task<JsonElement?> NumpyAsync()
    {
        var start = new ProcessStartInfo("python3", ["-c", Numpy]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var library in new[] { "OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS" })
            start.Environment[library] = "1";
        try
        {
            using var python = Process.Start(start)!;
            var answer = await python.StandardOutput.ReadToEndAsync();
            await python.WaitForExitAsync();
            return python.ExitCode == 0 ? JsonDocument.Parse(answer).RootElement : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
