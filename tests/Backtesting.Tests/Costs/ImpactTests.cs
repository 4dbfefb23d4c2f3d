namespace Trading.Backtests.Tests;

public sealed class ImpactTests
{
    static readonly MarketHistory Market = TestMarkets.Random(4, 1, 120);

    static readonly CostOptions Square = CostOptions.Zero with { Impact = 0.9, ImpactDecayMinutes = 10 };

    static TakerPricing Pricing() => new(Market, Square, TestRun.Free);

    const int Bar = 100;
    static readonly long Middle = 50 * FixedPoint.One;

    [Fact]
    public void Impact_GrowsWithTheRoot_FourTimesTheQuantityCostsTwiceAsMuchAUnit()
    {
        var small = Pricing().Price(0, Bar, 1, 1_000, Middle, 0).Impact;
        var large = Pricing().Price(0, Bar, 1, 4_000, Middle, 0).Impact;
        ((double)(large / small)).ShouldBe(2, 1e-4);
    }

    [Fact]
    public void Impact_IsTheSquareRootLaw_OfVolatilityAndVolume()
    {
        var (volatility, volume) = (Market.Conditions.DailyVolatility(0)[Bar], Market.Conditions.DailyVolume(0)[Bar]);
        // The last unit moves the price by Y σ √(Q/V); a unit on average pays two thirds of that.
        ((double)Pricing().Price(0, Bar, 1, 2_000, Middle, 0).Impact)
            .ShouldBe(50 * 2.0 / 3 * 0.9 * volatility * Math.Sqrt(2_000 / volume), 1e-6);
    }

    [Fact]
    public void PartsWithoutAPause_CostWhatOneOrderCosts_AndPausesMakeThemCheaper()
    {
        var whole = 4_000 * Pricing().Price(0, Bar, 1, 4_000, Middle, 0).Impact;
        decimal InParts(long pause)
        {
            var (pricing, sum) = (Pricing(), 0m);
            for (var part = 0; part < 8; part++)
            {
                sum += 500 * pricing.Price(0, Bar, 1, 500, Middle, part * pause).Impact;
                pricing.Took(0, 1, 500, part * pause);
            }

            return sum;
        }

        ((double)(InParts(0) / whole)).ShouldBe(1, 1e-6);
        var pauses = new long[] { 0, 1, 10, 100, 1_000, 100_000 }.Select(minutes => InParts(minutes * TimeSpan.TicksPerMinute)).ToArray();
        pauses.ShouldBe(pauses.OrderDescending());
        ((double)(pauses[^1] / whole)).ShouldBe(1 / Math.Sqrt(8), 0.01, "Alone, each part pays the root of an eighth.");
    }

    [Fact]
    public void TheOtherSide_DoesNotPayForIt()
    {
        var pricing = Pricing();
        var before = pricing.Price(0, Bar, -1, 500, Middle, 0);
        pricing.Took(0, 1, 5_000, 0);
        pricing.Price(0, Bar, -1, 500, Middle, 0).ShouldBe(before);
    }

    [Fact]
    public void WithoutABound_TenTimesTheOrder_IsNeverCheaper()
    {
        // Slippage by the share of the volume grows with the share, and no cap hides it.
        var pricing = new TakerPricing(Market, CostOptions.Zero with { VolumeSlippage = 0.1 }, TestRun.Free);
        decimal[] shares = [.. new[] { 100m, 1_000m, 10_000m, 100_000m }.Select(quantity => pricing.Price(0, Bar, 1, quantity, Middle, 0).Slippage)];
        (shares[3] / shares[0]).ShouldBe(1_000, 1);
    }

    [Fact]
    public void WhatCostsDependOn_IsKnownBeforeTheBar()
    {
        var series = Market.Series[0];
        var noisy = NoisyFuture.Of(Market, series.EndTime(Bar - 1), 3);
        noisy.Series[0].Close[Bar].ShouldNotBe(series.Close[Bar]);
        noisy.Conditions.DailyVolatility(0)[Bar].ShouldBe(Market.Conditions.DailyVolatility(0)[Bar]);
        noisy.Conditions.DailyVolume(0)[Bar].ShouldBe(Market.Conditions.DailyVolume(0)[Bar]);
        foreach (var source in new[] { SpreadSource.CorwinSchultz, SpreadSource.AbdiRanaldo })
            noisy.Conditions.EstimatedSpread(0, source)[Bar].ShouldBe(Market.Conditions.EstimatedSpread(0, source)[Bar]);
    }
}
