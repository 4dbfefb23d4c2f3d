using MathNet.Numerics;
using Normal = MathNet.Numerics.Distributions.Normal;

namespace Trading.Quant;

public enum TrafficLightZone
{
    /// <summary>So many exceptions or fewer come with a probability below 95 % under a right model.</summary>
    Green,

    /// <summary>Below 99.99 %.</summary>
    Yellow,

    /// <summary>99.99 % or more.</summary>
    Red,
}

/// <summary>Where an addition to the capital multiplier comes from.</summary>
public enum PlusFactorSource
{
    /// <summary>Basel's table, for 250 observations at 99 %.</summary>
    BaselTable,

    /// <summary>The rule behind the table, for other numbers of observations and confidences: in the yellow zone what a multiplier of 3
    /// must grow by so that, were losses normal, it covered the confidence at the observed rate: 3 (z(c) / z(1 - x/n) - 1), held
    /// within 0 and 1; 0 in the green zone, 1 in the red one. No regulation: the table itself is this rule rounded.</summary>
    NormalRule,
}

/// <summary>The supervisory traffic light: one-sided, so that a model is never blamed for too few exceptions.</summary>
/// <param name="AtMost">The probability of so many exceptions or fewer under a right model; it decides the zone.</param>
/// <param name="AtLeast">The probability of so many or more: the p-value against too many.</param>
/// <param name="PlusFactor">The addition to the capital multiplier of 3.</param>
/// <remarks>Basel Committee, "Supervisory framework for the use of backtesting" (bcbs22), 1996.</remarks>
public sealed record TrafficLight(
    TrafficLightZone Zone, double AtMost, double AtLeast, double PlusFactor, PlusFactorSource PlusFactorSource,
    int Observations, int Exceptions, double Confidence)
{
    const double YellowFrom = 0.95, RedFrom = 0.9999;
    static ReadOnlySpan<double> BaselTable => [0, 0, 0, 0, 0, 0.40, 0.50, 0.65, 0.75, 0.85, 1.00];

    /// <exception cref="ArgumentException">No observations, exceptions outside 0 to observations, or a confidence that is not strictly
    /// between 0 and 1.</exception>
    public static TrafficLight Of(int observations, int exceptions, double confidence)
    {
        Kupiec.RequireCounts(observations, exceptions, confidence);
        var rate = 1 - confidence;
        // A binomial tail is an incomplete beta function: relative precision in both tails, and no sum of thousands of terms.
        var atMost = exceptions == observations ? 1 : SpecialFunctions.BetaRegularized(observations - exceptions, exceptions + 1.0, confidence);
        var atLeast = exceptions == 0 ? 1 : SpecialFunctions.BetaRegularized(exceptions, observations - exceptions + 1.0, rate);
        var zone = atMost < YellowFrom ? TrafficLightZone.Green : atMost < RedFrom ? TrafficLightZone.Yellow : TrafficLightZone.Red;
        var source = observations == 250 && confidence == 0.99 ? PlusFactorSource.BaselTable : PlusFactorSource.NormalRule;
        var factor = source == PlusFactorSource.BaselTable
            ? BaselTable[Math.Min(exceptions, BaselTable.Length - 1)]
            : zone switch
            {
                TrafficLightZone.Green => 0,
                TrafficLightZone.Yellow => NormalRule(confidence, 1 - (double)exceptions / observations),
                _ => 1,
            };
        return new(zone, atMost, atLeast, factor, source, observations, exceptions, confidence);
    }

    static double NormalRule(double confidence, double observed) => observed <= 0.5
        ? 1
        : Math.Clamp(3 * (Normal.InvCDF(0, 1, confidence) / Normal.InvCDF(0, 1, observed) - 1), 0, 1);
}
