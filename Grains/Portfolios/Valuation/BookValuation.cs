using System.Collections.Immutable;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A book, the prices that it is valued at, and its risk: three things that move together. Pure: time is an
/// argument.</summary>
sealed partial class BookValuation
{
    readonly HistoricalSimulation _scenarios;
    readonly PriceCache _prices;
    readonly Dictionary<string, decimal> _sectors = [];
    readonly PortfolioOptions _options;
    readonly string[] _riskMethods;
    readonly SortedDictionary<string, int> _currencies = new(StringComparer.Ordinal);
    ExposureTotals _totals;
    int _unpriced;
    bool _outdated;

    public BookValuation(Book book, PortfolioOptions options)
    {
        Book = book;
        _options = options;
        _riskMethods = [.. Enum.GetValues<OpenOrderConvention>().Select(convention =>
            RiskMethods.Short(options.VarLookbackDays, convention))];
        _scenarios = new HistoricalSimulation(
            options.VarLookbackDays, options.VarMinSessions, staysNewest: options.AmountDecimals > Money.Decimals);
        _prices = new PriceCache(
            book, options.VarLookbackDays, options.PriceCache, options.AmountDecimals, options.PegsInForce(),
            options.PegPairs);
        foreach (var symbol in book.Exposures.Keys.Order(StringComparer.Ordinal))
            Expose(symbol, default);
        book.ExposureChanged = Expose;
        BreakerMonitor = new BreakerMonitor(this);
    }

    public Book Book { get; }
    public PriceCache Prices => _prices;
    public PortfolioOptions Options => _options;

    /// <summary>Measures the valuation for its circuit breakers.</summary>
    public BreakerMonitor BreakerMonitor { get; }

    /// <summary>How the risk numbers of decisions are made.</summary>
    public string RiskMethodOf(OpenOrderConvention convention) => _riskMethods[(int)convention];

    /// <summary>Cash and positions at the last prices and rates; null while one of them is unknown.</summary>
    public decimal? Equity
    {
        get
        {
            Settle();
            return _unpriced == 0 && Book.IsConverted ? Book.Cash + _totals.MarketValue : null;
        }
    }

    /// <summary>Sum of the absolute values of the positions booked; null while a price is unknown.</summary>
    public decimal? PostedGross => Equity is not null
        ? Book.Exposures.Sum(pair => Math.Abs(_prices.Find(pair.Key)!.ValueOf(pair.Value.Quantity)))
        : null;

    /// <summary>The largest tail of the book over all ways in which its open orders may fill or not, in
    /// money.</summary>
    public TailEstimate? Tail
    {
        get
        {
            Settle();
            return _scenarios.Tail;
        }
    }

    /// <summary>Symbols held or open whose returns say nothing of their risk, so that the book's is unknown.</summary>
    public IReadOnlyList<string> Repeating
    {
        get
        {
            Settle();
            return _scenarios.Repeating;
        }
    }

    /// <summary>Returns that <see cref="Tail"/> is measured by.</summary>
    public int Sample
    {
        get
        {
            Settle();
            return _scenarios.Sample;
        }
    }

    /// <summary>The profits and losses of the book at its effective positions, oldest first.</summary>
    public ReadOnlySpan<double> ScenarioPnl => _scenarios.Pnl;

    /// <summary>Whether the risk of the book, or of an order of the symbol, is measured by its price in a
    /// session.</summary>
    public bool IsMeasuredBy(string symbol, DateOnly session)
    {
        Settle();
        return _prices.Find(symbol) is { } instrument && _scenarios.Covers(instrument, session);
    }

    /// <summary>Whether the book is valued by a symbol's prices: it holds it, or converts by it what it
    /// holds.</summary>
    public bool IsValuedBy(string symbol) => Book.Exposures.ContainsKey(symbol)
        || (_currencies.Count > 0 && _currencies.Keys.Any(currency => _prices.PairsOf(currency).Contains(symbol)));

    /// <summary>The rates that the book is valued by, and that of one more currency.</summary>
    public ImmutableArray<RateUsed> RatesWith(string? currency = null) =>
        _currencies.Count == 0 && currency is null ? [] :
        [
            .. _currencies.Keys.Union(currency is null ? [] : [currency]).Order(StringComparer.Ordinal)
                .Select(_prices.RateOf)
        ];

