using Trading.Journal;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Simulation.Tests;

/// <summary>What runs have found, each as small as it can be told.</summary>
public sealed class FoundTests : IAsyncLifetime
{
    readonly World _world = new(seed: 1);

    public async ValueTask InitializeAsync()
    {
        await _world.StartSiloAsync();
        await Book.CreateAsync(new PortfolioTerms("USD", 100_000, AllowShort: false));
    }

    public async ValueTask DisposeAsync() => await _world.DisposeAsync();

    IPortfolioGrain Book => _world.Grains().GetGrain<IPortfolioGrain>("found");

    IRiskLimitGrain Risk => _world.Grains().GetGrain<IRiskLimitGrain>("found");

    /// <summary>Cents that were reserved and given back left their decimal places behind, but not in a snapshot.</summary>
    [Fact]
    public async Task Decision_OfABookFromASnapshot_IsReplayedToTheByte_AfterFractionsWereReservedAndReleased()
    {
        var approved = await DecideAsync("AA", 1.25m);
        await Book.ReleaseAsync(approved.DecisionId, "changed my mind");
        await RestartAsync();
        var decision = await DecideAsync("AA", 2m);
        (await Book.ReplayAsync(decision.DecisionId)).Value!.Identical.ShouldBeTrue();
    }

    /// <summary>Two equal orders at one instant were remembered twice and forgotten once: ten minutes later every approval failed for good.</summary>
    [Fact]
    public async Task Book_GoesOnDeciding_TenMinutesAfterTwoEqualOrdersAtOnce()
    {
        var order = new Order("AA", Side.Buy, 1, null, null, null);
        (await Risk.ValidateManyAsync([order, order])).Value.ShouldAllBe(decision => decision.Read().Approved);
        await _world.AdvanceAsync(TimeSpan.FromMinutes(11));
        _world.Market.Tick(newSession: false);
        await _world.AdvanceAsync(TimeSpan.FromSeconds(30));
        await DecideAsync("AA", 1);
    }

    /// <summary>Where nothing else had to be recorded first, the note of the new activation took the number that the answer names.</summary>
    [Fact]
    public async Task FirstAnswerOfAnActivation_NamesItsOwnPlaceInTheJournal()
    {
        var bought = await DecideAsync("AA", 5);
        await Book.FillAsync(new("bought", null, bought.DecisionId, "AA", Side.Buy, 5, bought.ReservedPrice!.Value, 0, External: false));
        _world.Market.Silence("AA");
        await RestartAsync();
        var sold = (await Risk.ValidateAsync(new("AA", Side.Sell, 2, "sold", null, null))).Value!.Read();
        sold.DecisionId.ShouldBe($"found:{await PlaceOfAsync("order:sold")}");
        await RestartAsync();
        var fill = await Book.FillAsync(new("sold", null, sold.DecisionId, "AA", Side.Sell, 2, 100, 0, External: false));
        fill.Value!.Sequence.ShouldBe(await PlaceOfAsync("fill:sold"));
    }

    /// <summary>An activation that another one had overtaken did not know the approval, and said for good that there was none.</summary>
    [Fact]
    public async Task OvertakenActivation_RefusesNothing_ThatItCannotKnow()
    {
        await DecideAsync("AA", 1);
        await _world.StartSiloAsync();
        var approved = (await _world.Grains(1).GetGrain<IRiskLimitGrain>("found").ValidateAsync(new("AA", Side.Buy, 3, null, null, null))).Value!.Read();
        var fill = new Fill("late", null, approved.DecisionId, "AA", Side.Buy, 3, 100, 0, External: false);
        await Should.ThrowAsync<JournalConflictException>(() => Book.FillAsync(fill));
        (await Book.FillAsync(fill)).IsDone.ShouldBeTrue();
    }

    async Task RestartAsync()
    {
        await _world.StopSiloAsync();
        await _world.StartSiloAsync();
    }

    async Task<long> PlaceOfAsync(string key) =>
        (await _world.Journal.Truth.FindAsync("portfolio/found", key, CancellationToken.None))!.Sequence;

    async Task<SignalDecision> DecideAsync(string symbol, decimal quantity)
    {
        var decision = (await Risk.ValidateAsync(new(symbol, Side.Buy, quantity, null, null, null))).Value!.Read();
        decision.Approved.ShouldBeTrue();
        return decision;
    }
}
