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
    public FileImport Into(IBarStore store) => new(new(store, _classes, clock), options.Value, () => Today);

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
    readonly Func<DateOnly> _today;

    internal FileImport(BarSeriesCache cache, IntakeOptions options, Func<DateOnly> today) =>
        (_cache, _options, _today) = (cache, options, today);

    /// <summary>Stores the bars of a file through the rules of quality; rows that cannot be read are passed over and
    /// counted. Repeating it changes nothing.</summary>
    /// <param name="otherwise">The interval where the file's name tells none.</param>
    /// <param name="progress">Takes the bytes read so far.</param>
    /// <exception cref="MarketDataFormatException">It holds wide closes that break a rule; all are listed, and none is
    /// stored.</exception>
    public async Task<IngestReport> ImportAsync(
        string path, BarInterval otherwise, string source, IProgress<long> progress, CancellationToken cancellation)
    {
        using var file = await DataFile.OpenAsync(path, otherwise, _today(), cancellation);
        using var share = _cache.Open();
        await using var pipeline = new IngestPipeline(
            (symbol, bars) => share.AddAsync(new(symbol, file.Interval), bars, source, cancellation),
            (symbol, failure) => $"bars of {symbol} could not be stored: {failure.Message}", _options.BatchSize,
            workers: 1);
        return await pipeline.RunAsync(
            new RowsWithProgress(file, progress), new(file.Interval, null, source) { SkipBadRows = true },
            cancellation);
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
