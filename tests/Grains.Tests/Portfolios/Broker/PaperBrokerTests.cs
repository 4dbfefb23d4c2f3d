using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class PaperBrokerTests
{
    static readonly PaperBrokerOptions Costs = new() { HalfSpreadBp = 10, ImpactBp = 100, CommissionBp = 5 };
    static readonly BrokerOrder Buy = new("o-1", "test", "AA", Side.Buy, 100, null, new Quote(50m, Now));

    [Fact]
    public void Fill_IsAtTheLastPrice_MadeWorseByHalfTheSpread_WithCommission()
    {
        PaperBroker.Execute(Buy, Costs).ShouldBe(BrokerAnswer.Filled(100, 50.05m, 2.5025m));
        PaperBroker.Execute(Buy with { Action = Side.Sell }, Costs).ShouldBe(BrokerAnswer.Filled(100, 49.95m, 2.4975m));
    }

    [Fact]
    public void Impact_GrowsWithTheRootOfTheParticipation() =>
        PaperBroker.Execute(Buy with { Quote = new(50m, Now, DailyVolume: 400m) }, Costs).Price.ShouldBe(50m * (1 + 0.001m + 0.005m));

    [Theory]
    [InlineData(Side.Buy, 50.05, true)]
    [InlineData(Side.Buy, 50.04, false)]
    [InlineData(Side.Sell, 49.95, true)]
    [InlineData(Side.Sell, 49.96, false)]
    public void LimitOrder_TradesAtItsLimitOrBetter_OrWaits(Side side, decimal limit, bool fills) =>
        PaperBroker.Execute(Buy with { Action = side, LimitPrice = limit }, Costs).Status.ShouldBe(fills ? BrokerStatus.Filled : BrokerStatus.Working);

    [Fact]
    public void OrderWithoutAPrice_Waits() => PaperBroker.Execute(Buy with { Quote = null }, Costs).ShouldBe(BrokerAnswer.Working("There is no price of AA."));

    [Fact]
    public void CostsThatMakeNoSense_AreNamed() =>
        new PaperBrokerOptions { HalfSpreadBp = -1, CommissionBp = double.NaN }.Validate().Failures.ShouldBe([
            "paper_broker:half_spread_bp must be from 0 to 1000; it is -1.", "paper_broker:commission_bp must be from 0 to 1000; it is NaN."]);
}
