using System.Diagnostics;
using System.Globalization;
using Trading.Backtests;
using Trading.MarketData;
using Trading.Testing;

namespace Trading.Benchmarks;

/// <summary>Bars a second of the moving-average cross with full costs, beside a loop of numpy and other engines on the same bars, and a
/// sweep of a thousand runs: <c>-- backtest [rounds]</c>. Rounds alternate, so that a slow hour is slow for all. The loop of numpy is
/// our own; the other engines are found where <c>PYTHONPATH</c> says that their source is, and are left out where they are not. Those that
/// take minutes are timed once, on the first bars of the long series.</summary>
static class BacktestBenchmarks
{
    const int Fast = 20, Slow = 100, Minutes = 1_000_000, MinutesOfSlowPeers = 50_000;

    public static void Run(string[] arguments)
    {
        var rounds = arguments is [var count, ..] ? int.Parse(count, CultureInfo.InvariantCulture) : 5;
        var stocks = Stocks();
        var minutes = OneSymbol(Minutes);
        using var folder = new TemporaryFolder();
        var files = (Daily: Path.Combine(folder.Path, "daily.csv"), Minutes: Path.Combine(folder.Path, "minutes.csv"));
        WriteCloses(files.Daily, stocks, int.MaxValue);
        WriteCloses(files.Minutes, minutes, int.MaxValue);
        var few = Path.Combine(folder.Path, "few.csv");
        WriteCloses(few, minutes, MinutesOfSlowPeers);
        foreach (var (name, history, file, part, bars) in new[]
        {
            ("30 symbols x 10 years daily", stocks, files.Daily, files.Daily, stocks.Bars),
            ("one symbol x 1,000,000 minutes", minutes, files.Minutes, few, MinutesOfSlowPeers),
        })
        {
            var (ours, peers) = (new List<double>(), new Dictionary<string, List<double>>());
            Time(history); // compiled and warm
            for (var round = 0; round < rounds; round++)
            {
                ours.Add(history.Bars / Time(history) / 1e6);
                foreach (var peer in Peers) peers.TryAdd(peer, []);
                foreach (var peer in Peers)
                    if (Peer(peer, file) is { } seconds) peers[peer].Add(history.Bars / seconds / 1e6);
            }

            foreach (var peer in SlowPeers)
                peers[peer] = Peer(peer, part) is { } seconds ? [bars / seconds / 1e6] : [];

            Console.WriteLine($"{name}: {history.Bars.ToString("N0", CultureInfo.InvariantCulture)} bars, medians of {rounds} rounds");
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  engine, full costs     {Median(ours),8:0.00} million bars/s ({Trades(history):N0} fills)"));
            foreach (var (peer, speeds) in peers)
                Console.WriteLine(speeds.Count == 0
                    ? $"  {peer,-22} does not run here"
                    : string.Create(CultureInfo.InvariantCulture, $"  {peer,-22} {Median(speeds),8:0.000} million bars/s, ours is {Median(ours) / Median(speeds):0.0} times as fast"));
        }

        Sweep("without a gate", stocks, null, rounds: Math.Min(3, rounds));
        Sweep("with the live gate", stocks, GateRules.Makes(Test), rounds: Math.Min(3, rounds));
    }

    static readonly string[] Peers = ["numpy loop", "pandas vector", "python events", "vectorbt"];
    static readonly string[] SlowPeers = ["backtesting.py", "backtrader"];

    static readonly BacktestSpec Test = new()
    {
        Strategies = [StrategySpec.Of("moving_average_cross", ("fast", Fast), ("slow", Slow))],
        Execution = new() { AssumedDailyVolume = 2_000_000 },
    };

    static double Time(MarketHistory history)
    {
        var simulation = BacktestRunner.Prepare(Test, history, StrategyCatalog.BuiltIn, new Recording());
        var began = Stopwatch.GetTimestamp();
        simulation.Run(null, CancellationToken.None);
        return Stopwatch.GetElapsedTime(began).TotalSeconds;
    }

    static long Trades(MarketHistory history)
    {
        var recording = new Recording();
        BacktestRunner.Prepare(Test, history, StrategyCatalog.BuiltIn, recording).Run(null, CancellationToken.None);
        return recording.FillCount;
    }

    static void Sweep(string name, MarketHistory stocks, Func<ITradeGate>? gates, int rounds)
    {
        var spec = new SweepSpec
        {
            Test = Test, Draws = 1_000,
            Ranges = System.Collections.Immutable.ImmutableSortedDictionary<string, ParameterRange>.Empty
                .Add("fast", new(2, 50, 1)).Add("slow", new(60, 250, 5)),
        };
        var (seconds, memory) = (new List<double>(), 0L);
        SweepReport? report = null;
        for (var round = 0; round < rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            report = SweepRunner.Run(spec, stocks, StrategyCatalog.BuiltIn, Environment.ProcessorCount, gates: gates);
            seconds.Add(Stopwatch.GetElapsedTime(began).TotalSeconds);
            memory = Environment.WorkingSet;
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"sweep of {report!.Trials:N0} runs over 30 stocks {name} on {Environment.ProcessorCount} cores: {Median(seconds):0.0} s, DSR {report.DeflatedSharpe:0.000}, PBO {report.Overfitting!.Probability:0.000}, resident {memory / 1e6:0} MB"));
    }

    static double? Peer(string name, string file)
    {
        using var process = Process.Start(new ProcessStartInfo(
            "/usr/bin/python3", [Path.Combine(RepositoryFiles.Root, "tests", "Benchmarks", "backtest_peers.py"), name, file, $"{Fast}", $"{Slow}"])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        process.WaitForExit();
        _ = errors.Result;
        return process.ExitCode == 0 ? double.Parse(output.Result, CultureInfo.InvariantCulture) : null;
    }

    static MarketHistory Stocks() => HistoryLoader.Load(
        new(), HistoryFiles.Read(Path.Combine(RepositoryFiles.Sample, "closes.csv"), null, new(2026, 1, 1)), AssetClasses.ByForm,
        HistoryFiles.Sectors(Path.Combine(RepositoryFiles.Sample, "closes.csv")));

    /// <summary>A random walk without weekends, as coins trade.</summary>
    static MarketHistory OneSymbol(int bars)
    {
        var (random, price, list) = (new Random(1), 30_000m, new List<Bar>(bars));
        var start = new DateTimeOffset(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (var i = 0; i < bars; i++)
        {
            var close = Math.Max(100m, price + random.Next(-2_000, 2_001) / 100m);
            list.Add(new(start.AddMinutes(i), price, Math.Max(price, close) + 1, Math.Min(price, close) - 1, close, random.Next(1, 500)));
            price = close;
        }

        return new([BarColumnsBuilder.Build("BTCUSDT", TimeSpan.FromMinutes(1), list, new() { AssetClass = AssetClass.Crypto })]);
    }

    static void WriteCloses(string file, MarketHistory history, int most)
    {
        using var writer = new StreamWriter(file);
        writer.WriteLine(string.Join(',', history.Series.Select(one => one.Symbol)));
        for (var bar = 0; bar < Math.Min(most, history.Series[0].Count); bar++)
            writer.WriteLine(string.Join(',', history.Series.Select(one => FixedPoint.ToDouble(one.Close[bar]).ToString("R", CultureInfo.InvariantCulture))));
    }

    static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
