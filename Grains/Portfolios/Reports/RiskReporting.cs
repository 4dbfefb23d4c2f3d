using System.Collections.Immutable;
using System.Globalization;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What a book shows of itself: the snapshot, and the risk report.</summary>
static class RiskReporting
{
    const string ValueAtRisk = "value_at_risk";
    const string ExpectedShortfall = "expected_shortfall";

    /// <summary>How far a symbol's newest session may lie behind the newest one held before its price is old: a long
    /// weekend.</summary>
    const int OldSessionDays = 4;

    /// <summary>Of a measure that counts every open order at its worst, as decisions do.</summary>
    const string WithOpenOrders = "_with_open_orders";

    public static PortfolioSnapshot Snapshot(BookValuation valuation)
    {
        var book = valuation.Book;
        var equity = valuation.Equity;
        var positions = Positions(valuation);
        return new(
            book.Portfolio, book.Terms!.Currency, book.Terms.AllowShort, book.Sequence, book.Cash, book.Deposits,
            book.Fees,
            equity - book.Cash, equity, book.Realised,
            equity is null ? null : positions.Sum(position => position.UnrealisedPnl!.Value),
            Math.Max(book.HighWaterMark, equity ?? 0),
            Drawdown(valuation),
            PricesAsOf(valuation), positions, Reservations(book))
        {
            Market = Activity.MarketOf(book.Terms),
            FxPnl = equity is null ? null : RateReporting.FxPnl(valuation, positions),
            Awaiting = book.Awaiting,
        };
    }

    /// <summary>Measures of the positions booked, at the last prices; beside them those that decisions use, where they
    /// differ.</summary>
    public static RiskReport Report(
        BookValuation valuation, RiskLimits limits, DateTimeOffset calculatedAt, DateTimeOffset now)
    {
        var book = valuation.Book;
        var equity = valuation.Equity;
        var warnings = ImmutableArray.CreateBuilder<ReportWarning>();
        var scenarios = PositionScenarios.Of(valuation);
        Warn(valuation, scenarios, limits, now, warnings);
        var isMeasured = equity > 0 && scenarios?.IsMeasurable(valuation.Options.VarMinSessions) == true;
        var measured = isMeasured ? scenarios : null;
        return new(
            book.Portfolio, book.Terms!.Currency, calculatedAt, PricesAsOf(valuation), book.Sequence, equity, book.Cash,
            valuation.PostedGross, equity - book.Cash, Drawdown(valuation),
            measured is { Legs.IsEmpty: false }
                ? RiskMethods.Describe(valuation.Options.VarLookbackDays, measured.Sessions)
                : null,
            measured is null ? [] : Measures(valuation, measured, equity!.Value),
            measured is null ? [] : Contributions(valuation, measured, equity!.Value),
            SignalRules.Headroom(
                valuation.Measure(), OldestPriceSeconds(valuation, now), valuation.Book.Forecasts.Standing.Bind(limits),
                book.Budget?.Amounts),
            Positions(valuation),
            warnings.ToImmutable(),
            valuation.Book.Forecasts.Standing)
        {
            Rates = valuation.RatesWith(),
            Corrections =
            [
                .. book.Corrections.Latest.Reverse()
                    .Select(corrected => CorrectionRules.Describe(corrected, book.Terms.Currency))
            ],
        };
    }

