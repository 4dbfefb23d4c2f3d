using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Files of bars, without a silo.</summary>
public sealed class FileIntake(IOptions<IntakeOptions> options, IOptions<SourceChainOptions> chain, TimeProvider clock)
{
    readonly AssetClasses _classes = chain.Value.Classes();

    /// <summary>What files are taken out of a folder.</summary>
    public static IReadOnlyList<string> Extensions { get; } = [".csv", ".ndjson", ".jsonl", ".json", ".zip"];

    public int Workers => options.Value.ParallelWorkers;

    DateOnly Today => DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);

    /// <summary>What a file is worth, with the corporate actions that lie beside it (<see cref="ActionFile"/>);
    /// nothing is stored.</summary>
    /// <param name="otherwise">The interval where the file's name tells none.</param>
    /// <param name="progress">Takes the bytes read so far.</param>
    /// <exception cref="MarketDataFormatException">It holds wide closes that break a rule; all are listed.</exception>
    public async Task<ValidationReport> ValidateAsync(
        string path, BarInterval otherwise, IProgress<long> progress, CancellationToken cancellation)
    {
        var actions = ActionFile.In(Path.GetDirectoryName(Path.GetFullPath(path))!);
        using var file = await DataFile.OpenAsync(path, otherwise, Today, cancellation);
        return await BarInspection.RunAsync(
            new RowsWithProgress(file, progress), file.Interval, _classes,
            symbol => Task.FromResult(actions.GetValueOrDefault(symbol, [])), cancellation);
    }

    /// <summary>Opens a store for imports.</summary>
    public FileImport Into(IBarStore store) => new(new(store, _classes, clock), options.Value, _classes, clock);

    /// <summary>Stores the corporate actions of a folder, so that the bars which are imported after them are judged by
    /// them.</summary>
    /// <returns>How many there are.</returns>
    /// <exception cref="MarketDataFormatException">The file breaks a rule; all are listed, and nothing is
    /// stored.</exception>
    public async Task<int> LearnActionsAsync(IBarStore store, string folder, CancellationToken cancellation)
    {
        var actions = ActionFile.In(folder);
        foreach (var (symbol, known) in actions)
            await store.AppendActionsAsync(symbol, known, clock.GetUtcNow(), cancellation);
        return actions.Sum(symbol => symbol.Value.Length);
    }
}

/// <summary>Imports of files into one store; several may run at once.</summary>
public sealed class FileImport
{
    readonly BarSeriesCache _cache;
    readonly IntakeOptions _options;
    readonly AssetClasses _classes;
    readonly TimeProvider _clock;

    internal FileImport(BarSeriesCache cache, IntakeOptions options, AssetClasses classes, TimeProvider clock) =>
        (_cache, _options, _classes, _clock) = (cache, options, classes, clock);

    DateOnly Today => DateOnly.FromDateTime(_clock.GetUtcNow().UtcDateTime);

    /// <summary>Stores the bars of a file through the rules of quality; rows that cannot be read are passed over and
    /// counted. Repeating it changes nothing.</summary>
    /// <param name="otherwise">The interval where the file's name tells none.</param>
    /// <param name="daily">Whether bars of less than a day are put together into daily ones too, each of a session of
    /// its market (<see cref="SessionDays"/>).</param>
    /// <param name="progress">Takes the bytes read so far.</param>
    /// <exception cref="MarketDataFormatException">It holds wide closes that break a rule; all are listed, and none is
    /// stored.</exception>
    public async Task<IngestReport> ImportAsync(
        string path, BarInterval otherwise, string source, bool daily, IProgress<long> progress,
        CancellationToken cancellation)
    {
        using var file = await DataFile.OpenAsync(path, otherwise, Today, cancellation);
        using var share = _cache.Open();
        var days = daily && file.Interval != BarInterval.OneDay ? new SessionsOfFile(_classes) : null;
        await using var pipeline = new IngestPipeline(
            (symbol, bars) =>
            {
                days?.Take(symbol, bars);
                return share.AddAsync(new(symbol, file.Interval), bars, source, cancellation);
            },
            (symbol, failure) => $"bars of {symbol} could not be stored: {failure.Message}", _options.BatchSize,
            workers: 1);
        var report = await pipeline.RunAsync(
            new RowsWithProgress(file, progress), new(file.Interval, null, source) { SkipBadRows = true },
            cancellation);
        if (days is null) return report;
        var receipt = IngestReceipt.None;
        foreach (var (symbol, bars) in days.Complete(_clock.GetUtcNow()))
            receipt += await share.AddAsync(new(symbol, BarInterval.OneDay), bars, source, cancellation);
        return report with { Days = receipt };
    }
}

/// <summary>The sessions of every symbol of one file.</summary>
sealed class SessionsOfFile(AssetClasses classes)
{
    readonly SortedDictionary<string, (DailyBars Builder, List<Bar> Finished)> _symbols = new(StringComparer.Ordinal);

    /// <param name="bars">In the order of the file.</param>
    public void Take(string symbol, IEnumerable<Bar> bars)
    {
        if (!_symbols.TryGetValue(symbol, out var days))
            _symbols[symbol] = days = (new(symbol, classes.Of(symbol)), []);
        foreach (var part in bars)
            if (days.Builder.TryAdd(part, out var finished) && finished is { } bar) days.Finished.Add(bar);
    }

    /// <summary>Every session that is over.</summary>
    public IEnumerable<(string Symbol, ImmutableArray<Bar> Bars)> Complete(DateTimeOffset now)
    {
        foreach (var (symbol, (builder, finished)) in _symbols)
        {
            if (builder.Complete(now) is { } last) finished.Add(last);
            yield return (symbol, [.. finished]);
        }
    }
}

/// <summary>Says how far a file was read.</summary>
sealed class RowsWithProgress(DataFile file, IProgress<long> progress) : IBarRows
{
    public async IAsyncEnumerable<ReadOnlyMemory<BarRow>> ReadAsync(
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var batch in file.Rows.ReadAsync(cancellation))
        {
            yield return batch;
            progress.Report(file.Position);
        }
    }

    public RowReport Report() => file.Rows.Report();
}
