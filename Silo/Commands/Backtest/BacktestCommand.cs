using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using System.Text;
using Spectre.Console;
using Trading.Backtests;
using Trading.MarketData;
using Trading.Models;

namespace Trading.Commands;

/// <summary><c>trading backtest</c>: tests strategies on files of bars; no silo runs.</summary>
static class BacktestCommand
{
    /// <summary>What the bundled sample, which tells no volumes, is taken to trade on a day.</summary>
    const double SampleVolume = 2_000_000;

    static readonly Option<FileSystemInfo> Data = new("--data")
    {
        Description = "A file of bars or a folder of them, as `data import` takes them (actions.csv beside them holds splits and dividends).",
        DefaultValueFactory = _ => new FileInfo(Path.Combine("data", "sample", "closes.csv")),
    };

    static readonly Option<DirectoryInfo?> Factors = new("--factors") { Description = "A folder of factor files that tell splits and dividends." };
    static readonly Option<FileInfo?> Spec = new("--spec") { Description = "The whole test as JSON; the other options win over it." };
    static readonly Option<string[]> Strategy = new("--strategy")
    {
        Description = $"One of {string.Join(", ", StrategyCatalog.BuiltIn.All.Select(one => one.Name))}; several share the cash.",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string[]> Parameter = new("--parameter")
    {
        Description = "A parameter of the strategy, as in fast=20; with several strategies as in moving_average_cross.fast=20.",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<string[]> Symbols = new("--symbols") { Description = "The symbols; all of the data where none is named.", AllowMultipleArgumentsPerToken = true };
    static readonly Option<string?> Interval = new("--interval") { Description = "The length of the bars: 1m, 5m, 15m, 1h, 1d." };
    static readonly Option<DateOnly?> From = new("--from") { Description = "The first day." };
    static readonly Option<DateOnly?> To = new("--to") { Description = "The last day, included." };
    static readonly Option<decimal?> Cash = new("--cash") { Description = "What it starts with." };
    static readonly Option<string?> Benchmark = new("--benchmark") { Description = "The symbol that it is held against; else an equal part of each." };
    static readonly Option<double?> Volume = new("--assume-volume") { Description = "Units traded a day where the bars do not say." };
    static readonly Option<bool> ZeroCost = new("--zero-cost") { Description = "Nothing costs anything, and every order is filled at once." };
    static readonly Option<FileInfo?> Report = new("--report") { Description = "Write the report to this page." };
    static readonly Option<FileInfo?> Json = new("--json") { Description = "Write the whole result to this file." };
    static readonly Option<bool> Prove = new("--prove-no-lookahead")
    {
        Description = "Replace the future by noise after one moment after another, and compare all decisions up to each, byte by byte. Exit code 1 where one differs.",
    };

    static readonly Option<DirectoryInfo?> Plugins = new("--plugins") { Description = "A folder of libraries that bring strategies of your own (samples/ExampleStrategy)." };
    static readonly Option<int> Cuts = new("--cuts") { Description = "Moments of that proof.", DefaultValueFactory = _ => 12 };

    static readonly Option<GateKind?> Gate = new("--gate")
    {
        Description = "live: orders pass the pre-trade check of a live book, as they do where nothing is said; none: every order goes to the market.",
    };

    static readonly Option<FileInfo?> Limits = new("--limits")
    {
        Description = "Limits of that check as JSON, in place of those that a new book starts with: {\"max_position_weight\": 0.5, \"max_drawdown\": null}.",
    };

    static readonly Option<string[]> Grid = new("--grid")
    {
        Description = "Tries all values of a parameter of the first strategy, as in fast=5:50:5 (from, to, step); several make all combinations.",
        AllowMultipleArgumentsPerToken = true,
    };

    static readonly Option<int?> Draws = new("--draws") { Description = "So many combinations by chance instead of all." };
    static readonly Option<string?> Walk = new("--walk-forward") { Description = "Chooses on a window and judges on the next, as in 730:182 days." };
    static readonly Option<int> Workers = new("--workers") { Description = "Cores that a sweep takes.", DefaultValueFactory = _ => Environment.ProcessorCount };

    public static Command Create()
    {
        var command = new Command("backtest", "What strategies would have earned on past bars, with costs, liquidity and delay.")
        {
            Data, Factors, Spec, Strategy, Parameter, Symbols, Interval, From, To, Cash, Benchmark, Volume, ZeroCost, Report, Json, Prove, Cuts,
            Grid, Draws, Walk, Workers, Plugins, Gate, Limits,
        };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => RunAsync(parsed, cancellation)));
        return command;
    }

