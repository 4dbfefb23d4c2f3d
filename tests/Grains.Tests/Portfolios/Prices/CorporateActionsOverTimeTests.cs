using Trading.Journal;
using Trading.MarketData;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Corporate actions on their way from the series to a book that runs, ends and runs again.</summary>
public sealed class CorporateActionsOverTimeTests : IAsyncLifetime
{
    static readonly DateOnly ExDate = new(2026, 1, 2);
    static readonly CorporateAction Reverse = new(ExDate, CorporateActionKind.Split, 0.25m);
    static readonly LimitsVersion Limits = new(1, new RiskLimits(), "test", Now, "test");
    readonly ManualTimeProvider _clock = new(Now);
    readonly Market _market = new() { ["AA"] = Market.Walk("AA", 3m) };
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public CorporateActionsOverTimeTests() => _journal = new InMemoryJournal(_clock);

    IPortfolioGrain Book => _silo.Grains.GetGrain<IPortfolioGrain>("acted");

    public async ValueTask InitializeAsync()
    {
        _silo = await StartAsync();
        (await Book.CreateAsync(new("USD", 1_000m, AllowShort: false))).IsDone.ShouldBeTrue();
        (await Book.FillAsync(External("f", Side.Buy, 7, 4))).IsDone.ShouldBeTrue();
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task Split_ReachesTheBookWithItsPrice_AndOnce_AlsoAfterARestart()
    {
        var before = (await Book.GetSnapshotAsync()).Value!;
        _market["AA"] = Next(2, 12, Reverse);
        await _silo.TickUntilAsync(async () => await CountAsync() == 1);
        await RestartAsync();
        _market["AA"] = Next(3, 13, Reverse);
        await _silo.TickUntilAsync(async () => (await ShownAsync()).LastPrice == 13);

        var position = await ShownAsync();
        (position.Quantity, position.AverageCost, position.RealisedPnl).ShouldBe((1m, 16m, -3m));
        var after = (await Book.GetSnapshotAsync()).Value!;
        (after.Equity, after.HighWaterMark).ShouldBe((before.Equity + 1, before.HighWaterMark));
        (await CountAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task Split_ThatCameWhileNobodyRan_IsTakenByTheNextActivation()
    {
        await _silo.DisposeAsync();
        _market["AA"] = Next(2, 12, Reverse);
        _silo = await StartAsync();
        (await ShownAsync()).Quantity.ShouldBe(1m);
    }

    [Fact]
    public async Task SplitThatBecomesKnownLate_MarksTheDecisionsMadeMeanwhile()
    {
        _market["AA"] = Next(2, 12);
        await _silo.TickUntilAsync(async () => (await ShownAsync()).LastPrice == 12);
        var meanwhile = (await Book.ReserveAsync(Order(Side.Buy, 1), Limits)).Value!.Read().DecisionId;
        _market["AA"] = Next(3, 12, Reverse);
        await _silo.TickUntilAsync(async () => await CountAsync() == 1);
        var later = (await Book.ReserveAsync(Order(Side.Buy, 1), Limits)).Value!.Read().DecisionId;

        var replay = (await Book.ReplayAsync(meanwhile)).Value!;
        replay.Identical.ShouldBeTrue();
        replay.Explanation.LateActions.ShouldHaveSingleItem().Action.ShouldBe(Reverse);
        (await Book.ReplayAsync(later)).Value!.Explanation.LateActions.ShouldBeEmpty();
        (await ShownAsync()).Quantity.ShouldBe(1m);
    }

    /// <summary>Both at once: what the first change moves is part of what the second one moves.</summary>
    [Fact]
    public async Task ChangesOfSymbol_InAChain_LoseNoUnit()
    {
        foreach (var symbol in (string[])["BB", "CC"]) _market[symbol] = Market.Walk(symbol, 3);
        foreach (var symbol in (string[])["BB", "CC"])
            (await Book.FillAsync(External($"f-{symbol}", Side.Buy, 10, 4, symbol: symbol))).IsDone.ShouldBeTrue();

        foreach (var (symbol, successor) in (ReadOnlySpan<(string, string)>)[("AA", "BB"), ("BB", "CC")])
            _market[symbol] = Market.Walk(symbol, 3, version: 2) with { Actions = [CorporateAction.Renamed(ExDate, successor)] };
        await _silo.TickUntilAsync(async () => (await Book.GetSnapshotAsync()).Value!.Positions.Length == 1);

        var moved = await ShownAsync();
        (moved.Symbol, moved.Quantity, moved.AverageCost).ShouldBe(("CC", 27m, 4m));
    }

    /// <summary>One session more, in the units of after the actions.</summary>
    static PriceSeries Next(long version, decimal price, params CorporateAction[] actions)
    {
        var series = Market.Walk("AA", actions.Length > 0 ? 12 : 3, version: version);
        return series with { Dates = series.Dates.Add(ExDate), Closes = series.Closes.Add(price), Actions = [.. actions] };
    }

    async Task<Position> ShownAsync() => (await Book.GetSnapshotAsync()).Value!.Positions.Single();

    async Task<int> CountAsync()
    {
        var count = 0;
        await foreach (var recorded in _journal.ReadAsync("portfolio/acted", 0, default))
            if (recorded.Type == "corporate_action_taken") count++;
        return count;
    }

    async Task RestartAsync()
    {
        await _silo.DisposeAsync();
        _silo = await StartAsync();
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(_clock, _journal, _market, new() { SnapshotEvery = 20 });
}
