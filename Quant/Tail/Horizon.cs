namespace Trading.Quant;

/// <summary>How a measure came to cover more than one period of its series.</summary>
public enum HorizonRule
{
    /// <summary>It covers one.</summary>
    OnePeriod,

    /// <summary>One period's numbers times √periods: exact only for independent returns with a stable law of mean zero.</summary>
    SquareRootOfTime,

    /// <summary>Measured on the sums of every run of that many periods: for log returns and for profits and losses. The runs
    /// overlap, so there is much less in the sample than its count says.</summary>
    OverlappingSums,

    /// <summary>The same, compounded: for simple returns.</summary>
    OverlappingCompounds,
}

/// <summary>The time that a measure looks ahead, in periods of its series, and the rule that it got there by.</summary>
public readonly record struct Horizon(int Periods, HorizonRule Rule)
{
    public static Horizon OnePeriod { get; } = new(1, HorizonRule.OnePeriod);

    /// <summary>Value at risk and shortfall times √periods.</summary>
    /// <exception cref="ArgumentException">Fewer than 1 period, or a measure that has a longer horizon already.</exception>
    public static TailMeasure SquareRootOfTime(TailMeasure measure, int periods)
    {
        RequirePeriods(periods, int.MaxValue);
        if (measure.Horizon != OnePeriod)
            throw new ArgumentException($"Only a measure of one period is scaled; this has {measure.Horizon}.", nameof(measure));
        var factor = Math.Sqrt(periods);
        return TailMeasure.From(
            new(measure.ValueAtRisk * factor, measure.ExpectedShortfall * factor),
            measure.Confidence, measure.SampleCount, measure.Method, measure.Convention)
            with { Fallback = measure.Fallback, Horizon = new(periods, HorizonRule.SquareRootOfTime) };
    }

    /// <summary>The measure of the returns over every run of periods.</summary>
    /// <param name="returns">Oldest first.</param>
    /// <param name="rule">One of the overlapping rules.</param>
    /// <param name="measure">Any measure of one series.</param>
    /// <exception cref="ArgumentException">Another rule, fewer than 1 or more periods than returns; also what the measure
    /// refuses.</exception>
    public static TailMeasure Overlapping(
        ReadOnlySpan<double> returns, int periods, HorizonRule rule, Func<double[], TailMeasure> measure)
    {
        RequirePeriods(periods, returns.Length);
        var compound = rule switch
        {
            HorizonRule.OverlappingSums => false,
            HorizonRule.OverlappingCompounds => true,
            _ => throw new ArgumentException($"{rule} is no overlapping rule.", nameof(rule)),
        };
        var runs = new double[returns.Length - periods + 1];
        for (var i = 0; i < runs.Length; i++)
            runs[i] = compound ? Compound(returns.Slice(i, periods)) : Sum(returns.Slice(i, periods));
        return measure(runs) with { Horizon = new(periods, rule) };
    }

    static double Compound(ReadOnlySpan<double> returns)
    {
        var growth = 1.0;
        foreach (var value in returns)
            growth *= 1 + value;
        return growth - 1;
    }

    static double Sum(ReadOnlySpan<double> returns)
    {
        var sum = 0.0;
        foreach (var value in returns)
            sum += value;
        return sum;
    }

    static void RequirePeriods(int periods, int most)
    {
        if (periods < 1 || periods > most)
            throw new ArgumentException($"A horizon is 1 to {most} periods; {periods} is not.", nameof(periods));
    }
}