    static ImmutableArray<TailMeasure> Measures(BookValuation valuation, PositionScenarios scenarios, decimal equity)
    {
        var at95 = ScenarioRisk.Measure(scenarios.Pnl, 0.95, 0.95);
        var at99 = ScenarioRisk.Measure(scenarios.Pnl, 0.99, 0.975);
        var measures = ImmutableArray.CreateBuilder<TailMeasure>();
        Add(ValueAtRisk, 0.95, RiskMethods.OrderStatistic, at95.ValueAtRisk);
        Add(ValueAtRisk, 0.99, RiskMethods.OrderStatistic, at99.ValueAtRisk);
        Add(ExpectedShortfall, 0.95, RiskMethods.RockafellarUryasev, at95.ExpectedShortfall);
        Add(ExpectedShortfall, 0.975, RiskMethods.RockafellarUryasev, at99.ExpectedShortfall);
        Add(
            ValueAtRisk, 0.95, RiskMethods.Type7,
            TailRisk.HistoricalValueAtRisk(scenarios.Pnl, 0.95, QuantileMethod.Type7));
        if (valuation.Book.Reservations.Count > 0 && valuation.Tail is { } tail)
        {
            Add(
                ValueAtRisk + WithOpenOrders, HistoricalSimulation.VarConfidence, RiskMethods.OrderStatistic,
                tail.ValueAtRisk);
            Add(
                ExpectedShortfall + WithOpenOrders, HistoricalSimulation.EsConfidence, RiskMethods.RockafellarUryasev,
                tail.ExpectedShortfall);
        }

        return measures.ToImmutable();

        void Add(string name, double confidence, string quantile, double money) =>
            measures.Add(new(name, confidence, quantile, money / Money.ToDouble(equity), Money.FromDouble(money)));
    }

    /// <summary>Every position's part of the 97.5 % expected shortfall, largest first.</summary>
    static ImmutableArray<RiskContribution> Contributions(
        BookValuation valuation, PositionScenarios scenarios, decimal equity)
    {
        if (scenarios.Legs.IsEmpty) return [];
        var weights = new double[scenarios.Sample];
        ScenarioRisk.TailWeights(scenarios.Pnl, HistoricalSimulation.EsConfidence, weights);
        var parts = scenarios.Legs
            .Select(leg => ScenarioRisk.Component(weights, leg.Units, Money.ToDouble(leg.Quantity))).ToArray();
        var whole = parts.Sum();
        var money = Money.ToDouble(equity);
        return [.. scenarios.Legs.Zip(parts, (leg, part) => new RiskContribution(
                leg.Instrument.Symbol, leg.Instrument.Sector,
                Money.ToDouble(leg.Quantity * leg.Instrument.Price) / money,
                part / money, Money.FromDouble(part), whole == 0 ? 0 : part / whole))
            .OrderByDescending(contribution => contribution.ComponentFraction)];
    }

    static void Warn(
        BookValuation valuation, PositionScenarios? scenarios, RiskLimits limits, DateTimeOffset now,
        ImmutableArray<ReportWarning>.Builder warnings)
    {
        var needed = valuation.Options.VarMinSessions;
        var newest = Held(valuation).Max(instrument => (DateOnly?)instrument.LastSession);
        foreach (var symbol in valuation.Book.Exposures.Keys.Order(StringComparer.Ordinal))
        {
            if (valuation.Prices.Quoted(symbol) is not { } quoted)
            {
                Add(
                    "no_price", symbol,
                    $"No price of {symbol} is known: equity and risk are unknown, and only reductions may trade.");
                continue;
            }

            if (RateReporting.NoValue(valuation, quoted) is { } reason) Add("no_value", symbol, $"{reason}");
            var age = (now - quoted.PricedAt).TotalSeconds;
            if (age > limits.MaxPriceAgeSeconds)
                Add(
                    "stale_price", symbol,
                    $"The price of {symbol} is {age:0} s old; the limit is {limits.MaxPriceAgeSeconds} s.");
            if (quoted.Doubt is { } doubt)
                Add(
                    "doubtful_price", symbol,
                    $"The price of {symbol} is of {quoted.PricedAt:u}, and in doubt ({doubt}): only reductions trade.");
            if (quoted.LastSession.AddDays(OldSessionDays) < newest)
                Add(
                    "old_price", symbol,
                    $"The price of {symbol} is of {quoted.LastSession:yyyy-MM-dd}; others are of {newest:yyyy-MM-dd}.");
            if (valuation.Prices.Find(symbol) is { } instrument && instrument.Dates.Length <= needed)
                Add(
                    "short_history", symbol,
                    $"{symbol} has {instrument.Dates.Length - 1} returns; risk needs {needed}.");
            if (quoted.Sector is null) Add("unknown_sector", symbol, $"The sector of {symbol} is not known.");
        }

        foreach (var symbol in (scenarios?.Repeating ?? []).Union(valuation.Repeating).Order(StringComparer.Ordinal))
            warnings.Add(RiskTerms.Repeating(
                symbol, "risk is unknown, and under a tail limit only reductions may trade."));
        RateReporting.Warn(valuation, limits, now, Add);
        if (valuation.Equity <= 0)
            Add("no_equity", null, $"Equity is {valuation.Equity}: fractions of it mean nothing.");
        var asked = valuation.Options.VarLookbackDays;
        if (scenarios is { Legs.IsEmpty: false, Sample: var sample } && sample < asked)
            Add(
                "short_window", null,
                $"The positions have {sample} returns in common; {asked} were asked for and {needed} are needed.");
        if (valuation.Book.Reservations.Count is > 0 and var open)
            Add(
                "open_orders", null,
                $"{open} approved orders are not filled: decisions count them, the measures of the positions do not.");

        void Add(string code, string? symbol, FormattableString message) =>
            warnings.Add(new(code, symbol, message.ToString(CultureInfo.InvariantCulture)));
    }

