namespace Trading.Risk;

/// <summary>One rule that was held against an order.</summary>
/// <param name="Observed">The measure after the trade; NaN where it is unknown.</param>
/// <param name="Amount">The same where it is money or units, to the last digit; likewise <paramref name="Bound"/> of
/// the limit.</param>
readonly record struct Finding(
    RiskRule Rule, bool Passed, double Observed, double Limit, decimal? Amount, decimal? Bound)
{
    public bool IsKnown => !double.IsNaN(Observed);

    /// <summary>As decisions tell it; null where it is unknown, or beyond a decimal.</summary>
    public decimal? ReportedObserved => Amount ?? Reported(Observed);

    public decimal? ReportedLimit => Bound ?? Reported(Limit);

    /// <summary>A statistic as it is reported, to 15 digits; null where no decimal can hold it.</summary>
    public static decimal? Reported(double value) => Math.Abs(value) <= 1e27 ? (decimal)value : null;
}

/// <summary>The rules that were held against an order, in the order in which they are reported. Lives on the
/// stack.</summary>
ref struct Findings(Span<Finding> buffer)
{
    readonly Span<Finding> _buffer = buffer;
    int _count;

    public int Broken { get; private set; }

    public readonly ReadOnlySpan<Finding> All => _buffer[.._count];

    public void Clear() => _count = Broken = 0;

    public void Add(RiskRule rule, bool passed, double observed, double limit) =>
        Add(new Finding(rule, passed, observed, limit, null, null));

    public void Add(RiskRule rule, bool passed, decimal? amount, decimal? bound) =>
        Add(new Finding(rule, passed, (double?)amount ?? double.NaN, (double?)bound ?? double.NaN, amount, bound));

    void Add(in Finding finding)
    {
        _buffer[_count++] = finding;
        if (!finding.Passed) Broken++;
    }
}
