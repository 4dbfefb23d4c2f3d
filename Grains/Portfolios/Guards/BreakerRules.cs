using System.Globalization;
using System.Text.Json;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The latched state machine of a breaker: Closed → Tripped → Cooling → HalfOpen → Closed, and back to Tripped
/// from each.</summary>
public static class BreakerRules
{
    /// <summary>Who moves a breaker where no person does.</summary>
    public const string ByItself = "system";

    /// <summary>The move that is due now, or null. It trips above the trip level, from every state; it goes on only
    /// where the measure is known and at most the clear level, so that an unknown measure neither trips a breaker nor
    /// clears it.</summary>
    /// <param name="inForce">Null where the limits do not name the breaker; one that is not closed then goes by what it
    /// tripped under.</param>
    /// <param name="measure">NaN where it is unknown.</param>
    public static BreakerMoved? Next(Breaker breaker, BreakerSettings? inForce, double measure, DateTimeOffset now)
    {
        if ((inForce ?? breaker.TrippedUnder) is not { } settings) return null;
        var calm = measure <= settings.Clear;
        return breaker.State switch
        {
            not BreakerState.Tripped when measure > settings.Trip =>
                To(BreakerState.Tripped, settings.Trip, "The measure is over the trip level."),
            BreakerState.Tripped when calm && ResetOf(breaker, settings) == BreakerReset.Automatic =>
                To(BreakerState.Cooling, settings.Clear, "The measure is clear again."),
            BreakerState.Cooling when calm && Waited(settings.CoolingSeconds) =>
                To(BreakerState.HalfOpen, settings.Clear, "The cooling time is over, and the measure is clear."),
            BreakerState.HalfOpen when calm && Waited(settings.HalfOpenSeconds) =>
                To(BreakerState.Closed, settings.Clear, "The half-open time is over, and the measure is clear."),
            _ => null,
        };

        bool Waited(double seconds) => (now - breaker.Since!.Value).TotalSeconds >= seconds;

        BreakerMoved To(BreakerState state, double level, string reason) => new(
            breaker.Name, breaker.State, state, Known(measure), level, ByItself, null, reason, now, settings);
    }

    /// <summary>A person's reset: tripped → cooling. Refused while the measure is over the trip level, at which the
    /// breaker would trip again at once, unless it begins anew with the reset: losses count from
    /// <paramref name="equity"/>, windows are emptied.</summary>
    public static Outcome<BreakerMoved> Reset(
        Breaker breaker, BreakerSettings? inForce, double measure, decimal? equity, Sanction sanction,
        DateTimeOffset now)
    {
        if (breaker.State != BreakerState.Tripped || (inForce ?? breaker.TrippedUnder) is not { } settings)
            return Outcome.Conflict<BreakerMoved>(
                "name", "not_tripped",
                $"The breaker {CodeOf(breaker.Name)} is {StateOf(breaker.State)}; only a tripped one can be reset.");
        var errors = GuardValidator.Check(sanction, ResetOf(breaker, settings) == BreakerReset.TwoPersons);
        if (!errors.IsEmpty) return Outcome.Invalid<BreakerMoved>(errors);
        if (BeginsAnew(breaker.Name) is false && measure > settings.Trip)
            return Outcome.Conflict<BreakerMoved>("name", "still_over", string.Create(
                CultureInfo.InvariantCulture,
                $"The breaker {CodeOf(breaker.Name)} measures {measure:0.######}, over its trip level {settings.Trip}: "
                + $"it would trip again at once."));
        return Outcome.Done(new BreakerMoved(
            breaker.Name, breaker.State, BreakerState.Cooling, Known(measure), settings.Clear, sanction.By,
            sanction.SecondPerson, sanction.Reason, now, settings,
            breaker.Name is BreakerName.DailyLoss or BreakerName.Drawdown ? equity : null));
    }

    /// <summary>The stricter of what is asked for now and what was when it tripped: loosening the limits resets
    /// nothing.</summary>
    public static BreakerReset ResetOf(Breaker breaker, BreakerSettings settings) =>
        breaker.TrippedUnder is { } then && then.Reset > settings.Reset ? then.Reset : settings.Reset;

    public static string CodeOf(BreakerName name) => Codes[(int)name];

    static readonly string[] Codes =
        [.. Enum.GetNames<BreakerName>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName)];

    static bool BeginsAnew(BreakerName name) =>
        name is BreakerName.DailyLoss or BreakerName.Drawdown or BreakerName.ErrorRate or BreakerName.RepeatedDenials;

    static string StateOf(BreakerState state) => state == BreakerState.HalfOpen ? "half open"
        : state == BreakerState.Cooling ? "cooling"
        : "closed";

    static double? Known(double measure) => double.IsFinite(measure) ? measure : null;
}
