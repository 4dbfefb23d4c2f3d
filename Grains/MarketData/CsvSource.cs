namespace Trading.MarketData;

/// <summary>The whole file at once; it never changes. Prices are as old as the file: current as of 21:00 UTC, New York's close by
/// standard time, on the day of the last session, or of the reading where that was earlier.</summary>
public sealed class CsvSource : IMarketDataSource
{
    static readonly TimeOnly Close = new(21, 0);
    readonly PriceHistory _history;
    readonly SessionCalendar _calendar;
    readonly Provenance _provenance;
    readonly IReadOnlyDictionary<string, InstrumentTerms>? _terms;

    /// <param name="terms">How instruments trade, by ticker; null where nothing is known of them.</param>
    public CsvSource(PriceHistory history, TimeProvider clock, IReadOnlyDictionary<string, InstrumentTerms>? terms = null)
    {
        _terms = terms;
        var now = clock.GetUtcNow();
        var close = new DateTimeOffset(history.Sessions[^1], Close, TimeSpan.Zero);
        _history = history;
        _calendar = history.Calendar(history.Sessions.Length);
        _provenance = new(Name, close < now ? close : now, now);
    }

    public string Name => "csv";

    /// <summary>The version is the number of sessions in the file.</summary>
    public ValueTask<SourceAnswer> FetchAsync(string symbol, long newerThan, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (!_history.Symbols.TryGetValue(symbol, out var known)) return new(SourceAnswer.Unknown);
        if (_calendar.Sessions.Length <= newerThan) return new(SourceAnswer.Unchanged);
        return new(SourceAnswer.Updated(known.Until(_calendar, _provenance) with { Terms = _terms?.GetValueOrDefault(symbol) }, _calendar));
    }
}
