using Trading.MarketData;
using static Trading.Backtests.Tests.TestMarkets;

namespace Trading.Backtests.Tests;

public sealed class ScheduleTests
{
    static readonly SymbolTerms Coin = new() { AssetClass = AssetClass.Crypto, LotSize = 1 };

    /// <summary>Three days of hours; volume is high at the ends of the day.</summary>
    static MarketHistory Hours(params decimal[] path) => Of(BarColumnsBuilder.Build("C", TimeSpan.FromHours(1),
    [
        .. Enumerable.Range(0, 72).Select(hour =>
        {
            var price = path.Length == 0 ? 100m : path[hour % path.Length];
            return new Bar(Start.AddHours(hour), price, price, price, price, 1_000 + 400 * Math.Abs(hour % 24 - 12));
        }),
    ], Coin));

    static BacktestResult Run(MarketHistory history, int schedule, double quantity = 12_000, params (string, double)[] more) => BacktestRunner.Run(
        new()
        {
            Cash = 10_000_000, Costs = CostOptions.Zero with { Impact = 1 },
            Execution = TestRun.Free with { MaxParticipation = 1 },
            Strategies = [StrategySpec.Of("scheduled_trade", [("quantity", quantity), ("schedule", schedule), ("minutes", 720), ("wait", 30), .. more])],
        }, history, StrategyCatalog.BuiltIn);

    [Fact]
    public void Twap_TradesTheSameEveryHour()
    {
        var fills = Run(Hours(), schedule: 1).Fills;
        fills.Length.ShouldBe(12);
        fills.ShouldAllBe(fill => fill.Quantity == 1_000);
    }

    [Fact]
    public void Vwap_TradesWithTheVolumeOfTheHour()
    {
        var history = Hours();
        var series = history.Series[0];
        var fills = Run(history, schedule: 2).Fills;
        fills.Sum(fill => fill.Quantity).ShouldBe(12_000);
        var shares = fills.Select(fill => (double)fill.Quantity / FixedPoint.ToDouble(
            series.Volume[Array.BinarySearch(series.Start, fill.Time.UtcTicks)])).ToArray();
        (shares.Max() / shares.Min()).ShouldBe(1, 0.05, "Every fill takes the same part of its hour.");
    }

    [Fact]
    public void Pov_TakesItsPartOfWhatHasTraded()
    {
        var history = Hours();
        var fills = Run(history, schedule: 3, more: ("participation", 0.2)).Fills;
        foreach (var (fill, before) in fills.SkipLast(1).Select(fill => (fill, Array.BinarySearch(history.Series[0].Start, fill.Time.UtcTicks) - 1)))
            fill.Quantity.ShouldBe(Math.Floor(0.2m * FixedPoint.ToDecimal(history.Series[0].Volume[before])));
        fills.Sum(fill => fill.Quantity).ShouldBe(12_000);
    }

    [Fact]
    public void AlmgrenChriss_TradesEarlier_TheMoreUrgent()
    {
        decimal FirstHalf(double urgency) => Run(Hours(), schedule: 4, more: ("urgency", urgency)).Fills
            .Where(fill => fill.Time < Start.AddHours(37)).Sum(fill => fill.Quantity);
        FirstHalf(0).ShouldBe(6_000, 1);
        FirstHalf(2).ShouldBeGreaterThan(7_000);
        FirstHalf(6).ShouldBeGreaterThan(FirstHalf(2));
    }

    [Fact]
    public void APatientSale_MovesThePriceLess_ThanOneAtOnce()
    {
        var history = Hours(100, 101, 99);
        var atOnce = Run(history, schedule: 0, quantity: -5_000);
        var patient = Run(history, schedule: 1, quantity: -5_000);
        patient.Profit.Costs.Impact.ShouldBeLessThan(atOnce.Profit.Costs.Impact);
        patient.Profit.Costs.Impact.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void NoSchedule_KnowsTheVolumeToCome()
    {
        for (var schedule = 0; schedule <= 4; schedule++)
        {
            var spec = new BacktestSpec { Strategies = [StrategySpec.Of("scheduled_trade", ("schedule", schedule), ("minutes", 1_440), ("wait", 24))] };
            LookAheadProof.Of(spec, Hours(), StrategyCatalog.BuiltIn, cuts: 10).Holds.ShouldBeTrue($"schedule {schedule}");
        }
    }
}
