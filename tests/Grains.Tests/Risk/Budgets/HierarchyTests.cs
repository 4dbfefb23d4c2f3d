using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Portfolios.Tests;
using Trading.Testing;

namespace Trading.Risk.Tests;

/// <summary>Firm, desks and books through the grains.</summary>
public sealed class HierarchyTests : IAsyncLifetime
{
    readonly ManualTimeProvider _clock = new(Books.Now);
    readonly Market _market = new() { ["ACME"] = Market.Walk("ACME", 100m) };
    readonly GateStorage _storage = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public HierarchyTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync() => await _silo.DisposeAsync();

    [Fact]
    public async Task FirmsLimit_HoldsOverAllBooksOfAllDesks_UnderConcurrentOrders_AndARestart()
    {
        string[] books = ["one", "two", "three", "four"];
        await LimitAsync("firm", 20_000m);
        await LimitAsync("desk/b", 8_000m);
        foreach (var book in books) await OpenAsync(book, book is "one" or "two" ? "desk/a" : "desk/b");
        for (var round = 0; round < 12; round++)
        {
            await Task.WhenAll(books.SelectMany(book => Enumerable.Range(0, 5).Select(_ => Risk(book).ValidateAsync(Buy(10)))));
            (await UsedAsync(books)).ShouldBeLessThanOrEqualTo(20_000m);
            (await UsedAsync("three", "four")).ShouldBeLessThanOrEqualTo(8_000m);
            if (round == 6)
            {
                await _silo.DisposeAsync();
                _silo = await StartAsync();
            }

            foreach (var book in books) await TendAsync(book);
        }

        (await UsedAsync(books)).ShouldBeGreaterThan(14_000m); // and what there is gets used
        var firm = await Node("firm").GetReportAsync();
        firm.Children.Select(child => child.Child).ShouldBe(["desk/a", "desk/b"]);
        firm.Granted.Gross!.Value.ShouldBeLessThanOrEqualTo(20_000m);
        firm.Granted.Gross.Value.ShouldBeGreaterThanOrEqualTo(await UsedAsync(books));
    }

    [Fact]
    public async Task Refusal_ForWantOfBudget_NamesBoth_AndTheNextTryFindsMore()
    {
        await LimitAsync("firm", 50_000m);
        var risk = await OpenAsync("hungry", "firm");
        var refused = (await risk.ValidateAsync(Buy(200))).Value!.Read();
        var broken = refused.Violations.ShouldHaveSingleItem();
        (broken.Code, broken.Observed, broken.Unit).ShouldBe((RiskRule.BudgetGross, 20_000m, "money"));
        await TendAsync("hungry");
        (await risk.ValidateAsync(Buy(200))).Value!.Read().Approved.ShouldBeTrue();
        var replay = (await Book("hungry").ReplayAsync(refused.DecisionId)).Value!;
        replay.Identical.ShouldBeTrue();
    }

    [Fact]
    public async Task BookThatMoves_GivesItsBudgetBack_AndOneThatLeavesIsFree()
    {
        await LimitAsync("desk/left", 10_000m);
        var risk = await OpenAsync("moving", "desk/left");
        (await risk.AssignAsync(new("desk/joined", "ada", "Reorganised"))).Value!.Grant!.Node.ShouldBe("desk/joined");
        (await Node("desk/left").GetReportAsync()).Children.ShouldBeEmpty();
        (await risk.AssignAsync(new(null, "ada", "On its own"))).Value!.Grant.ShouldBeNull();
        (await Node("desk/joined").GetReportAsync()).Children.ShouldBeEmpty();
        (await risk.ValidateAsync(Buy(500))).Value!.Read().Approved.ShouldBeTrue();
    }

    [Fact]
    public async Task Assignment_ThatIsWrong_OrOfAnotherCurrency_ChangesNothing()
    {
        await OpenAsync("dollars", "desk/money");
        (await Book("euros").CreateAsync(new("EUR", 1_000m, false))).IsDone.ShouldBeTrue();
        (await Risk("euros").AssignAsync(new("desk/money", "ada", "Together"))).Errors.ShouldHaveSingleItem().Rule.ShouldBe("currency");
        (await Risk("euros").AssignAsync(new("desk/Money", "", "Together"))).Errors.Select(error => error.Field).ShouldBe(["parent", "by"]);
        (await Risk("nobody").AssignAsync(new("firm", "ada", "Who?"))).Kind.ShouldBe(OutcomeKind.NotFound);
        (await Book("euros").GetBudgetAsync()).Value!.Grant.ShouldBeNull();
    }

    static Order Buy(decimal quantity) => new("ACME", Side.Buy, quantity, null, null, null);

    IRiskLimitGrain Risk(string portfolio) => _silo.Grains.GetGrain<IRiskLimitGrain>(portfolio);

    IPortfolioGrain Book(string portfolio) => _silo.Grains.GetGrain<IPortfolioGrain>(portfolio);

    IRiskBudgetGrain Node(string node) => _silo.Grains.GetGrain<IRiskBudgetGrain>(node);

    async Task LimitAsync(string node, decimal gross) =>
        (await Node(node).SetLimitsAsync(new(gross, null, null), "test", "test")).IsDone.ShouldBeTrue();

    /// <summary>What the timer does in its time.</summary>
    async Task TendAsync(string portfolio)
    {
        var parent = (await Book(portfolio).GetBudgetAsync()).Value!.Grant!.Node;
        (await Risk(portfolio).AssignAsync(new(parent, "test", "Look again"))).IsDone.ShouldBeTrue();
    }

    async Task<decimal> UsedAsync(params string[] books)
    {
        var used = 0m;
        foreach (var book in books) used += (await Book(book).GetBudgetAsync()).Value!.Used.Gross!.Value;
        return used;
    }

    async Task<IRiskLimitGrain> OpenAsync(string portfolio, string parent)
    {
        (await Book(portfolio).CreateAsync(new("USD", 100_000m, AllowShort: false))).IsDone.ShouldBeTrue();
        (await Risk(portfolio).UpdateLimitsAsync(new(new() { MinCash = 0m }, "test", "test", null))).IsDone.ShouldBeTrue();
        (await Risk(portfolio).AssignAsync(new(parent, "test", "test"))).IsDone.ShouldBeTrue();
        return Risk(portfolio);
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(
        _clock, _journal, _market, others: services => services.AddKeyedSingleton<IGrainStorage>("trading", _storage));
}
