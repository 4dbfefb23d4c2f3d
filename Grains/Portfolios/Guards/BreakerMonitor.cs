using System.Collections.Immutable;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Measures a valuation for its breakers, and says which events are due. What moves with every order is
/// measured before every decision; what moves with prices and their age (volatility, outage) at every refresh of the
/// prices, and kept until the next.</summary>
sealed class BreakerMonitor(BookValuation valuation)
{
    static readonly BreakerName[] Names = Enum.GetValues<BreakerName>();

    double _volatility = double.NaN;
    double _outage = double.NaN;
    RiskLimits? _configuredBy;

    Guards Guards => valuation.Book.Guards;

    /// <summary>The event that makes the book know limits that are new to its guards; null where they are
    /// not.</summary>
    public GuardsConfigured? Configured(LimitsVersion version, DateTimeOffset now)
    {
        if (ReferenceEquals(_configuredBy, version.Limits)) return null;
        _configuredBy = version.Limits;
        var settings = GuardSettings.Of(version.Limits)
            ?? (Guards.Settings is { } known ? known with { Breakers = new() } : null);
        return settings is null || settings == Guards.Settings ? null : new(settings, version.Version, now);
    }

    /// <summary>The moves of breakers that are due before a decision.</summary>
    public ImmutableArray<BookEvent> Due(DateTimeOffset now)
    {
        if (Guards.Settings is not { } settings) return [];
        ImmutableArray<BookEvent>.Builder? due = null;
        foreach (var name in Names)
        {
            var (breaker, inForce) = (Guards.Of(name), settings.Breakers.Of(name));
            if (inForce is null && breaker.State == BreakerState.Closed) continue;
            if (BreakerRules.Next(
                breaker, inForce, Measure(name, inForce ?? breaker.TrippedUnder!, now), now) is { } move)
                (due ??= ImmutableArray.CreateBuilder<BookEvent>()).Add(move);
        }

        return due?.ToImmutable() ?? [];
    }

    /// <summary>Measures what moves with prices and their age.</summary>
    public void Look(DateTimeOffset now)
    {
        if (Guards.Settings is not { } settings) return;
        _volatility = Volatility();
        _outage = Outage(settings.MaxPriceAgeSeconds, now);
    }

    /// <summary>A new trading day, or a new high after a reset; null for neither.</summary>
    public ReferencesMoved? References(DateTimeOffset now)
    {
        if (Guards.Settings is null || valuation.Equity is not { } equity) return null;
        var newest = Held().Max(held => (DateOnly?)held.Instrument!.LastSession);
        var isNewDay = newest is not null && (Guards.Session is null || newest > Guards.Session);
        var isNewHigh = Guards.High < equity;
        return isNewDay || isNewHigh
            ? new(
                isNewDay ? newest : null, isNewDay ? EquityBefore(newest!.Value) : null, isNewHigh ? equity : null, now)
            : null;
    }

    /// <summary>What a breaker measures; NaN where that is not known.</summary>
    public double Measure(BreakerName name, BreakerSettings settings, DateTimeOffset now) => name switch
    {
        BreakerName.DailyLoss => Loss(Guards.DayEquity),
        BreakerName.Drawdown => Math.Max(0, Loss(Guards.High ?? valuation.Book.HighWaterMark)),
        BreakerName.ValueAtRisk =>
            Guards.Settings?.MaxValueAtRisk95 is > 0 and { } limit
                && valuation is { Equity: > 0m and { } equity, Tail: { } tail }
            ? tail.ValueAtRisk / Money.ToDouble(equity) / limit
            : double.NaN,
        BreakerName.Volatility => _volatility,
        BreakerName.ErrorRate => Guards.FailureShare(settings.Window),
        BreakerName.DataOutage => _outage,
        BreakerName.RepeatedDenials => Guards.DenialsWithin(settings.Window, now),
        _ => double.NaN,
    };

    double Loss(decimal? reference) => reference is > 0m and { } from && valuation.Equity is { } equity
        ? Money.ToDouble((from - equity) / from)
        : double.NaN;

    double Volatility()
    {
        var pnl = valuation.ScenarioPnl;
        if (valuation.Book.Exposures.Count == 0) return 0;
        if (valuation.Repeating.Count > 0) return double.NaN;
        if (pnl.Length < valuation.Options.VarMinSessions || !pnl.ContainsAnyExcept(0.0)) return double.NaN;
        var measured = Ewma.Measure(pnl);
        return measured.NextDeviation / Math.Sqrt(measured.SeedVariance);
    }

    double Outage(double? maxAge, DateTimeOffset now)
    {
        var (held, blind) = (0, 0);
        foreach (var (_, instrument) in Held())
        {
            held++;
            if (instrument is null
                || !((now - instrument.AsOf).TotalSeconds <= (maxAge ?? double.PositiveInfinity)))
                blind++;
        }

        return held == 0 ? 0 : (double)blind / held;
    }

    /// <summary>What the book as it is was worth at the closes before a session.</summary>
    decimal EquityBefore(DateOnly session) => valuation.Book.Cash + Held().Sum(held => Money.Round(
        valuation.Book.ExposureOf(held.Symbol).Quantity * CloseBefore(held.Instrument!, session)));

    static decimal CloseBefore(Instrument instrument, DateOnly session) =>
        instrument.LastSession == session && instrument.PreviousClose is { } close ? close : instrument.Price;

    IEnumerable<(string Symbol, Instrument? Instrument)> Held() =>
        valuation.Book.Exposures.Keys.Select(symbol => (symbol, valuation.Prices.Find(symbol)));
}
