using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <param name="Messages">Decisions and releases, in ticks.</param>
/// <param name="Day">On which <paramref name="DayEquity"/> was the equity at its start, moved by payments.</param>
public sealed record ActivityState(
    long Now,
    ImmutableArray<long> Messages,
    ImmutableArray<RecentOrder> Orders,
    ImmutableArray<SymbolActivityState> Symbols,
    ImmutableArray<StrategyLeg> Strategies,
    DateOnly Day,
    decimal DayEquity,
    SessionStatus? Session)
{
    /// <summary>How many symbols are remembered before those are looked for that do not matter any more; zero for the
    /// first time.</summary>
    public int SweepAt { get; init; }
}

/// <summary>What a book remembers of the last minutes and of the day, for the rules that count over time. Made of the
/// book's events alone and bounded, so that it is the same after a replay and after a snapshot.</summary>
public sealed class Activity
{
    /// <summary>How far back anything is counted, in ticks.</summary>
    internal const long Memory = (long)LimitRules.MaxWindowSeconds * TimeSpan.TicksPerSecond;

    /// <summary>Symbols among which those that do not matter any more are looked for.</summary>
    const int FirstSweep = 64;

    readonly Dictionary<string, SymbolActivity> _symbols = [];
    readonly RecentTimes _messages = new((int)LimitRules.MaxMessages);
    readonly RecentOrders _orders = new();
    readonly StrategyExposures _strategies = new();
    readonly SelfTradePrevention _ownPrices = new();
    AssetClass _market = AssetClass.Crypto;
    DateOnly _day;
    decimal _dayEquity;
    long _now;
    int _sweepAt = FirstSweep;

    /// <summary>Null where no caller was ever heard.</summary>
    public SessionStatus? Session { get; private set; }

    internal void Apply(BookEvent change)
    {
        switch (change)
        {
            case Opened opened:
                _market = MarketOf(opened.Terms);
                StartDay(At(opened.At), opened.Terms.Cash);
                break;
            case DayStarted started:
                StartDay(At(started.At), started.Equity);
                break;
            case CashTransferred transferred:
                _dayEquity += transferred.Transfer.Amount;
                break;
            case SignalDecided decided:
                Decided(decided.Decision);
                break;
            case Filled { Receipt: var receipt }:
                var filledAt = At(receipt.BookedAt);
                Of(receipt.Symbol).Fill(filledAt, DayOf(filledAt), receipt.Action, receipt.Quantity);
                break;
            case Released released:
                _messages.Add(At(released.At));
                break;
            case SymbolEnabled { Enabled: var enabled }:
                Of(enabled.Symbol).Enable();
                break;
            case SessionConnected connected:
                Session = new(true, connected.TimeoutSeconds, connected.At);
                break;
            case SessionLost lost:
                Session = Session! with { Connected = false, HeardAt = lost.HeardAt };
                break;
        }
    }

    internal void Open(Reservation reservation)
    {
        _strategies.Open(reservation, reservation.Remaining, reservation.BookPrice());
        _ownPrices.Open(reservation);
    }

    /// <param name="quantity">Units that it no longer holds.</param>
    internal void Reduce(Reservation reservation, decimal quantity)
    {
        _strategies.Open(reservation, -quantity);
        if (reservation.Remaining == quantity) _ownPrices.Close(reservation);
    }

    /// <summary>Counts what happened in a symbol in the units of after a split.</summary>
    internal void Rescale(string symbol, SplitRatio ratio)
    {
        _symbols.GetValueOrDefault(symbol)?.Rescale(ratio);
        _orders.Rescale(symbol, ratio);
        _strategies.Rescale(symbol, ratio);
    }

    /// <summary>What strategies hold of a symbol they hold of another one.</summary>
    internal void Rename(string symbol, string newSymbol) => _strategies.Rename(symbol, newSymbol);

    internal void Post(string? strategy, FillReceipt receipt) => _strategies.Post(strategy, receipt);

    /// <summary>Executions that disabled a symbol; null while it is enabled.</summary>
    public long? DisabledBy(string symbol) => _symbols.GetValueOrDefault(symbol)?.Disabled;

    /// <summary>Whether the day of an instant has no start yet.</summary>
    public bool IsNewDay(DateTimeOffset now) => DayOf(now.UtcTicks) > _day;

    /// <summary>The loss since the start of the day as a fraction; negative for a profit, null where that start was not
    /// positive.</summary>
    internal double? DailyLoss(decimal equity) => Money.Fraction(_dayEquity - equity, _dayEquity);

