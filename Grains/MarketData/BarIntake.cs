using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Reads, judges or hands on; what is held at any moment is bounded, whatever the size of the input.</summary>
public sealed partial class BarIntake(
    IGrainFactory grains, IBarStore store, IOptions<IntakeOptions> options, IOptions<SourceChainOptions> chain, ILogger<BarIntake> log) : IBarIntake
{
    readonly SymbolClasses _classes = chain.Value.Classes();

    public Task<ValidationReport> ValidateAsync(Stream input, IntakeRequest request, CancellationToken cancellation) =>
        BarInspection.RunAsync(new IntakeRows(input, request.Symbol), request.Interval, _classes, symbol => store.ActionsAsync(symbol, null, cancellation), cancellation);

    public async Task<IngestReport> IngestAsync(Stream input, IntakeRequest request, CancellationToken cancellation)
    {
        var rows = new IntakeRows(input, request.Symbol, stopAtFault: !request.SkipBadRows);
        await using var lanes = new IngestLanes((symbol, bars) => HandAsync(symbol, request, bars), Explain, options.Value.BatchSize, options.Value.ParallelWorkers);
        return await lanes.RunAsync(rows, request, cancellation);
    }

    async Task<IngestReceipt> HandAsync(string symbol, IntakeRequest request, ImmutableArray<Bar> bars)
    {
        var outcome = await grains.GetGrain<ISymbolDataGrain>(symbol).IngestAsync(new(request.Source, request.Interval, bars));
        return outcome.Value ?? throw new InvalidOperationException(outcome.Errors[0].Message);
    }

    string Explain(string symbol, Exception failure)
    {
        LogFailure(failure, symbol);
        return $"bars of {symbol} could not be stored; the log has the reason";
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Bars of {Symbol} that were brought could not be stored.")]
    partial void LogFailure(Exception failure, string symbol);
}
