using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Backtests;

/// <summary>The pre-trade check of a backtest: that of a live book (<see cref="Portfolios.BookValuation"/>,
/// <see cref="SignalRules"/> and the circuit breakers), kept for each account in memory under the clock of the
/// run.</summary>
/// <remarks>What persons and other systems do to a live book is not there: resets of breakers, stops, overrides,
/// budgets, forecasts, quarantined prices. An approval holds its exposure until its order leaves the market.</remarks>
/// <param name="limits">What every account is held to.</param>
/// <param name="resetsAfter">When a person resets a breaker that waits for one; null for never.</param>
/// <param name="waits">Whether looks that move nothing but prices wait until an account is asked; the same decisions,
/// later.</param>
public sealed class SignalRulesGate(
    RiskLimits limits, bool allowShort = true, TimeSpan? resetsAfter = null, bool waits = true) : ITradeGate
{
    readonly LimitsVersion _limits = new(1, limits, "backtest", default, "The limits of the test.");
    readonly Dictionary<IAccountView, GateBook> _books = [];
    readonly Dictionary<int, GateBook> _byOrder = [];

    /// <summary>Looks of all accounts that did not wait; those of this run.</summary>
    internal int LooksMade => _books.Values.Sum(book => book.LooksMade);

    public void Begin()
    {
        _books.Clear();
        _byOrder.Clear();
    }

    public void Look(IAccountView account) => BookOf(account).Look();

    public ImmutableArray<BrokenRule> Check(in GateRequest request)
    {
        var book = BookOf(request.Account);
        var broken = book.Decide(request);
        if (broken.IsEmpty) _byOrder[request.Order] = book;
        return broken;
    }

    public void Filled(int order, decimal units, decimal value, decimal fees) =>
        _byOrder[order].Fill(order, units, value, fees);

    public void Ended(int order)
    {
        if (_byOrder.Remove(order, out var book)) book.End(order);
    }

    public void Split(int series, decimal ratio)
    {
        foreach (var book in _books.Values) book.Split(series, ratio);
    }

    GateBook BookOf(IAccountView account) => _books.TryGetValue(account, out var book)
        ? book
        : _books[account] = new(account, _limits, allowShort, resetsAfter, waits);
}
