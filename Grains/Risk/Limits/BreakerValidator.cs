using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>Which settings a circuit breaker can have. Field names are those of the JSON form, for example
/// <c>breakers.drawdown.trip</c>.</summary>
public static class BreakerValidator
{
    /// <summary>The longest cooling and half-open times, in seconds: a week.</summary>
    public const double MaxSeconds = 604_800;

    /// <summary>The highest level, in the unit of the measure.</summary>
    const double MaxLevel = 1e6;

    /// <summary>The longest window of refusals, in seconds: a day.</summary>
    const int MaxDenialSeconds = 86_400;

    /// <summary>Every broken rule, in the order of the breakers.</summary>
    internal static FieldError?[] Check(Breakers? breakers) => breakers is null
        ? []
        : [.. Enum.GetValues<BreakerName>()
            .SelectMany(name => breakers.Of(name) is { } settings ? Check(name, settings) : [])];

    static IEnumerable<FieldError?> Check(BreakerName name, BreakerSettings settings)
    {
        var prefix = $"breakers.{BreakerRules.CodeOf(name)}.";
        var most = name == BreakerName.RepeatedDenials ? Guards.MaxDenials - 1 : MaxLevel;
        yield return settings.Trip is > 0
            ? Within("trip", settings.Trip, 0, most)
            : new(prefix + "trip", "positive", $"{prefix}trip must be more than zero.");
        yield return settings.Clear >= 0 && settings.Clear <= settings.Trip ? null
            : new(
                prefix + "clear", "range",
                FormattableString.Invariant(
                    $"{prefix}clear must be from 0 to the trip level {settings.Trip}; it is {settings.Clear}."));
        yield return Within("cooling_seconds", settings.CoolingSeconds, 0, MaxSeconds);
        yield return Within("half_open_seconds", settings.HalfOpenSeconds, 0, MaxSeconds);
        yield return Within("half_open_cap", settings.HalfOpenCap, 0, 1);
        yield return Enum.IsDefined(settings.Reset) ? null
            : new(prefix + "reset", "one_of", $"{prefix}reset must be automatic, person or two_persons.");
        yield return name switch
        {
            BreakerName.ErrorRate => Within("window", settings.Window, 1, Guards.MaxOperations),
            BreakerName.RepeatedDenials => Within("window", settings.Window, 1, MaxDenialSeconds),
            _ => Within("window", settings.Window, 0, 0),
        };

        FieldError? Within(string field, double value, double least, double highest) =>
            value >= least && value <= highest ? null
            : new(
                prefix + field, "range",
                FormattableString.Invariant(
                    $"{prefix}{field} must be a number from {least} to {highest}; it is {value}."));
    }
}
