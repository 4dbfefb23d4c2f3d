using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Simulation.Tests;

/// <summary>What the venue does without asking, and orders that only reduce.</summary>
sealed partial class Schedule
{
    readonly List<(string Book, Order Order)> _sent = [];

    /// <summary>A fill of an order that may be long gone, of any size.</summary>
    async Task LateFillAsync()
    {
        if (_sent.Count == 0) return;
        var (name, order) = Any(_sent);
        var fill = new Fill(
            NextId("l"), order.ClientOrderId, null, order.Symbol, order.Action, _random.Next(1, 12),
            _world.Market.PriceOf(order.Symbol), 0, External: false);
        await BookFactAsync(name, fill);
    }

    /// <summary>More is filled than was approved.</summary>
    async Task OverfillAsync()
    {
        if (AnyOpen() is not { } found) return;
        var (book, open) = found;
        await BookFactAsync(book.Name, new Fill(
            NextId("v"), null, open.Id, open.Symbol, open.IsBuy ? Side.Buy : Side.Sell, open.Remaining + _random.Next(1, 5),
            _world.Market.PriceOf(open.Symbol), 0, External: false));
    }

    /// <summary>An exit of about the position, which others may rest beside; now and then where there is none.</summary>
    async Task ExitAsync()
    {
        var name = Any(Names);
        var book = _audit.Books[name];
        var held = book.Holdings.Where(held => held.Value.Quantity != 0).OrderBy(held => held.Key, StringComparer.Ordinal).ToList();
        var (symbol, units) = held.Count == 0 || Chance(10) ? (Any(_world.Market.Listed), 0m) : Any(held) switch { var one => (one.Key, one.Value.Quantity) };
        var order = new Order(symbol, units > 0 ^ Chance(5) ? Side.Sell : Side.Buy, Math.Max(1, Math.Abs(units) + _random.Next(-3, 4)), NextId("e"), null, null)
        {
            ReduceOnly = true,
        };
        var answer = await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ValidateAsync(order));
        await DecidedAsync(name, order, answer.Value!);
    }

    async Task ActAsync()
    {
        Note("  " + _world.Market.Act());
        await _world.AdvanceAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>And fills of it that come after.</summary>
    async Task EndOfSymbolAsync()
    {
        Note("  " + _world.Market.End());
        if (Chance(70)) await _world.AdvanceAsync(TimeSpan.FromSeconds(30));
        if (Chance(50)) await LateFillAsync();
    }

    async Task BookFactAsync(string name, Fill fill)
    {
        var answer = await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).FillAsync(fill));
        Ensure.That(answer.IsDone, $"{fill.FillId} has happened, and is answered with {answer.Kind} {string.Join(' ', answer.Errors)}");
        await FilledAsync(name, fill, answer.Value!);
    }
}
