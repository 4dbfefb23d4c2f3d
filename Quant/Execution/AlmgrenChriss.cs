namespace Trading.Quant;

/// <summary>The trading path that is cheapest for a given fear of risk (Almgren and Chriss 2000): impact asks for
/// patience, risk for haste.</summary>
public static class AlmgrenChriss
{
    /// <summary>Below this urgency the path is a straight line.</summary>
    const double Straight = 1e-6;

    /// <summary>Above it all is traded at once, as far as numbers tell.</summary>
    const double MostUrgency = 500;

    /// <summary>The part of the order that is still to be traded: sinh(κ(T - t)) / sinh(κT).</summary>
    /// <param name="progress">t / T, from 0 to 1.</param>
    /// <param name="urgency">κT, 0 or more.</param>
    /// <exception cref="ArgumentException">A number out of its range.</exception>
    public static double Remaining(double progress, double urgency)
    {
        if (!(progress is >= 0 and <= 1)) throw new ArgumentException($"Progress is from 0 to 1, not {progress}.",
            nameof(progress));
        if (!(urgency >= 0)) throw new ArgumentException($"Urgency is 0 or more, not {urgency}.", nameof(urgency));
        if (urgency < Straight) return 1 - progress;
        if (urgency > MostUrgency) return progress == 0 ? 1 : 0;
        return Math.Sinh(urgency * (1 - progress)) / Math.Sinh(urgency);
    }

    /// <summary>κT of a fear of risk: κ² = λσ² / η.</summary>
    /// <param name="riskAversion">λ: money paid for a unit of variance.</param>
    /// <param name="volatility">σ: standard deviation of the price over a unit of time, in money.</param>
    /// <param name="temporaryImpact">η: money that a unit costs more for each unit traded in a unit of time.</param>
    /// <param name="horizon">T.</param>
    /// <exception cref="ArgumentException">A number that is not positive.</exception>
    public static double Urgency(double riskAversion, double volatility, double temporaryImpact, double horizon)
    {
        TailSample.RequirePositive(riskAversion, nameof(riskAversion));
        TailSample.RequirePositive(volatility, nameof(volatility));
        TailSample.RequirePositive(temporaryImpact, nameof(temporaryImpact));
        TailSample.RequirePositive(horizon, nameof(horizon));
        return Require.Finite(Math.Sqrt(riskAversion / temporaryImpact) * volatility * horizon, nameof(horizon));
    }
}
