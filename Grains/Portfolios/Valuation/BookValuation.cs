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
    ExposureTotals _totals;
    int _unpriced;
    bool _outdated;

    public BookValuation(Book book, PortfolioOptions options)
    {
        Book = book;
        _options = options;
        _riskMethods = [.. Enum.GetValues<OpenOrderConvention>().Select(convention =>
            RiskMethods.Short(options.VarLookbackDays, convention))];
        _scenarios = new HistoricalSimulation(options.VarLookbackDays, options.VarMinSessions);
        _prices = new PriceCache(options.VarLookbackDays, options.PriceCache, book.Exposures.ContainsKey);
        foreach (var symbol in book.Exposures.Keys)
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

    /// <summary>Cash and positions at the last prices; null while a price is unknown.</summary>
    public decimal? Equity
    {
        get
        {
            Settle();
            return _unpriced == 0 ? Book.Cash + _totals.MarketValue : null;
        }
    }

    /// <summary>Sum of the absolute values of the positions booked; null while a price is unknown.</summary>
    public decimal? PostedGross => Equity is not null
        ? Book.Exposures.Sum(pair => Math.Abs(Money.Round(pair.Value.Quantity * _prices.Find(pair.Key)!.Price)))
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

    /// <summary>Makes an event part of the book and moves the risk with it.</summary>
    public void Apply(BookEvent change)
    {
        switch (change)
        {
            case Priced priced:
                _prices.Apply(priced);
                _outdated |= Book.Exposures.ContainsKey(priced.Symbol);
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
        foreach (var (symbol, exposure) in Book.Exposures)
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
            pair => (decimal?)ExposureTotals.GrossOf(_prices.Find(pair.Key)!.Price, pair.Value))
            ?? 0;
        var sector = Book.Exposures.Keys.Any(symbol => _prices.Find(symbol)!.Sector is null)
            ? (decimal?)null
            : _sectors.Values.DefaultIfEmpty().Max();
        return Measures(equity, _totals, 0, _scenarios.Tail, largest, sector);
    }

    /// <summary>Everything that the rules need to judge an order.</summary>
    /// <param name="correlates">False where no rule asks for the correlation with the rest of the book, which is then
    /// null.</param>
    /// <param name="convention">How open orders count; another than the default for a decision that was made under
    /// it.</param>
    public OrderFacts Facts(
        Order order, bool correlates = true, OpenOrderConvention convention = OpenOrderConvention.AnyFill)
    {
        var exposure = Book.ExposureOf(order.Symbol);
        var instrument = _prices.Find(order.Symbol);
        var facts = new OrderFacts(
            order, _prices.KnowledgeOf(order.Symbol), instrument?.Price, instrument?.PricedAt, Book.Terms!.AllowShort,
            Closable(order, exposure),
            null, _options.VarMinSessions, null, null)
        {
            Exposure = exposure,
            Terms = instrument?.Terms,
            Doubt = instrument?.Doubt,
            Guard = Book.Guards.InForce,
            Budget = Book.Budget?.Amounts
        };
        if (Equity is not { } equity || facts.TradePrice() is null) return facts;

        var tail = _scenarios.Before(instrument!, convention);
        var before = Measures(
            equity, _totals, 0, tail.Worst, ExposureTotals.GrossOf(instrument!.Price, exposure), SectorOf(instrument),
            Book.Activity.StrategyValues(order, instrument.Price).Before);
        var correlation = correlates
            ? _scenarios.Correlation(instrument, convention) * (order.Action == Side.Buy ? 1 : -1)
            : null;
        return WithQuantity(
            facts with
            {
                Sessions = tail.Common,
                Repeating = tail.Repeating,
                TailBefore = tail,
                Convention = convention,
                Booked = TailLosses.Of(tail.Booked, equity),
                Before = before,
                Correlation = correlation,
            },
            order.Quantity);
    }

    /// <summary>What an order can close. Orders that only reduce do not add up, others count every open order of their
    /// side.</summary>
    static decimal Closable(Order order, in Exposure exposure) => order.ReduceOnly
        ? OrderFacts.ClosableBy(order.Action, exposure.Quantity, 0, 0)
        : OrderFacts.ClosableBy(
            order.Action, exposure.Quantity, exposure.Highest - exposure.Quantity, exposure.Quantity - exposure.Lowest);

    /// <summary>What an order filled alone does to a position.</summary>
    static decimal Moves(Order order, in Exposure exposure)
    {
        var quantity = order.ReduceOnly
            ? Math.Min(order.Quantity, OrderFacts.ClosableBy(order.Action, exposure.Quantity, 0, 0))
            : order.Quantity;
        return order.Action == Side.Buy ? quantity : -quantity;
    }

    /// <summary>The facts of the same order with another quantity.</summary>
    public OrderFacts WithQuantity(in OrderFacts facts, decimal quantity)
    {
        var order = quantity == facts.Order.Quantity ? facts.Order : facts.Order with { Quantity = quantity };
        if (facts.Before is not { } before || _prices.Find(order.Symbol) is not { } instrument)
            return facts with { Order = order };

        var exposure = Book.ExposureOf(order.Symbol);
        var filled = exposure.With(order.Action, quantity, order.ReduceOnly);
        var (price, cost) = (
            instrument.Price, order.Action == Side.Buy ? Money.Round(quantity * facts.TradePrice()!.Value) : 0);
        var (weightBefore, weight) = (ExposureTotals.GrossOf(price, exposure), ExposureTotals.GrossOf(price, filled));
        var (worst, alone) = facts.Convention == OpenOrderConvention.AnyFill
            ? _scenarios.After(instrument, filled, Moves(order, exposure), facts.TailBefore.Worst)
            : (_scenarios.AtLargerEnds(instrument, filled.Effective), null);
        return facts with
        {
            Order = order,
            Alone = TailLosses.Of(alone, before.Equity),
            After = Measures(
                before.Equity, _totals.Replace(price, exposure, filled), cost, worst,
                weight, SectorOf(instrument) + weight - weightBefore, Book.Activity.StrategyValues(order, price).After),
        };
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
        if (_prices.Find(symbol) is not { } instrument)
        {
            _unpriced += (after.IsFlat ? 0 : 1) - (before.IsFlat ? 0 : 1);
            return;
        }

        _totals = _totals.Replace(instrument.Price, before, after);
        if (instrument.Sector is { } sector)
            _sectors[sector] = _sectors.GetValueOrDefault(sector) + ExposureTotals.GrossOf(instrument.Price, after)
                - ExposureTotals.GrossOf(instrument.Price, before);
    }
}
