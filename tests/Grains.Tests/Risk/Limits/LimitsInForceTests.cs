using Trading.Portfolios;

namespace Trading.Risk.Tests;

public sealed class LimitsInForceTests
{
    static readonly DateTimeOffset Now = new(2026, 1, 5, 15, 0, 30, TimeSpan.Zero); // 10:00:30 in New York
    static readonly LimitsVersion Set = new(3, RiskLimits.Default, "ada", Now, "Set");

    [Fact]
    public void LimitsThatNothingChanges_AreThoseSet_ToTheObject()
    {
        var inForce = LimitsInForce.Of(Set, [], LimitInputs.Unknown, Now);
        inForce.Version.ShouldBeSameAs(Set);
        inForce.Adjusted.ShouldBeEmpty();
        inForce.Until.ShouldBe(DateTimeOffset.MaxValue);
    }

    [Fact]
    public void Override_IsInForceUntilItExpires_AndNeverAfter()
    {
        var loose = Override("1", "max_gross_exposure", 2m, approver: "bob");
        var inForce = LimitsInForce.Of(Set, [loose], LimitInputs.Unknown, Now);
        inForce.Version.Limits.MaxGrossExposure.ShouldBe(2);
        inForce.Until.ShouldBe(loose.ExpiresAt);
        var adjusted = inForce.Adjusted.ShouldHaveSingleItem();
        (adjusted.Limit, adjusted.Set, adjusted.InForce).ShouldBe(("max_gross_exposure", 1.5m, 2m));
        Words(adjusted).ShouldBe("override 1");
        LimitsInForce.Of(Set, [loose], LimitInputs.Unknown, loose.ExpiresAt).Version.ShouldBeSameAs(Set);
    }

    [Fact]
    public void OverrideOfOnePerson_NeverLoosens_AlsoWhereTheLimitWasTightenedLater()
    {
        var tight = Override("1", "max_gross_exposure", 1m, approver: null);
        LimitsInForce.Of(Set, [tight], LimitInputs.Unknown, Now).Version.Limits.MaxGrossExposure.ShouldBe(1);
        var tightened = Set with { Limits = Set.Limits with { MaxGrossExposure = 0.5 } };
        LimitsInForce.Of(tightened, [tight], LimitInputs.Unknown, Now).Version.Limits.MaxGrossExposure.ShouldBe(0.5);
    }

    [Fact]
    public void Factors_Multiply_OnTopOfAnOverride_AndEachIsNamed()
    {
        var set = With(new(new(Target: 0.15, Least: 0.5, Most: 1.5), null, new(60, 0.5)));
        var inForce = LimitsInForce.Of(set, [Override("7", "max_position_weight", 0.2m, "bob")], new(0.20, 61), Now);
        inForce.Version.Limits.MaxPositionWeight!.Value.ShouldBe(0.2 * 0.75 * 0.5, 1e-15);
        inForce.Version.Limits.MaxValueAtRisk95!.Value.ShouldBe(0.03 * 0.5, 1e-15);
        inForce.Version.Limits.MaxDrawdown.ShouldBe(RiskLimits.Default.MaxDrawdown);
        Words(inForce.Adjusted.Single(limit => limit.Limit == "max_position_weight")).ShouldBe("override 7, volatility 0.75, data_quality 0.5");
        inForce.Version.Because!.ShouldContain("data_quality x 0.5");
    }

    [Fact]
    public void TrafficLight_ScalesTheLimitsOnValueAtRisk_OnTopOfTheRest_AndIsNamed()
    {
        var set = With(new(null, null, new(60, 0.5)));
        var inForce = LimitsInForce.Of(set, [], new(null, 61), Now);
        var lit = inForce.Under(TrafficLights.Of(250, 9, 60)).Single(limit => limit.Limit == "max_value_at_risk_95");
        ((double)lit.InForce!.Value).ShouldBe(0.03 * 0.5 * 0.75, 1e-12);
        Words(lit).ShouldBe("data_quality 0.5, traffic_light 0.75");
        inForce.Under(TrafficLights.Of(250, 0, 60)).ShouldBe(inForce.Adjusted);
        LimitsInForce.Of(Set, [], LimitInputs.Unknown, Now).Under(TrafficLights.Of(250, 9, 60)).ShouldHaveSingleItem().Limit.ShouldBe("max_value_at_risk_95");
    }

    [Theory]
    [InlineData(null, 0.5)] // unknown: the strictest
    [InlineData(0.0, 1.5)]
    [InlineData(0.01, 1.5)]
    [InlineData(0.15, 1.0)]
    [InlineData(0.16, 0.9)] // 0.9375, down to a twentieth
    [InlineData(9.0, 0.5)]
    public void VolatilityFactor_IsTargetOverVolatility_WithinItsBounds(double? volatility, double factor) =>
        Scaling.Volatility(new(0.15, 0.5, 1.5), volatility).ShouldBe(factor, 1e-12);

