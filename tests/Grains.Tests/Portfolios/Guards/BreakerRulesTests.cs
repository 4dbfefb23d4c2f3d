using FsCheck;
using FsCheck.Fluent;
using Microsoft.FSharp.Core;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;
using static Trading.Risk.BreakerState;

namespace Trading.Portfolios.Tests;

public sealed class BreakerRulesTests
{
    static readonly BreakerSettings Settings = new(0.10, 0.05, 60, 30, 0.5, BreakerReset.Automatic);
    static readonly Sanction Ada = new("ada", "Looked at it", null);

    [Fact]
    public void Breaker_GoesAllTheWayRound_WithALevelToTripAndAnotherToClear()
    {
        var guards = new Guards();
        Step(guards, 0.10, 0).ShouldBe(Closed);
        Step(guards, 0.11, 1).ShouldBe(Tripped);
        Step(guards, 0.06, 2).ShouldBe(Tripped);
        Step(guards, 0.05, 3).ShouldBe(Cooling);
        Step(guards, 0.05, 62).ShouldBe(Cooling);
        Step(guards, 0.06, 63).ShouldBe(Cooling);
        Step(guards, 0.04, 64).ShouldBe(HalfOpen);
        Step(guards, 0.04, 93).ShouldBe(HalfOpen);
        Step(guards, 0.06, 95).ShouldBe(HalfOpen);
        Step(guards, 0.05, 96).ShouldBe(Closed);
    }

    [Theory]
    [InlineData(Cooling)]
    [InlineData(HalfOpen)]
    public void Breaker_OnItsWayBack_TripsAgainOverTheTripLevel(BreakerState state) =>
        Next(At(state), 0.11, 1_000)!.To.ShouldBe(Tripped);

    [Theory]
    [InlineData(Closed)]
    [InlineData(Tripped)]
    [InlineData(Cooling)]
    [InlineData(HalfOpen)]
    public void UnknownMeasure_MovesNothing(BreakerState state) => Next(At(state), double.NaN, 1_000_000).ShouldBeNull();

    [Fact]
    public void LatchedBreaker_StaysTripped_UntilAPersonResetsIt_WithAReason()
    {
        var latched = Settings with { Reset = BreakerReset.Person };
        var tripped = At(Tripped) with { TrippedUnder = latched };
        BreakerRules.Next(tripped, latched, 0, Now.AddYears(1)).ShouldBeNull();
        BreakerRules.Next(tripped, Settings, 0, Now.AddYears(1)).ShouldBeNull("loosening the limits resets nothing");
        BreakerRules.Next(tripped, null, 0, Now.AddYears(1)).ShouldBeNull("nor does taking the breaker away");
        Reset(tripped, latched, 0, new("", " ", null)).Errors.Select(error => error.Field).ShouldBe(["by", "reason"]);
        var moved = Reset(tripped, latched, 0, Ada).Value!;
        (moved.From, moved.To, moved.By, moved.Reason, moved.Equity).ShouldBe((Tripped, Cooling, "ada", "Looked at it", 900m));
    }

    [Fact]
    public void SecondPerson_IsNeeded_AndIsAnother()
    {
        var two = Settings with { Reset = BreakerReset.TwoPersons };
        var tripped = At(Tripped) with { TrippedUnder = two };
        Reset(tripped, two, 0, Ada).Errors.ShouldHaveSingleItem().ShouldBe(
            new("second_person", "required", "second_person is missing: this takes two persons."));
        Reset(tripped, Settings, 0, Ada).Errors.ShouldHaveSingleItem().Rule.ShouldBe("required", "it tripped under the stricter settings");
        Reset(tripped, two, 0, Ada with { SecondPerson = " ADA " }).Errors.ShouldHaveSingleItem().Rule.ShouldBe("another_person");
        Reset(tripped, two, 0, Ada with { SecondPerson = "system" }).Errors.ShouldHaveSingleItem().Rule.ShouldBe("person");
        Reset(tripped, two, 0, Ada with { SecondPerson = "bob" }).Value!.SecondPerson.ShouldBe("bob");
    }

