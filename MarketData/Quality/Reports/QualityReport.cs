namespace Trading.MarketData;

/// <summary>Builds the report on a symbol from what its validator counted.</summary>
static class QualityReport
{
    /// <param name="asOf">The instant for which the last bar is current; null where no bar is known.</param>
    /// <param name="maxAge">The age up to which a price is fresh.</param>
    /// <param name="gate">Remembers the mode from report to report.</param>
    public static SymbolQuality Build(
        string symbol, BarValidator validator, DateTimeOffset now, DateTimeOffset? asOf, TimeSpan maxAge, QualityOptions options, ModeGate gate)
    {
        var tally = validator.Tally;
        double? age = asOf is { } instant ? Math.Max(0, (now - instant).TotalSeconds) : null;
        var scores = Scores(tally, validator.Expected, age, maxAge);
        var (asked, reasons) = SymbolModes.Ask(scores, tally.LastVerdict, options);
        var mode = gate.Take(asked);
        if (mode != asked) reasons = reasons.Add("waits for more good reports before it is better");
        return new(
            symbol, validator.Profile.Interval, mode, reasons, scores, tally.First, tally.Last, age,
            tally.Accepted, tally.Quarantined, tally.Rejected, tally.Counts(), tally.Latest());
    }

    /// <summary>The scores; each null where it cannot be known.</summary>
    /// <param name="expected">The bars that the calendar expects from the first to the last.</param>
    public static QualityScores Scores(QualityTally tally, long? expected, double? ageSeconds, TimeSpan maxAge)
    {
        var came = tally.Accepted + tally.Quarantined + tally.Rejected;
        return new(
            expected is > 0 ? Math.Clamp(1 - ((double)tally.Missing / expected.Value), 0, 1) : null,
            came > 0 ? (double)tally.Accepted / came : null,
            tally.Compared > 0 ? (double)tally.Agreed / tally.Compared : null,
            ageSeconds is { } age && maxAge > TimeSpan.Zero ? Math.Clamp(2 - (age / maxAge.TotalSeconds), 0, 1) : null);
    }
}