    [Theory]
    [InlineData("09:30", "10:01", true)]
    [InlineData("10:00", "10:00", true)] // the whole day
    [InlineData("10:01", "16:00", false)]
    [InlineData("22:00", "10:01", true)] // over midnight
    [InlineData("22:00", "10:00", false)]
    public void TimeWindow_IsThatOfItsZone(string from, string to, bool isWithin)
    {
        var set = With(new(null, new(from, to, "America/New_York", 0.5), null));
        var inForce = LimitsInForce.Of(set, [], LimitInputs.Unknown, Now);
        inForce.Version.Limits.MaxGrossExposure.ShouldBe(isWithin ? 0.75 : 1.5);
        inForce.Until.ShouldBe(Now.AddSeconds(30));
    }

    [Fact]
    public void Identity_IsTheSameForTheSameLimits_AndTheObjectToo()
    {
        var set = With(new(null, null, new(60, 0.5)));
        var first = LimitsInForce.Of(set, [], new(null, 61), Now);
        var second = LimitsInForce.Of(set, [], new(null, 99), Now.AddHours(1)).After(first);
        second.Version.ShouldBeSameAs(first.Version);
        second.Version.EffectiveId.ShouldStartWith("3-");
        LimitsInForce.Of(set, [], new(null, 1), Now).After(first).Version.EffectiveId.ShouldBeNull();
    }

    [Fact]
    public void Begin_NamesEverythingThatIsWrong()
    {
        var errors = OverrideRules.Begin(Set, [], Request(limits => limits with { MaxGrossExposure = 3, Halted = true }) with { Owner = " ", Minutes = 0 }, "1", Now).Errors;
        errors.Select(error => (error.Field, error.Rule)).ShouldBe([
            ("limits.halted", "numeric"), ("by", "required"), ("second_person", "second_person"), ("minutes", "range")]);
        OverrideRules.Begin(Set, [], Request(limits => limits), "1", Now).Errors.ShouldHaveSingleItem().Field.ShouldBe("limits");
        OverrideRules.Begin(Set, [], Request(limits => limits with { MaxGrossExposure = 1 }) with { Approver = "ADA" }, "1", Now)
            .Errors.ShouldHaveSingleItem().Message.ShouldBe("second_person must not be who sets the override.");
    }

    [Fact]
    public void Begin_OfALimitThatIsOverridden_IsAConflict()
    {
        var other = Override("4", "max_gross_exposure", 1m, null);
        var conflict = OverrideRules.Begin(Set, [other], Request(limits => limits with { MaxGrossExposure = 1.2 }), "5", Now);
        conflict.Errors.ShouldHaveSingleItem().Rule.ShouldBe("overridden");
        OverrideRules.Begin(Set, [other], Request(limits => limits with { MaxGrossExposure = 1.2 }), "5", other.ExpiresAt).IsDone.ShouldBeTrue();
    }

    [Theory]
    [InlineData("max_drawdown", null, 0.1, true)]
    [InlineData("max_drawdown", 0.1, null, false)]
    [InlineData("min_cash", 0.0, 5.0, true)]
    [InlineData("min_cash", 5.0, 0.0, false)]
    [InlineData("reservation_seconds", 300.0, 60.0, false)] // nobody can tell
    public void Direction_IsInTheName(string limit, double? set, double? value, bool tightens) =>
        OverrideRules.Tightens(limit, (decimal?)set, (decimal?)value).ShouldBe(tightens);

    [Fact]
    public void DynamicRules_AreCheckedWithTheLimits()
    {
        var rules = new DynamicLimits(new(0, 2, 0.5), new("9:30", "25:00", "Nowhere/Land", -1), new(0, 2));
        LimitRules.Check(RiskLimits.Default with { Dynamic = rules }).Select(error => error.Field).ShouldBe([
            "dynamic.volatility.target", "dynamic.volatility.least", "dynamic.volatility.most", "dynamic.time_of_day.from", "dynamic.time_of_day.to",
            "dynamic.time_of_day.time_zone", "dynamic.time_of_day.factor", "dynamic.data_quality.max_age_seconds", "dynamic.data_quality.factor"]);
    }

    static string Words(EffectiveLimit limit) => string.Join(", ", limit.Sources.Select(source =>
        FormattableString.Invariant($"{source.Rule} {source.Factor}{source.OverrideId}")));

    static LimitsVersion With(DynamicLimits rules) => Set with { Limits = Set.Limits with { Dynamic = rules } };

    static OverrideRequest Request(Func<RiskLimits, RiskLimits> change) => new(change(Set.Limits), "ada", null, "Why not", 30, Set.Version);

    static LimitOverride Override(string id, string limit, decimal? value, string? approver) =>
        new(id, [new(limit, value)], "ada", approver, "Why not", Now, Now.AddMinutes(30), OverrideStatus.Active, null, null);
}