    /// <summary>Makes an event part of the book and moves the risk with it.</summary>
    public void Apply(BookEvent change)
    {
        switch (change)
        {
            case Priced priced:
                _prices.Apply(priced);
                _outdated |= IsValuedBy(priced.Symbol);
                break;
            case Recalculated:
                _outdated = true;
                break;
            default:
                Settle(); // what moves by steps moves from a settled state, at every replay the same
                break;
        }

        Book.Apply(change);
    }

    /// <summary>The conflict where so many more approvals are more than the book may hold open; else null.</summary>
    public Outcome<T>? TooManyOpen<T>(int more) => Book.Reservations.Count + more <= _options.MaxOpenReservations ? null
        : Outcome.Conflict<T>(
            "portfolio", "too_many_reservations",
            $"The portfolio would have more than {_options.MaxOpenReservations} approvals that are not filled.");

    /// <summary>Values everything anew from the events and the prices alone, where prices changed.</summary>
    void Settle()
    {
        if (!_outdated) return;
        _outdated = false;
        (_totals, _unpriced) = (default, 0);
        _sectors.Clear();
        _currencies.Clear();
        // In one order, so that a sum that has no room for all its digits is the same whatever happened before.
        foreach (var (symbol, exposure) in Book.Exposures.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            _scenarios.Reprice(symbol, _prices.Find(symbol));
            Count(symbol, default, exposure);
        }

        _scenarios.Recalculate();
    }

    /// <summary>The book's measures with every open order at its worst; weights are those of the largest position and
    /// sector.</summary>
    public BookMeasures? Measure()
    {
        if (Equity is not { } equity) return null;
        var largest = Book.Exposures.Max(
            pair => (decimal?)ExposureTotals.GrossOf(_prices.Find(pair.Key)!, pair.Value))
            ?? 0;
        var sector = Book.Exposures.Keys.Any(symbol => _prices.Find(symbol)!.Sector is null)
            ? (decimal?)null
            : _sectors.Values.DefaultIfEmpty().Max();
        return Measures(equity, _totals, 0, _scenarios.Tail, largest, sector);
    }

    BookMeasures Measures(
        decimal equity, in ExposureTotals totals, decimal cost, TailEstimate? tail, decimal position, decimal? sector,
        decimal? strategy = null)
    {
        var mark = Math.Max(Book.HighWaterMark, equity);
        var money = Money.ToDouble(equity);
        return new(
            equity,
            Book.Cash - Book.ReservedCash - cost,
            totals.Gross,
            totals.Net,
            equity > 0 ? tail?.ValueAtRisk / money : null,
            equity > 0 ? tail?.ExpectedShortfall / money : null,
            Money.Fraction(position, equity),
            sector is { } value ? Money.Fraction(value, equity) : null,
            mark > equity && mark > 0 ? 1 - (Money.ToDouble(equity) / Money.ToDouble(mark)) : 0)
        {
            ValueAtRisk99 = equity > 0 ? tail?.SecondValueAtRisk / money : null,
            StrategyWeight = strategy is { } gross ? Money.Fraction(gross, equity) : null,
            DailyLoss = Book.Activity.DailyLoss(equity),
        };
    }

    decimal? SectorOf(Instrument instrument) => instrument.Sector is { } name ? _sectors.GetValueOrDefault(name) : null;

    void Expose(string symbol, Exposure before)
    {
        var after = Book.ExposureOf(symbol);
        Count(symbol, before, after);
        _scenarios.Hold(symbol, _prices.Find(symbol), after);
    }

    void Count(string symbol, in Exposure before, in Exposure after)
    {
        var held = (after.IsFlat ? 0 : 1) - (before.IsFlat ? 0 : 1);
        if (held != 0 && _prices.ForeignCurrencyOf(symbol) is { } currency)
        {
            _currencies[currency] = _currencies.GetValueOrDefault(currency) + held;
            if (_currencies[currency] <= 0) _currencies.Remove(currency);
        }

        if (_prices.Find(symbol) is not { } instrument)
        {
            _unpriced += held;
            return;
        }

        var (was, becomes) = (ExposureTotals.Of(instrument, before), ExposureTotals.Of(instrument, after));
        _totals = _totals.Replace(was, becomes);
        if (instrument.Sector is { } sector)
            _sectors[sector] = _sectors.GetValueOrDefault(sector) + becomes.Gross - was.Gross;
    }
}
