namespace Trading.Risk.Tests;

public sealed class BreakerValidatorTests
{
    static readonly BreakerSettings Good = new(0.1, 0.05, 60, 60, 0.5, BreakerReset.Person);

    [Fact]
    public void DefaultBreakers_AreValid_AndTheSettingsBehindThemGiveTheSame()
    {
        LimitRules.Check(new RiskLimits { Breakers = Breakers.Default }).ShouldBeEmpty();
        new BreakersOptions().ToBreakers().ShouldBe(Breakers.Default);
    }

    [Fact]
    public void EverythingThatIsWrong_IsNamedAtOnce()
    {
        var limits = new RiskLimits
        {
            Breakers = new()
            {
                Drawdown = new(double.NaN, -1, -1, 604_801, 1.5, (BreakerReset)9, 1),
                ErrorRate = Good with { Window = 65 },
                RepeatedDenials = Good with { Trip = 1_000, Window = 0 },
            },
        };
        LimitRules.Check(limits).Select(error => (error.Field, error.Rule)).ShouldBe([
            ("breakers.drawdown.trip", "positive"), ("breakers.drawdown.clear", "range"), ("breakers.drawdown.cooling_seconds", "range"),
            ("breakers.drawdown.half_open_seconds", "range"), ("breakers.drawdown.half_open_cap", "range"), ("breakers.drawdown.reset", "one_of"),
            ("breakers.drawdown.window", "range"), ("breakers.error_rate.window", "range"), ("breakers.repeated_denials.trip", "range"),
            ("breakers.repeated_denials.window", "range")]);
    }

    [Fact]
    public void ClearLevel_OverTheTripLevel_IsAnError() =>
        LimitRules.Check(new RiskLimits { Breakers = new() { DailyLoss = Good with { Clear = 0.2 } } }).ShouldHaveSingleItem().Message
            .ShouldBe("breakers.daily_loss.clear must be from 0 to the trip level 0.1; it is 0.2.");
}
