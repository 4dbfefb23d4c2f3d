using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Risk;
using Execution = Trading.Portfolios.Fill;

namespace Trading.Backtests;

/// <summary>The live book of one account of a run: the same state, events, valuation and guards, in memory.</summary>
sealed class GateBook
{
    /// <summary>Keyed events that it remembers; nobody repeats one here.</summary>
    const int RecentKeys = 16;

    /// <summary>Windows of the risk whose sessions are told, as a live book keeps them: holidays differ.</summary>
    const int WindowsTold = 2;

    /// <summary>From cooling to half open to closed.</summary>
    const int MostMovesOfTime = 2;

    /// <summary>Where interest, dividends, borrowing and funding are booked.</summary>
    const string Carry = "CARRY";

    static readonly FrozenDictionary<RiskRule, string> Codes = Enum.GetValues<RiskRule>()
        .ToFrozenDictionary(rule => rule, rule => JsonSerializer.Serialize(rule).Trim('"'));

    readonly IAccountView _account;
    readonly LimitsVersion _limits;
    readonly BookValuation _valuation;
    readonly GatePrices _prices;
    readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);
    readonly Dictionary<int, string> _approvals = [];
    readonly Dictionary<int, decimal> _splits = [];
    readonly TimeSpan? _resetsAfter;
    readonly QuietLook? _quiet;
    DateTimeOffset _now;
    decimal? _equity;
    bool _lookWaits, _wasSplit;

    /// <param name="resetsAfter">When a person resets a breaker that waits for one; null for never.</param>
    /// <param name="waits">Whether looks that move nothing but prices wait until the book is asked.</param>
    public GateBook(
        IAccountView account, LimitsVersion limits, bool allowShort, TimeSpan? resetsAfter, bool waits = true)
    {
        (_account, _limits, _now, _equity) = (account, limits, account.Now, account.Cash);
        _resetsAfter = resetsAfter;
        var options = new PortfolioOptions();
        _valuation = new(new("backtest", RecentKeys), options);
        _prices = new(account, WindowsTold * (options.VarLookbackDays + 1));
        _quiet = waits ? new(account, _valuation, resetsAfter is not null) : null;
        Apply(new Opened(new("USD", account.Cash, allowShort), _now));
        if (Monitor.Configured(limits, _now) is { } configured) Apply(configured);
    }

    /// <summary>Looks that did not wait.</summary>
    public int LooksMade { get; private set; }

    Book Book => _valuation.Book;

    BreakerMonitor Monitor => _valuation.BreakerMonitor;

    /// <summary>New prices, what was earned and paid for holding, and what the guards make of it.</summary>
    public void Look()
    {
        if (_wasSplit || _quiet?.Equity(_places, _account.Now) is not { } equity)
        {
            LookNow();
            return;
        }

        (_equity, _lookWaits) = (equity, true);
        RaiseMark();
    }

    void LookNow()
    {
        (_lookWaits, _wasSplit) = (false, false);
        LooksMade++;
        _quiet?.Forget();
        BeginTurn();
        foreach (var symbol in Book.Exposures.Keys.Order(StringComparer.Ordinal).ToArray()) Settle(symbol);
        var paid = Book.Cash - _account.Cash;
        if (paid != 0) Apply(CarryOf(paid));
        _equity = _valuation.Equity;
        RaiseMark();
        if (Monitor.References(_now) is { } moved) Apply(moved);
        Monitor.Look(_now);
        foreach (var due in Monitor.Due(_now)) Apply(due);
    }

    void RaiseMark()
    {
        if (_equity > Book.HighWaterMark) Apply(new HighWaterMarkRaised(_equity.Value, _account.Now));
    }

    /// <summary>Decides an order as the live book does; an approval is held until <see cref="End"/>.</summary>
    public ImmutableArray<BrokenRule> Decide(in GateRequest request)
    {
        if (_lookWaits) LookNow(); // strategies decide right after the look: it finds what it would have found
        BeginTurn();
        var symbol = _account.Symbol(request.Series);
        _places[symbol] = request.Series;
        Price(request.Series);
        foreach (var due in Monitor.Due(_now)) Apply(due);
        var order = new Order(
            symbol, request.Quantity > 0 ? Side.Buy : Side.Sell, Math.Abs(request.Quantity), null, null,
            request.LimitPrice) { Strategy = _account.Strategy };
        var decided = PreTradeCheck.Decide(_valuation, order, _limits, _now);
        Apply(decided);
        if (!decided.Decision.Approved)
            return [.. decided.Decision.Violations.Select(one =>
                new BrokenRule(Codes[one.Code], one.Observed, one.Limit))];
        _approvals[request.Order] = decided.Decision.DecisionId;
        return [];
    }

    public void Fill(int order, decimal units, decimal value, decimal fees)
    {
        BeginTurn();
        var open = Book.FindReservation(_approvals[order]);
        if (open is null) return; // cut down with the position; what it traded is settled at the next look
        Take(open.Symbol, units, value / Math.Abs(units), fees, open.ReservationId);
    }

    public void End(int order)
    {
        BeginTurn();
        if (_approvals.Remove(order, out var id) && Book.FindReservation(id) is { } open)
            Apply(new Released(open, "It left the market.", _now));
    }

    public void Split(int series, decimal ratio)
    {
        BeginTurn();
        var symbol = _account.Symbol(series);
        var isHeld = Book.Exposures.ContainsKey(symbol);
        if (_lookWaits && isHeld) Price(series); // in the old units
        _splits[series] = _splits.GetValueOrDefault(series, 1) * ratio;
        if (!isHeld) return;
        _wasSplit = true;
        var before = Book.HoldingOf(symbol);
        var after = before with { Quantity = before.Quantity * ratio, Average = before.Average / ratio };
        Apply(new CorporateActionTaken(
            symbol, new(DateOnly.FromDateTime(_now.UtcDateTime), CorporateActionKind.Split, ratio), "backtest", null,
            false, before.Quantity, false, _valuation.Prices.Find(symbol)!.Price, before, after, 0,
            [
                .. Book.Reservations.Where(open => open.Symbol == symbol).Select(open => open with
                {
                    Quantity = open.Quantity * ratio, Remaining = open.Remaining * ratio,
                    ReferencePrice = open.ReferencePrice / ratio, LimitPrice = open.LimitPrice / ratio,
                }),
            ],
            _now));
    }

    /// <summary>What time alone brings, at the prices of before: breakers go on, and a day begins.</summary>
    void BeginTurn()
    {
        if (_account.Now <= _now) return;
        _now = _account.Now;
        if (_resetsAfter is { } patience)
            foreach (var breaker in Book.Guards.Breakers.Where(one => one.Since + patience <= _now).ToArray())
                Reset(breaker);
        for (var move = 0; move < MostMovesOfTime; move++)
            foreach (var at in Book.Guards.Breakers.Select(DueAt).OfType<DateTimeOffset>().Order().ToArray())
                if (at <= _now)
                    foreach (var due in Monitor.Due(at)) Apply(due);
        if (BookRules.StartDay(Book, _equity, _now) is { } day) Apply(day);
    }

    /// <summary>As two persons would who have looked at it; refused as theirs would be while it would trip
    /// again.</summary>
    void Reset(Breaker breaker)
    {
        var inForce = Book.Guards.Settings?.Breakers.Of(breaker.Name);
        if (breaker.State != BreakerState.Tripped || (inForce ?? breaker.TrippedUnder) is not { } settings
            || BreakerRules.ResetOf(breaker, settings) == BreakerReset.Automatic)
            return;
        var at = breaker.Since!.Value + _resetsAfter!.Value;
        var measure = Monitor.Measure(breaker.Name, settings, at);
        var reset = BreakerRules.Reset(
            breaker, inForce, measure, _equity, new("desk", "The test resets it.", "risk"), at);
        if (reset.Value is { } moved) Apply(moved);
    }

    /// <summary>When a breaker has waited long enough; null where it waits for no time.</summary>
    static DateTimeOffset? DueAt(Breaker breaker) => breaker switch
    {
        { State: BreakerState.Cooling, TrippedUnder: { } set } => breaker.Since!.Value.AddSeconds(set.CoolingSeconds),
        { State: BreakerState.HalfOpen, TrippedUnder: { } set } => breaker.Since!.Value.AddSeconds(set.HalfOpenSeconds),
        _ => null,
    };

    /// <summary>The newest price of a symbol, and its position as the account has it: a listing that ended was paid out
    /// without an order.</summary>
    void Settle(string symbol)
    {
        var series = _places[symbol];
        Price(series);
        var missing = _account.Position(series) - Book.ExposureOf(symbol).Quantity;
        if (missing != 0) Take(symbol, missing, _valuation.Prices.Find(symbol)!.Price, 0, null);
    }

    void Price(int series)
    {
        if (_prices.Next(series, _splits.TryGetValue(series, out var ratio) ? ratio : null) is not { } priced) return;
        _splits.Remove(series);
        Apply(priced);
    }

    void Take(string symbol, decimal units, decimal price, decimal fees, string? reservation)
    {
        var fill = new Execution(
            string.Create(CultureInfo.InvariantCulture, $"{Book.Sequence + 1}"), null, reservation, symbol,
            units > 0 ? Side.Buy : Side.Sell, Math.Abs(units), price, fees, External: reservation is null);
        foreach (var change in FillRules.Take(Book, fill, _now)) Apply(change);
    }

    /// <summary>Money that moves without a trade is profit or loss, not a payment: it is booked like a fee.</summary>
    Filled CarryOf(decimal paid)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"{Book.Sequence + 1}");
        return new(
            new(id, null, null, Carry, Side.Buy, 0, 0, paid, External: true),
            new(id, Book.Sequence + 1, null, Carry, Side.Buy, 0, 0, paid, 0, null, 0, Book.Cash - paid, _now));
    }

    void Apply(BookEvent change) => _valuation.Apply(change);
}
