using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Bodies of bars of any size: read, judged, or handed on. What is held at any moment is bounded.</summary>
public sealed class StreamIntake(IBarStore store, IOptions<IntakeOptions> options, IOptions<SourceChainOptions> chain)
{
    readonly AssetClasses _classes = chain.Value.Classes();

    /// <summary>Judges every bar as if it were the first time that its series is seen, with the corporate actions that
    /// are known; nothing is stored.</summary>
    public Task<ValidationReport> ValidateAsync(Stream input, IntakeRequest request, CancellationToken cancellation) =>
        BarInspection.RunAsync(
        new IntakeRows(input, request.Symbol), request.Interval, _classes,
        symbol => store.ActionsAsync(symbol, null, cancellation), cancellation);

    /// <summary>Hands the bars on in batches of one symbol.</summary>
    /// <param name="hand">Deals with a batch.</param>
    /// <param name="explain">Says in words why it failed.</param>
    public async Task<IngestReport> IngestAsync(
        Stream input,
        IntakeRequest request,
        Func<string, ImmutableArray<Bar>, Task<IngestReceipt>> hand,
        Func<string, Exception, string> explain,
        CancellationToken cancellation)
    {
        var rows = new IntakeRows(input, request.Symbol, stopAtFault: !request.SkipBadRows);
        await using var pipeline = new IngestPipeline(
            hand, explain, options.Value.BatchSize, options.Value.ParallelWorkers);
        return await pipeline.RunAsync(rows, request, cancellation);
    }
}
