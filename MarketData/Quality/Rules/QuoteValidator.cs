namespace Trading.MarketData;

/// <summary>The best bid and the best ask over one interval; null for a side that nobody quoted.</summary>
readonly record struct QuoteBar(DateTimeOffset Time, Bar? Bid, Bar? Ask);

/// <summary>Judges the quotes of one series: their form and time as of bars, and the two sides against each other.
/// Sizes are not judged. Never throws; not for several threads at once.</summary>
sealed class QuoteValidator(SeriesProfile profile)
{
    /// <summary>One side over the other at the open or the close, from which the one further away is a stub: a duty to
    /// quote, not a price.</summary>
    public const double StubRatio = 1.5;
    readonly BarTimeline _timeline = new(profile);

    public QualityCounts Counts { get; } = new();

    public long? Expected => _timeline.Expected;

    public BarVerdict Check(in QuoteBar quote)
    {
        var verdict = default(BarVerdict);
        if (quote.Bid is { } bid) verdict = BarChecks.Check(bid, verdict);
        if (quote.Ask is { } ask) verdict = BarChecks.Check(ask, verdict);
        verdict = BarChecks.Order(_timeline, quote.Time, verdict);
        if (verdict.Verdict == Verdict.Reject) return Counts.Take(quote.Time, verdict);
        _timeline.Advance(quote.Time.UtcTicks, ref verdict);
        Counts.Missing += _timeline.Missing;
        if (quote is { Bid: { } lower, Ask: { } upper }) Sides(lower, upper, ref verdict);
        return Counts.Take(quote.Time, verdict);
    }

    /// <summary>Says that no more quotes come before an instant, as <see cref="BarValidator.Finish"/> does.</summary>
    public BarVerdict Finish(DateTimeOffset until)
    {
        var missing = _timeline.ExpectedAfterLast(until.UtcTicks) ?? 0;
        return missing == 0
            ? default
            : Counts.Note(
                BarTimeline.At(_timeline.Last),
                default(BarVerdict).With(BarRule.DayCutOff, Verdict.Accept, missing, 0));
    }

    void Sides(in Bar bid, in Bar ask, ref BarVerdict verdict)
    {
        if (bid.Close > ask.Close)
            verdict = verdict.With(BarRule.CrossedQuote, Verdict.Quarantine, (double)bid.Close, (double)ask.Close);
        if (bid.Close == ask.Close) verdict = verdict.With(BarRule.LockedQuote, Verdict.Accept, double.NaN);
        var apart = Math.Max(Apart(bid.Open, ask.Open), Apart(bid.Close, ask.Close));
        if (apart > StubRatio) verdict = verdict.With(BarRule.StubQuote, Verdict.Quarantine, apart, StubRatio);
        var wick = Math.Max(
            1 - ((double)bid.Low / (double)Math.Min(bid.Open, bid.Close)),
            ((double)ask.High / (double)Math.Max(ask.Open, ask.Close)) - 1);
        if (wick > profile.Limits.DeepWick)
            verdict = verdict.With(BarRule.QuoteWick, Verdict.Quarantine, wick, profile.Limits.DeepWick);
    }

    static double Apart(decimal bid, decimal ask) => Math.Max((double)bid / (double)ask, (double)ask / (double)bid);
}
