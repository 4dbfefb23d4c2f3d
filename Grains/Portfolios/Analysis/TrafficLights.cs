using System.Collections.Immutable;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What follows from how a book's forecasts held: the supervisory traffic light over the newest comparable
/// ones at 99 %, and the limit that it leaves.</summary>
public static class TrafficLights
{
    /// <summary>Forecasts that the light looks back over: the supervisors' year.</summary>
    public const int Window = 250;

    public const double Confidence = 0.99;

    const double YellowBest = 0.90, YellowWorst = 0.75, RedMultiplier = 0.50;

    /// <summary>Basel's additions at the ends of the yellow zone, 5 and 9 exceptions of 250.</summary>
    const double LeastPlus = 0.40, MostPlus = 0.85;

    /// <summary>Of a book without forecasts.</summary>
    public static ForecastStanding Off { get; } = new(null, 1, false, Confidence, 0, 0);

    /// <param name="least">Observations below which the light is off.</param>
    public static ForecastStanding Of(int observations, int exceptions, int least)
    {
        if (observations < least) return Off with { Observations = observations, Exceptions = exceptions };
        var light = TrafficLight.Of(observations, exceptions, Confidence);
        return light.Zone switch
        {
            TrafficLightZone.Green => new(ForecastStanding.Green, 1, false, Confidence, observations, exceptions),
            TrafficLightZone.Yellow =>
                new(ForecastStanding.Yellow, Yellow(light.PlusFactor), false, Confidence, observations, exceptions),
            _ => new(ForecastStanding.Red, RedMultiplier, true, Confidence, observations, exceptions),
        };
    }

    /// <summary>The limits that decisions are held to: the value at risk allowed is multiplied. That in red only
    /// reductions trade is the mode of the book (<see cref="Guards.Mode"/>).</summary>
    public static RiskLimits Bind(this ForecastStanding standing, RiskLimits limits) => standing.Multiplier == 1
        ? limits
        : limits with
        {
            MaxValueAtRisk95 = limits.MaxValueAtRisk95 * standing.Multiplier,
            MaxValueAtRisk99 = limits.MaxValueAtRisk99 * standing.Multiplier,
        };

    /// <summary>Says of a violation that the traffic light made its limit, where it did.</summary>
    public static ImmutableArray<RiskViolation> Explain(
        this ForecastStanding standing, ImmutableArray<RiskViolation> violations, RiskLimits set)
    {
        if (standing.Multiplier == 1 && !standing.ReducingOnly) return violations;
        return [.. violations.Select(violation => violation.Code switch
        {
            RiskRule.ValueAtRisk95 => Multiplied(violation, set.MaxValueAtRisk95),
            RiskRule.ValueAtRisk99 => Multiplied(violation, set.MaxValueAtRisk99),
            RiskRule.ReducingOnly when standing.ReducingOnly =>
                violation with { Detail = violation.Detail + $" It does while {Reason(standing)}." },
            _ => violation,
        })];

        RiskViolation Multiplied(RiskViolation violation, double? limit) => violation with
        {
            Detail = violation.Detail
                + RiskTerms.Text(
                    $" The limit set is {limit:0.####%}; {Reason(standing)} multiplies it by {standing.Multiplier:0.###}."),
        };
    }

    static string Reason(ForecastStanding standing) => "the traffic light of the book's forecasts is " + RiskTerms.Text(
        $"{standing.Zone} ({standing.Exceptions} of {standing.Observations} sessions lost more than their 99 % value at risk)");

    static double Yellow(double plusFactor) =>
        YellowBest - (YellowBest - YellowWorst)
            * (Math.Clamp(plusFactor, LeastPlus, MostPlus) - LeastPlus) / (MostPlus - LeastPlus);
}