    /// <summary>Gross value of an order's strategy without it and with it, at a price.</summary>
    internal (decimal Before, decimal After) StrategyValues(Order order, decimal price) =>
        _strategies.ValueWith(order, price);

    /// <summary>What the limits that count over time need to know before an order.</summary>
    internal OrderActivity Before(Order order, RiskLimits limits, DateTimeOffset now)
    {
        var ticks = now.UtcTicks;
        var symbol = _symbols.GetValueOrDefault(order.Symbol);
        var approved = limits is { MaxWindowQuantity: null, MaxWindowNotional: null }
            ? default
            : symbol?.ApprovedAfter(ticks - Ticks(limits.WindowSeconds)) ?? default;
        return new(
            limits.MaxMessages is null ? 0 : _messages.CountAfter(ticks - Ticks(limits.MessageWindowSeconds)),
            limits.DuplicateWindowSeconds is not null && _orders.Find(order) is { } same && ticks - same < Memory
                ? (double)(ticks - same) / TimeSpan.TicksPerSecond
                : null,
            limits.PreventSelfMatch && _ownPrices.WouldCross(order),
            approved.Quantity,
            approved.Notional,
            symbol?.Disabled
                ?? (limits.MaxRepeatedExecutions is null
                    ? 0
                    : symbol?.MostExecutions(Ticks(limits.RepeatedExecutionSeconds)) ?? 0),
            symbol?.Disabled is not null,
            limits.MaxIntradayPosition is null ? 0 : symbol?.TradedNetOn(DayOf(ticks)) ?? 0,
            Session);
    }

    internal ActivityState Save() => new(
        _now, _messages.Save(_now - Memory), _orders.Save(_now - Memory),
        [
            .. _symbols.OrderBy(pair => pair.Key, StringComparer.Ordinal)
                .Select(pair => pair.Value.Save(pair.Key, _now, DayOf(_now)))
        ],
        _strategies.Save(), _day, _dayEquity, Session) { SweepAt = _sweepAt };

    /// <summary>After the open reservations are.</summary>
    internal void Restore(ActivityState state, PortfolioTerms? terms)
    {
        _market = MarketOf(terms);
        (_now, _day, _dayEquity, Session) = (state.Now, state.Day, state.DayEquity, state.Session);
        _sweepAt = Math.Max(FirstSweep, state.SweepAt);
        _messages.Restore(state.Messages);
        _strategies.Restore(state.Strategies);
        foreach (var order in state.Orders) _orders.Add(order);
        foreach (var symbol in state.Symbols) _symbols[symbol.Symbol] = SymbolActivity.Restore(symbol);
    }

    void Decided(SignalDecision decision)
    {
        var at = At(decision.DecidedAt);
        _messages.Add(at);
        foreach (var violation in decision.Violations)
            if (violation is { Code: RiskRule.RepeatedExecutions, Observed: { } executions })
                Of(decision.Symbol).Disable((long)executions);
        if (!decision.Approved) return;
        var approved = decision.ReservedQuantity ?? decision.Quantity;
        Of(decision.Symbol).Approve(
            at, approved,
            approved * decision.ReservedPrice!.Value * (decision.Currency is null ? 1 : decision.FxRate ?? 0));
        _orders.Add(new(decision.Symbol, decision.Action, decision.Quantity, decision.LimitPrice, at));
    }

    void StartDay(long at, decimal equity) => (_day, _dayEquity) = (DayOf(at), equity);

    SymbolActivity Of(string symbol)
    {
        if (_symbols.TryGetValue(symbol, out var known)) return known;
        if (_symbols.Count >= _sweepAt)
        {
            foreach (var (other, activity) in _symbols)
                if (!activity.Matters(_now, DayOf(_now))) _symbols.Remove(other);
            _sweepAt = FirstSweep + (2 * _symbols.Count);
        }

        return _symbols[symbol] = new SymbolActivity();
    }

    /// <summary>The instant of an event in ticks. The clock of the book does not go back.</summary>
    long At(DateTimeOffset at) => _now = Math.Max(_now, at.UtcTicks);

    static long Ticks(double seconds) => (long)(seconds * TimeSpan.TicksPerSecond);

    /// <summary>Books that were opened before there was a choice have the day of UTC.</summary>
    internal static AssetClass MarketOf(PortfolioTerms? terms) => terms?.Market ?? AssetClass.Crypto;

    DateOnly DayOf(long ticks) => SessionDays.TradeDate(_market, new(ticks, TimeSpan.Zero));
}
