namespace Trading.Backtests;

/// <summary>Holds every symbol at a size that keeps its volatility where it was asked to be.</summary>
sealed class VolatilityTarget(double target, double most, double band, double periods) : IStrategy
{
    const double Decay = 0.94;

    /// <summary>Returns before there is a volatility.</summary>
    const int LeastReturns = 20;

    double[] _variance = [], _weight = [];

    public static StrategyDefinition Definition { get; } = new(
        "volatility_target", "Holds every symbol at a size that keeps its volatility at a target.",
        [
            new("target", 0.1, 0.001, 2, false, "Volatility of a year that each symbol is held at."),
            new("most", 1, 0.01, 10, false, "The largest weight, over all symbols together."),
            new("band", 0.1, 0, 1, false, "By what part a weight must be off before it is changed."),
            new("periods", 252, 1, 600_000, true, "Bars of a year."),
        ],
        inputs => new VolatilityTarget(
            inputs.Number("target"), inputs.Number("most"), inputs.Number("band"), inputs.Number("periods")));

    public void Start(StrategyContext context) =>
        (_variance, _weight) = (new double[context.Count], new double[context.Count]);

    public void OnBars(StrategyContext context)
    {
        foreach (var series in context.Completed)
        {
            var closes = context.Closes(series);
            if (closes.Length < 2) continue;
            var change = closes[^1] / closes[^2] - 1;
            var weight = Math.Max(1 - Decay, 1.0 / (closes.Length - 1));
            _variance[series] += weight * (change * change - _variance[series]);
            if (closes.Length <= LeastReturns || _variance[series] == 0) continue;
            var wanted = Math.Min(most, target / Math.Sqrt(_variance[series] * periods)) / context.Count;
            if (Math.Abs(wanted - _weight[series]) <= band * _weight[series]) continue;
            _weight[series] = wanted;
            context.SetWeight(series, wanted);
        }
    }
}