    static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var catalog = parsed.GetValue(Plugins) is { } plugins ? StrategyPlugins.Load(plugins.FullName) : StrategyCatalog.BuiltIn;
        var spec = BacktestArguments.Spec(
            parsed.GetValue(Spec) is { } file ? BacktestJson.ReadSpec(await File.ReadAllBytesAsync(file.FullName, cancellation)) : new(),
            Chosen(parsed));
        var limits = parsed.GetValue(Limits) is { } named ? await File.ReadAllTextAsync(named.FullName, cancellation) : null;
        spec = BacktestArguments.Held(spec, parsed.GetValue(Gate), limits);
        ImmutableArray<FieldError> errors = [.. BacktestRules.Check(spec, catalog), .. GateRules.Check(spec.Gate!)];
        if (!errors.IsEmpty) throw new BacktestRefusedException(errors);
        var files = HistoryFiles.Read(
            parsed.GetValue(Data)!.FullName, parsed.GetValue(Factors)?.FullName,
            DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime));
        var history = HistoryLoader.Load(spec, files, AssetClasses.ByForm, HistoryFiles.Sectors(parsed.GetValue(Data)!.FullName));
        var predictions = await PredictedAsync(spec, history, catalog, cancellation);
        SweepReport? sweep = null;
        if (parsed.GetValue(Grid) is { Length: > 0 } grid)
        {
            sweep = await SweepAsync(SweepArguments.Spec(spec, grid, parsed.GetValue(Draws), parsed.GetValue(Walk)), history, catalog, predictions, parsed.GetValue(Workers), cancellation);
            if (sweep.Best.IsEmpty) return Failure.Failed;
            spec = spec with { Strategies = spec.Strategies.SetItem(0, spec.Strategies[0] with { Parameters = sweep.Best[0].Parameters }) };
        }

        if (parsed.GetValue(Prove)) return await ProveAsync(spec, history, catalog, parsed.GetValue(Cuts), cancellation);
        var result = await ProgressLine.ShowAsync("bars", progress => BacktestRunner.RunAsync(
            spec, history, catalog, TimeProvider.System, predictions, gate: GateRules.Make(spec), progress: progress, cancellation: cancellation));
        if (sweep is not null) SweepTable.Write(AnsiConsole.Console, sweep, result.Performance.PeriodsPerYear);
        if (sweep is not null) result = result.OfSweep(sweep);
        BacktestTable.Write(AnsiConsole.Console, result);
        if (parsed.GetValue(Json) is { } json) await WriteAsync(json, BacktestJson.Write(result), cancellation);
        if (parsed.GetValue(Report) is { } page)
            await WriteAsync(page, Encoding.UTF8.GetBytes(HtmlReport.Of(result, history, sweep)), cancellation);
        return 0;
    }

    /// <summary>What models say that are trained walk-forward on these bars; null where no strategy asks.</summary>
    static async Task<IReadOnlyDictionary<string, ImmutableArray<Prediction>>?> PredictedAsync(
        BacktestSpec spec, MarketHistory history, StrategyCatalog catalog, CancellationToken cancellation) =>
        spec.Strategies.Any(strategy => catalog.Find(strategy.Name)!.NeedsPredictions)
            ? await ProgressLine.ShowAsync("models", progress => Task.Run(() => Trained(history, progress, cancellation), cancellation))
            : null;

    static IReadOnlyDictionary<string, ImmutableArray<Prediction>> Trained(
        MarketHistory history, IProgress<double>? progress, CancellationToken cancellation)
    {
        var options = new ModelOptions { Methods = ["logistic"] };
        return WalkForwardPredictions.Train(history, options, ModelTrainers.Of(options).Usable, progress, cancellation);
    }

    static Task<SweepReport> SweepAsync(
        SweepSpec spec, MarketHistory history, StrategyCatalog catalog, IReadOnlyDictionary<string, ImmutableArray<Prediction>>? predictions,
        int workers, CancellationToken cancellation) =>
        ProgressLine.ShowAsync("trials", progress => Task.Run(
            () => SweepRunner.Run(spec, history, catalog, Math.Clamp(workers, 1, 256), progress, GateRules.Makes(spec.Test), predictions, cancellation), cancellation));

    static BacktestChoice Chosen(ParseResult parsed) => new(
        parsed.GetValue(Strategy) ?? [], parsed.GetValue(Parameter) ?? [], parsed.GetValue(Symbols) ?? [], parsed.GetValue(Interval),
        parsed.GetValue(From), parsed.GetValue(To), parsed.GetValue(Cash), parsed.GetValue(Benchmark),
        parsed.GetValue(Volume) ?? (parsed.GetResult(Data) is { Implicit: false } || parsed.GetValue(Spec) is not null ? null : SampleVolume),
        parsed.GetValue(ZeroCost));

    static async Task<int> ProveAsync(BacktestSpec spec, MarketHistory history, StrategyCatalog catalog, int cuts, CancellationToken cancellation)
    {
        var proof = await ProgressLine.ShowAsync("moments", progress => Task.Run(
            () => LookAheadProof.Of(
                spec, history, catalog, Math.Clamp(cuts, 1, 1_000), progress,
                spec.Strategies.Any(strategy => catalog.Find(strategy.Name)!.NeedsPredictions) ? other => Trained(other, null, cancellation) : null,
                GateRules.Make(spec), cancellation), cancellation));
        foreach (var cut in proof.Cuts)
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{cut.At:yyyy-MM-dd HH:mm}  {cut.Decisions,9:N0} decisions  {(cut.AreSame ? "the same" : "DIFFERENT")}"));
        Console.WriteLine(proof.Holds
            ? "Noise in the future changed no decision before it."
            : "Decisions changed with a future that was not known yet: this test looks ahead.");
        return proof.Holds ? 0 : Failure.Failed;
    }

    static async Task WriteAsync(FileInfo file, byte[] content, CancellationToken cancellation)
    {
        await File.WriteAllBytesAsync(file.FullName, content, cancellation);
        Console.WriteLine($"{file.FullName}: {content.Length / 1024.0:0} KB");
    }
}
