using Trading.Journal;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Many callers at once, through the grains: whatever the order of things, every book keeps its limits and its cash.</summary>
public sealed class CrowdTests : IAsyncLifetime
{
    const int Callers = 64;
    const decimal Price = 100m;
    static readonly string[] Symbols = ["AA", "BA", "CAT", "DD"];
    static readonly RiskLimits Limits = new() { MaxPositionWeight = 0.2, MaxGrossExposure = 0.5, MaxValueAtRisk95 = 0.008, MinCash = 40_000m };

    readonly ManualTimeProvider _clock = new(Now);
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public CrowdTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync()
    {
        var market = new Market();
        foreach (var symbol in Symbols) market[symbol] = Market.Walk(symbol, Price);
        _silo = await BookSilo.StartAsync(_clock, _journal, market);
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Theory]
    [InlineData(1, 10_000)]
    [InlineData(1_000, 10_000)]
    public async Task SixtyFourCallers_WithTenThousandOperations_BreakNoLimit_AndLoseNoMoney(int books, int operations)
    {
        string[] names = [.. Enumerable.Range(0, books).Select(book => $"crowd-{books}-{book}")];
        foreach (var name in names)
        {
            (await Book(name).CreateAsync(new PortfolioTerms("USD", 100_000m, AllowShort: false))).IsDone.ShouldBeTrue();
            (await Risk(name).UpdateLimitsAsync(new LimitsChange(Limits, "test", "test", null))).IsDone.ShouldBeTrue();
        }

        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller =>
            Task.Run(() => CallAsync(names, new Random(caller), operations / Callers))));

        callers.Sum(caller => caller.Approved).ShouldBeGreaterThan(books);
        callers.Sum(caller => caller.Refused).ShouldBeGreaterThan(100);
        foreach (var name in names) Hold((await Book(name).GetSnapshotAsync()).Value!);
    }

    async Task<(int Approved, int Refused)> CallAsync(string[] names, Random random, int operations)
    {
        var (approved, refused) = (0, 0);
        for (var done = 0; done < operations; done++)
        {
            var name = names[random.Next(names.Length)];
            var order = Order(random.Next(4) == 0 ? Side.Sell : Side.Buy, random.Next(1, 60), symbol: Symbols[random.Next(Symbols.Length)]);
            var decision = (await Risk(name).ValidateAsync(order)).Value!.Read();
            if (decision.Approved) approved++;
            else refused++;
            if (!decision.Approved || random.Next(3) == 0) continue;
            done++;
            var ended = random.Next(3) == 0
                ? (await Book(name).ReleaseAsync(decision.DecisionId, "cancelled")).IsDone
                : (await Book(name).FillAsync(new Fill(
                    decision.DecisionId, null, decision.DecisionId, order.Symbol, order.Action, random.Next(1, (int)order.Quantity + 1), Price, 0.01m, External: false))).IsDone;
            ended.ShouldBeTrue();
        }

        return (approved, refused);
    }

    static void Hold(PortfolioSnapshot book)
    {
        var open = book.Reservations.Where(one => one.Action == Side.Buy).ToLookup(one => one.Symbol, one => one.Remaining * Price);
        var held = book.Positions.ToDictionary(position => position.Symbol, position => position.MarketValue!.Value);
        var exposed = Symbols.Select(symbol => held.GetValueOrDefault(symbol) + open[symbol].Sum()).ToList();
        var equity = book.Equity!.Value + book.Fees; // fees come after the approval that they belong to
        exposed.Max().ShouldBeLessThanOrEqualTo(0.2m * equity);
        exposed.Sum().ShouldBeLessThanOrEqualTo(0.5m * equity);
        (book.Cash + book.Fees - open.Sum(symbol => symbol.Sum())).ShouldBeGreaterThanOrEqualTo(40_000m);
        book.Positions.ShouldAllBe(position => position.Quantity >= 0);
        book.Equity.ShouldBe(book.Deposits + book.RealisedPnl + book.UnrealisedPnl - book.Fees);
    }

    IPortfolioGrain Book(string id) => _silo.Grains.GetGrain<IPortfolioGrain>(id);

    IRiskLimitGrain Risk(string id) => _silo.Grains.GetGrain<IRiskLimitGrain>(id);
}
