using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Trading.MarketData;

/// <summary>Hands what is brought to the grains of its symbols.</summary>
public sealed partial class BarIntake(IGrainFactory grains, StreamIntake intake, ILogger<BarIntake> log) : IBarIntake
{
    public Task<ValidationReport> ValidateAsync(Stream input, IntakeRequest request, CancellationToken cancellation) =>
        intake.ValidateAsync(input, request, cancellation);

    public Task<IngestReport> IngestAsync(Stream input, IntakeRequest request, CancellationToken cancellation) =>
        intake.IngestAsync(input, request, (symbol, bars) => HandAsync(symbol, request, bars), Explain, cancellation);

    async Task<IngestReceipt> HandAsync(string symbol, IntakeRequest request, ImmutableArray<Bar> bars)
    {
        var outcome = await grains.GetGrain<ISymbolDataGrain>(symbol)
            .IngestAsync(new(request.Source, request.Interval, bars));
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
