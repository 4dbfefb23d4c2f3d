using Trading.Journal;
using Trading.Portfolios;
using Trading.Portfolios.Tests;
using Trading.Testing;

namespace Trading.Risk.Tests;

/// <summary>What is wrong in a list is named with its place in it.</summary>
public sealed class BatchConflictTests : IAsyncLifetime
{
    readonly ManualTimeProvider _clock = new(Books.Now);
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public BatchConflictTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync()
    {
        _silo = await BookSilo.StartAsync(_clock, _journal, new Market { ["AA"] = Market.Walk("AA", 100m) });
        await Book.CreateAsync(new("USD", 100_000m, AllowShort: false));
    }

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public async Task IdsThatWereUsedBefore_AreEachNamedWithTheirPlace_AlsoBehindAMalformedSignal_AndNothingIsDecided()
    {
        (await Risk.ValidateAsync(Order("known", 1))).IsDone.ShouldBeTrue();

        var refused = await Risk.ValidateManyAsync(
        [
            Order("a", 1), Order("no spaces", 1), Order("known", 2), Order("known", 1), Order("a", 3), Order("b", 1),
        ]);

        refused.Kind.ShouldBe(OutcomeKind.Conflict);
        refused.Errors.Select(error => (error.Field, error.Rule)).ShouldBe(
            [("[2].client_order_id", "differs_from_first"), ("[4].client_order_id", "differs_from_first")]);
        refused.Errors[0].Message.ShouldBe("client_order_id 'known' was used before with another position_size.");
        (await Book.GetSnapshotAsync()).Value!.Reservations.Length.ShouldBe(1);
    }

    [Fact]
    public async Task TheSameSignalTwice_IsNoConflict()
    {
        var decided = (await Risk.ValidateManyAsync([Order("a", 1), Order("a", 1)])).Value;
        decided[0].Json.ShouldBe(decided[1].Json);
    }

    [Fact]
    public void RestrictedSymbols_AndWeekdays_AreNamedWithTheirPlace() => LimitRules.Check(RiskLimits.Default with
    {
        RestrictedSymbols = ["IBM", "ibm", "GE", "no way"],
        TradingHours = new("America/New_York", new(9, 30), new(16, 0), [Weekday.Monday, (Weekday)99]),
    }).Select(error => error.Field).ShouldBe(["restricted_symbols[1]", "restricted_symbols[3]", "trading_hours.weekdays[1]"]);

    IPortfolioGrain Book => _silo.Grains.GetGrain<IPortfolioGrain>("listed");

    IRiskLimitGrain Risk => _silo.Grains.GetGrain<IRiskLimitGrain>("listed");

    static Order Order(string id, decimal quantity) => new("AA", Side.Buy, quantity, id, null, null);
}