    static ImmutableArray<Position> Positions(BookValuation valuation) =>
    [
        .. from holding in valuation.Book.Holdings
           where holding.Quantity != 0
           let instrument = valuation.Prices.Find(holding.Symbol)
           let quoted = valuation.Prices.Quoted(holding.Symbol)
           let currency = valuation.Prices.ForeignCurrencyOf(holding.Symbol)
           let rate = currency is null ? null : valuation.Prices.RateOf(currency).Rate
           let value = instrument?.ValueOf(holding.Quantity)
           select new Position(
               holding.Symbol, quoted?.Sector, holding.Quantity, holding.AverageCost, quoted?.Price, value,
               value - holding.BookCost,
               holding.Realised,
               value is { } amount && valuation.Equity is { } equity ? Money.Fraction(amount, equity) : null)
           {
               PricedAt = quoted?.PricedAt,
               Doubt = quoted?.Doubt,
               Currency = currency,
               FxRate = rate,
               FxPeg = currency is null ? null : valuation.Prices.RateOf(currency).Peg,
               FxPnl = currency is not null && rate is { } known && holding.BookCost is { } cost
                   ? Money.Fit(holding.Cost * known - cost, valuation.Book.Size)
                   : null,
               RealisedFxPnl = holding.Foreign?.FxRealised,
               Closable = quoted?.Terms?.LotSize is > 0 and { } lot ? WholeLots(Math.Abs(holding.Quantity), lot) : null,
           },
    ];

    static decimal WholeLots(decimal quantity, decimal lot) => quantity - (quantity % lot);

    static ImmutableArray<Reservation> Reservations(Book book) =>
        [
            .. book.Reservations.OrderBy(reservation => reservation.ExpiresAt)
                .ThenBy(reservation => reservation.ReservationId, StringComparer.Ordinal)
        ];

    public static double? Drawdown(BookValuation valuation) =>
        valuation.Equity is { } equity && Math.Max(valuation.Book.HighWaterMark, equity) is > 0 and var mark
            ? Money.ToDouble(1 - equity / mark)
            : null;

    /// <summary>The last session that every symbol held has; null where none is held.</summary>
    public static DateOnly? PricesAsOf(BookValuation valuation) =>
        Held(valuation).Min(instrument => (DateOnly?)instrument.LastSession);

    public static double? OldestPriceSeconds(BookValuation valuation, DateTimeOffset now) => valuation.Equity is null
        ? null
        : Held(valuation).Max(instrument => (double?)(now - instrument.AsOf).TotalSeconds);

    static IEnumerable<Instrument> Held(BookValuation valuation) =>
        valuation.Book.Exposures.Keys.Select(valuation.Prices.Find).OfType<Instrument>();
}
