namespace Trading.Learning;

/// <summary>A probability that was given out of sample, and what came.</summary>
/// <param name="Session">At whose close it was given.</param>
/// <param name="Baseline">The share of rises in what it was learned from.</param>
/// <param name="Drift">The mean return of what it was learned from.</param>
public readonly record struct Forecast(
    int Fold, DateOnly Session, int Symbol, double Probability, double Baseline, double Drift, Label Label)
{
    /// <summary>The history that it is a part of, where a plan puts together several of them.</summary>
    public int Path { get; init; }

    public double LogLoss => Tuning.LogLoss(Probability, Label.Rise);
    public double BaselineLogLoss => Tuning.LogLoss(Baseline, Label.Rise);
}

/// <summary>What forecasts would have earned above the drift: a position in proportion to how far the probability lies
/// from the share of rises, on the return less its mean. A model that always says what usually happens earns
/// nothing.</summary>
public static class Strategy
{
    /// <summary>The distance of probability and share at which the position is whole.</summary>
    public const double WholePositionDistance = 0.05;

    public const int SessionsPerYear = 252;

    /// <param name="forecasts">Of one history: for a session and a symbol there is one.</param>
    /// <summary>The mean over symbols for each session, less the cost of what the position changes by. Of labels that
    /// look further than one session ahead every <paramref name="horizon"/>-th session is taken, so that no two
    /// overlap.</summary>
    public static double[] Returns(IEnumerable<Forecast> forecasts, int horizon, double costPerTurnover)
    {
        var positions = new Dictionary<int, double>();
        List<double> returns = [];
        var session = 0;
        foreach (var group in forecasts.GroupBy(forecast => forecast.Session).OrderBy(group => group.Key))
        {
            if (session++ % horizon != 0) continue;
            var (sum, count) = (0.0, 0);
            foreach (var forecast in group)
            {
                var position = Position(forecast);
                var change = Math.Abs(position - positions.GetValueOrDefault(forecast.Symbol));
                sum += position * (forecast.Label.Return - forecast.Drift) - costPerTurnover * change;
                positions[forecast.Symbol] = position;
                count++;
            }

            returns.Add(sum / count);
        }

        return [.. returns];
    }

    /// <summary>From -1 to 1.</summary>
    public static double Position(Forecast forecast) =>
        Math.Clamp((forecast.Probability - forecast.Baseline) / WholePositionDistance, -1, 1);
}