    [Fact]
    public void Reset_OfWhatIsNotTripped_OrStillOver_IsAConflict()
    {
        foreach (var state in new[] { Closed, Cooling, HalfOpen })
            Reset(At(state), Settings, 0, Ada).Errors.ShouldHaveSingleItem().Rule.ShouldBe("not_tripped");
        Reset(At(Tripped) with { Name = BreakerName.ValueAtRisk }, Settings, 0.2, Ada).Errors.ShouldHaveSingleItem().Rule.ShouldBe("still_over");
        Reset(At(Tripped), Settings, 0.2, Ada).IsDone.ShouldBeTrue("losses count from the reset on");
    }

    public sealed record Look(double Measure, int Seconds, bool Reset);

    static readonly Gen<Look> Looks =
        from measure in Gen.Elements(double.NaN, 0, 0.04, 0.05, 0.07, 0.1, 0.12, 5)
        from seconds in Gen.Choose(0, 50)
        from reset in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        select new Look(measure, seconds, reset);

    static readonly Gen<BreakerSettings> AnySettings =
        from reset in Gen.Elements(Enum.GetValues<BreakerReset>())
        from cooling in Gen.Choose(0, 60)
        from halfOpen in Gen.Choose(0, 60)
        select new BreakerSettings(0.10, 0.05, cooling, halfOpen, 0.5, reset);

    [Fact]
    public void EveryMove_IsAnEvent_AlongTheArrows_AndNoneTowardOpenWhileTheMeasureIsOverTheClearLevel() => Prop.ForAll(
        AnySettings.ToArbitrary(), Looks.ArrayOf(40).ToArbitrary(), (settings, looks) =>
        {
            var (guards, now) = (new Guards(), Now);
            foreach (var look in looks)
            {
                now = now.AddSeconds(look.Seconds);
                var before = guards.Of(BreakerName.Volatility);
                var move = look.Reset
                    ? BreakerRules.Reset(before, settings, look.Measure, null, new("ada", "reset", "bob"), now).Value
                    : BreakerRules.Next(before, settings, look.Measure, now);
                if (move is not null) guards.Apply(move, 0);
                var after = guards.Of(BreakerName.Volatility);
                if (move is null ? after != before : !Legal(move, settings, look.Measure) || after.State != move.To || move.From != before.State) return false;
                if (guards.InForce is null != (after.State == Closed)) return false;
            }

            return true;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3_000).WithReplay(FSharpOption<Replay>.Some(new Replay(new Rnd(20260105), FSharpOption<int>.None))));

    static bool Legal(BreakerMoved move, BreakerSettings settings, double measure) => (move.From, move.To) switch
    {
        (Closed or Cooling or HalfOpen, Tripped) => measure > settings.Trip,
        (Tripped, Cooling) => move.By != BreakerRules.ByItself || (settings.Reset == BreakerReset.Automatic && measure <= settings.Clear),
        (Cooling, HalfOpen) or (HalfOpen, Closed) => measure <= settings.Clear,
        _ => false,
    };

    static Breaker At(BreakerState state) => new(BreakerName.Drawdown, state, Now, TrippedUnder: state == Closed ? null : Settings);

    static BreakerMoved? Next(Breaker breaker, double measure, double seconds) => BreakerRules.Next(breaker, Settings, measure, Now.AddSeconds(seconds));

    static Outcome<BreakerMoved> Reset(Breaker breaker, BreakerSettings settings, double measure, Sanction sanction) =>
        BreakerRules.Reset(breaker, settings, measure, 900m, sanction, Now);

    static BreakerState Step(Guards guards, double measure, double seconds)
    {
        if (Next(guards.Of(BreakerName.Drawdown), measure, seconds) is { } move) guards.Apply(move, 0);
        return guards.Of(BreakerName.Drawdown).State;
    }
}
