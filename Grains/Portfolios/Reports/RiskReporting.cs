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

    /// <summary>Of a measure that counts every open order at its worst, as decisions do.</summary>
    const string WithOpenOrders = "_with_open_orders";

    public static PortfolioSnapshot Snapshot(Desk desk)
    {
        var book = desk.Book;
        var equity = desk.Equity;
        var positions = Positions(desk);
        return new(
            book.Portfolio, book.Terms!.Currency, book.Terms.AllowShort, book.Sequence, book.Cash, book.Deposits, book.Fees,
            equity - book.Cash, equity, book.Realised,
            equity is null ? null : positions.Sum(position => position.UnrealisedPnl!.Value),
            Math.Max(book.HighWaterMark, equity ?? 0),
            Drawdown(desk),
            PricesAsOf(desk), positions, Reservations(book));
    }

    /// <summary>Measures of the positions booked, at the last prices; beside them those that decisions use, where they differ.</summary>
    public static RiskReport Report(Desk desk, RiskLimits limits, DateTimeOffset calculatedAt, DateTimeOffset now)
    {
        var book = desk.Book;
        var equity = desk.Equity;
        var warnings = ImmutableArray.CreateBuilder<ReportWarning>();
        var scenarios = Scenarios.Of(desk);
        Warn(desk, scenarios, limits, now, warnings);
        var measured = equity > 0 && scenarios?.Sample >= desk.Options.VarMinSessions ? scenarios : null;
        return new(
            book.Portfolio, book.Terms!.Currency, calculatedAt, PricesAsOf(desk), book.Sequence, equity, book.Cash,
            desk.PostedGross, equity - book.Cash, Drawdown(desk),
            measured is { Legs.IsEmpty: false } ? RiskMethods.Describe(desk.Options.VarLookbackDays, measured.Sessions) : null,
            measured is null ? [] : Measures(desk, measured, equity!.Value),
            measured is null ? [] : Contributions(desk, measured, equity!.Value),
            SignalRules.Headroom(desk.Measure(), OldestPriceSeconds(desk, now), desk.Book.Forecasts.Standing.Bind(limits), book.Budget?.Amounts),
            Positions(desk),
            warnings.ToImmutable(),
            desk.Book.Forecasts.Standing)
        {
            Corrections = [.. book.Corrections.Latest.Reverse().Select(corrected => CorrectionRules.Describe(corrected, book.Terms.Currency))],
        };
    }

    static ImmutableArray<TailMeasure> Measures(Desk desk, Scenarios scenarios, decimal equity)
    {
        var at95 = ScenarioRisk.Measure(scenarios.Pnl, 0.95, 0.95);
        var at99 = ScenarioRisk.Measure(scenarios.Pnl, 0.99, 0.975);
        var measures = ImmutableArray.CreateBuilder<TailMeasure>();
        Add(ValueAtRisk, 0.95, RiskMethods.OrderStatistic, at95.ValueAtRisk);
        Add(ValueAtRisk, 0.99, RiskMethods.OrderStatistic, at99.ValueAtRisk);
        Add(ExpectedShortfall, 0.95, RiskMethods.RockafellarUryasev, at95.ExpectedShortfall);
        Add(ExpectedShortfall, 0.975, RiskMethods.RockafellarUryasev, at99.ExpectedShortfall);
        Add(ValueAtRisk, 0.95, RiskMethods.Type7, TailRisk.HistoricalValueAtRisk(scenarios.Pnl, 0.95, QuantileMethod.Type7));
        if (desk.Book.Reservations.Count > 0 && desk.Tail is { } tail)
        {
            Add(ValueAtRisk + WithOpenOrders, ScenarioBook.VarConfidence, RiskMethods.OrderStatistic, tail.ValueAtRisk);
            Add(ExpectedShortfall + WithOpenOrders, ScenarioBook.EsConfidence, RiskMethods.RockafellarUryasev, tail.ExpectedShortfall);
        }

        return measures.ToImmutable();

        void Add(string name, double confidence, string quantile, double money) =>
            measures.Add(new(name, confidence, quantile, money / Money.ToDouble(equity), Money.FromDouble(money)));
    }

    /// <summary>Every position's part of the 97.5 % expected shortfall, largest first.</summary>
    static ImmutableArray<RiskContribution> Contributions(Desk desk, Scenarios scenarios, decimal equity)
    {
        if (scenarios.Legs.IsEmpty) return [];
        var weights = new double[scenarios.Sample];
        ScenarioRisk.TailWeights(scenarios.Pnl, ScenarioBook.EsConfidence, weights);
        var parts = scenarios.Legs.Select(leg => ScenarioRisk.Component(weights, leg.Units, Money.ToDouble(leg.Quantity))).ToArray();
        var whole = parts.Sum();
        var money = Money.ToDouble(equity);
        return [.. scenarios.Legs.Zip(parts, (leg, part) => new RiskContribution(
                leg.Instrument.Symbol, leg.Instrument.Sector, Money.ToDouble(leg.Quantity * leg.Instrument.Price) / money,
                part / money, Money.FromDouble(part), whole == 0 ? 0 : part / whole))
            .OrderByDescending(contribution => contribution.ComponentFraction)];
    }

    static void Warn(Desk desk, Scenarios? scenarios, RiskLimits limits, DateTimeOffset now, ImmutableArray<ReportWarning>.Builder warnings)
    {
        var needed = desk.Options.VarMinSessions;
        foreach (var symbol in desk.Book.Exposures.Keys.Order(StringComparer.Ordinal))
        {
            if (desk.Prices.Find(symbol) is not { } instrument)
            {
                Add("no_price", symbol, $"No price of {symbol} is known: equity and risk are unknown, and only reductions may trade.");
                continue;
            }

            var age = (now - instrument.PricedAt).TotalSeconds;
            if (age > limits.MaxPriceAgeSeconds) Add("stale_price", symbol, $"The price of {symbol} is {age:0} s old; the limit is {limits.MaxPriceAgeSeconds} s.");
            if (instrument.Dates.Length <= needed) Add("short_history", symbol, $"{symbol} has {instrument.Dates.Length - 1} returns; risk needs {needed}.");
            if (instrument.Sector is null) Add("unknown_sector", symbol, $"The sector of {symbol} is not known.");
        }

        if (desk.Equity <= 0) Add("no_equity", null, $"Equity is {desk.Equity}: fractions of it mean nothing.");
        if (scenarios is { Legs.IsEmpty: false } && scenarios.Sample < desk.Options.VarLookbackDays)
            Add("short_window", null, $"The positions have {scenarios.Sample} returns in common; {desk.Options.VarLookbackDays} were asked for and {needed} are needed.");
        if (desk.Book.Reservations.Count is > 0 and var open)
            Add("open_orders", null, $"{open} approved orders are not filled: decisions count them, the measures of the positions do not.");

        void Add(string code, string? symbol, FormattableString message) => warnings.Add(new(code, symbol, message.ToString(CultureInfo.InvariantCulture)));
    }

    static ImmutableArray<Position> Positions(Desk desk) =>
    [
        .. from holding in desk.Book.Holdings
           where holding.Quantity != 0
           let instrument = desk.Prices.Find(holding.Symbol)
           let value = instrument is null ? (decimal?)null : Money.Round(holding.Quantity * instrument.Price)
           select new Position(
               holding.Symbol, instrument?.Sector, holding.Quantity, holding.AverageCost, instrument?.Price, value, value - holding.Cost,
               holding.Realised, value is { } amount && desk.Equity is { } equity ? Money.Fraction(amount, equity) : null),
    ];

    static ImmutableArray<Reservation> Reservations(Book book) =>
        [.. book.Reservations.OrderBy(reservation => reservation.ExpiresAt).ThenBy(reservation => reservation.ReservationId, StringComparer.Ordinal)];

    static double? Drawdown(Desk desk) => desk.Equity is { } equity && Math.Max(desk.Book.HighWaterMark, equity) is > 0 and var mark
        ? Money.ToDouble(1 - equity / mark)
        : null;

    /// <summary>The last session that every symbol held has; null where none is held.</summary>
    public static DateOnly? PricesAsOf(Desk desk) => Held(desk).Min(instrument => (DateOnly?)instrument.LastSession);

    static double? OldestPriceSeconds(Desk desk, DateTimeOffset now) => desk.Equity is null ? null : Held(desk).Max(instrument => (double?)(now - instrument.PricedAt).TotalSeconds);

    static IEnumerable<Instrument> Held(Desk desk) => desk.Book.Exposures.Keys.Select(desk.Prices.Find).OfType<Instrument>();
}
