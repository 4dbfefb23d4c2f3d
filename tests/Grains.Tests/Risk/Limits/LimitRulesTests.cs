using System.Collections.Immutable;

namespace Trading.Risk.Tests;

public sealed class LimitRulesTests
{
    static readonly LimitsChange Good = new(RiskLimits.Default, "ada", "Quarterly review", null);

    [Fact]
    public void DefaultLimits_AndNoLimits_AreValid()
    {
        LimitRules.Check(Good).ShouldBeEmpty();
        LimitRules.Check(Good with { Limits = new() }).ShouldBeEmpty();
        new RiskOptions().Validate().Succeeded.ShouldBeTrue();
        new RiskOptions().DefaultLimits.ToLimits().ShouldBe(RiskLimits.Default);
    }

    [Fact]
    public void EverythingThatIsWrong_IsNamedAtOnce_InTheOrderOfTheFields()
    {
        var limits = new RiskLimits
        {
            MaxOrderNotional = -1m,
            MaxPositionWeight = double.NaN,
            MaxGrossExposure = -0.1,
            MaxNetExposure = double.PositiveInfinity,
            MaxSectorExposure = 101,
            MaxValueAtRisk95 = 1.5,
            MaxExpectedShortfall975 = -1,
            MaxDrawdown = 2,
            MinCash = decimal.MaxValue,
            MaxPriceAgeSeconds = 0,
            ReservationSeconds = 0.5,
        };
        var errors = LimitRules.Check(new LimitsChange(limits, " ", new string('x', 501), null));
        errors.Select(error => (error.Field, error.Rule)).ShouldBe([("limits.max_order_notional", "range"), ("limits.max_position_weight", "range"),
            ("limits.max_gross_exposure", "range"), ("limits.max_net_exposure", "range"), ("limits.max_sector_exposure", "range"), ("limits.max_value_at_risk_95", "range"),
            ("limits.max_expected_shortfall_97_5", "range"), ("limits.max_drawdown", "range"), ("limits.min_cash", "range"), ("limits.max_price_age_seconds", "positive"),
            ("limits.reservation_seconds", "range"), ("by", "required"), ("reason", "max_length")]);
        errors[5].Message.ShouldBe("limits.max_value_at_risk_95 must be a number from 0 to 1; it is 1.5.");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(0.99)]
    [InlineData(86_401)]
    public void ReservationSeconds_OutsideASecondToADay_AreAnError(double seconds) =>
        LimitRules.Check(RiskLimits.Default with { ReservationSeconds = seconds }).ShouldHaveSingleItem().Field.ShouldBe("reservation_seconds");

    [Fact]
    public void MissingLimits_AreAnError_BesideTheOthers() =>
        LimitRules.Check(new LimitsChange(null!, "", "ok", null)).Select(error => error.Field).ShouldBe(["limits", "by"]);

    [Fact]
    public void Reason_OfSeveralLines_IsAnError() =>
        LimitRules.Check(Good with { Reason = "one\ntwo" }).ShouldHaveSingleItem().Rule.ShouldBe("printable");

    [Fact]
    public void ShortfallLimit_BelowTheValueAtRiskLimit_IsATightening_AndAllowed() =>
        LimitRules.Check(RiskLimits.Default with { MaxExpectedShortfall975 = 0.01 }).ShouldBeEmpty();

    [Fact]
    public void History_IsBounded_AndSaysHowManyVersionsItDropped()
    {
        ImmutableArray<LimitsVersion> versions = [new(1, RiskLimits.Default, "system", ExampleBook.Now, "The default limits.")];
        for (var change = 0; change < LimitRules.MaxEarlierVersions + 5; change++)
            versions = LimitRules.Change(versions, Good, ExampleBook.Now).Value;
        var history = new LimitsHistory("p", versions[0], versions.RemoveAt(0));
        history.Current.Version.ShouldBe(LimitRules.MaxEarlierVersions + 6);
        history.Earlier.Length.ShouldBe(LimitRules.MaxEarlierVersions);
        history.Dropped.ShouldBe(5);
    }

    [Fact]
    public void SettingsThatAreWrong_StopTheStart_AndAreNamed()
    {
        var options = new RiskOptions { MaxSignalsPerRequest = 0 };
        options.DefaultLimits.MaxDrawdown = 3;
        options.Validate().Failures.ShouldBe(["risk:default_limits:max_drawdown must be a number from 0 to 1; it is 3.",
            "risk:max_signals_per_request must be from 1 to 100000; it is 0."]);
    }
}
