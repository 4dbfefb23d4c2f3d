using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Simulation.Tests;

/// <summary>Signals that do not stand in each other's way.</summary>
public sealed class IndependenceTests
{
    const int Orders = 12, Permutations = 25;

    [Fact]
    public async Task Order_OfIndependentSignals_DoesNotChangeTheSumOfExposures()
    {
        await using var world = new World(seed: 7);
        await world.StartSiloAsync();
        var random = new Random(7);
        Order[] orders = [.. Enumerable.Range(0, Orders).Select(one => new Order(
            SimulatedMarket.Symbols[one % 5], random.Next(3) == 0 ? Side.Sell : Side.Buy, random.Next(1, 40) + (one % 4 * 0.25m), null, null, null))];
        var (first, _) = await ReserveAsync(world, "first", orders, together: false);
        for (var permutation = 0; permutation < Permutations; permutation++)
        {
            random.Shuffle(orders);
            var (used, reserved) = await ReserveAsync(world, $"other-{permutation}", orders, together: permutation % 2 == 0);
            (used.Gross, used.Net).ShouldBe((first.Gross, first.Net));
            used.Shortfall!.Value.ShouldBe(first.Shortfall!.Value, 0.001m);
            reserved.ShouldBe(Orders);
        }
    }

    static async Task<(BudgetAmounts Used, int Reserved)> ReserveAsync(World world, string name, Order[] orders, bool together)
    {
        var (book, risk) = (world.Grains().GetGrain<IPortfolioGrain>(name), world.Grains().GetGrain<IRiskLimitGrain>(name));
        await book.CreateAsync(new("USD", 1_000_000, AllowShort: true));
        await risk.UpdateLimitsAsync(new(new RiskLimits { MaxGrossExposure = 2, MaxExpectedShortfall975 = 0.5 }, "olga", "wide", null));
        if (together) (await risk.ValidateManyAsync([.. orders])).Value.ShouldAllBe(decision => decision.Read().Approved);
        else foreach (var order in orders) (await risk.ValidateAsync(order)).Value!.Read().Approved.ShouldBeTrue();
        return ((await book.GetBudgetAsync()).Value!.Used, (await book.GetSnapshotAsync()).Value!.Reservations.Length);
    }
}
