using Trading.Portfolios;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Backtests;

/// <summary>Tells of a look at new closes whether it would move nothing but prices and the high-water mark, so that it
/// may wait until the book is next asked: most looks of a test are such. Breakers are measured from the returns of the positions alone, which
/// is what the book measures up to rounding; whatever comes near a level is looked at in full.</summary>
/// <param name="resets">Whether a person resets breakers that wait for one.</param>
sealed class QuietLook(IAccountView account, BookValuation valuation, bool resets)
{
    /// <summary>Measures that differ by so little of themselves may be on either side of a level.</summary>
    const double Margin = 1e-6;

    /// <summary>New returns by so few more or less than are needed may be rounding.</summary>
    const int NearChanges = 2;

    static readonly BreakerName[] Names = Enum.GetValues<BreakerName>();

    readonly double[] _pnl = new double[valuation.Options.VarLookbackDays];
    readonly List<(int Series, double Value)> _held = [];
    int _sample;
    DateOnly? _session;
    double? _dayEquity;

    Book Book => valuation.Book;

    Guards Guards => Book.Guards;

    /// <summary>A look was made in full: the book knows how its day began.</summary>
    public void Forget() => (_session, _dayEquity) = (null, null);

    /// <summary>What the account is worth where nothing else is due; null where the look has to be made.</summary>
    /// <param name="places">Series of the symbols held.</param>
    public decimal? Equity(IReadOnlyDictionary<string, int> places, DateTimeOffset now)
    {
        if (Book.Reservations.Count > 0) return null;
        foreach (var breaker in Guards.Breakers)
            if (breaker.State is BreakerState.Cooling or BreakerState.HalfOpen
                || (resets && breaker.State == BreakerState.Tripped))
                return null; // time moves it
        if (Value(places, now) is not { } worth) return null;
        if (worth.Equity > Guards.High) return null;
        if (Guards.Settings is not { } settings) return worth.Equity;
        if (worth.Newest is { } newest && newest > (_session ?? Guards.Session ?? DateOnly.MinValue))
            (_session, _dayEquity) = (newest, worth.Before);
        foreach (var name in Names)
        {
            var (breaker, inForce) = (Guards.Of(name), settings.Breakers.Of(name));
            if (inForce is null && breaker.State == BreakerState.Closed) continue;
            var measure = Measure(name, inForce ?? breaker.TrippedUnder!, worth, now);
            var margin = Margin * (1 + Math.Abs(measure));
            if (BreakerRules.Next(breaker, inForce, measure - margin, now) is not null
                || BreakerRules.Next(breaker, inForce, measure + margin, now) is not null)
                return null;
        }

        return worth.Equity;
    }

    /// <summary>Values the positions at the last closes, and at those before; null where something is not known, or
    /// they did not all move in the same sessions.</summary>
    Worth? Value(IReadOnlyDictionary<string, int> places, DateTimeOffset now)
    {
        _held.Clear();
        var (equity, before, blind, sessions, last) = (account.Cash, 0.0, 0, _pnl.Length + 1, -1);
        var oldest = Guards.Settings?.MaxPriceAgeSeconds ?? double.PositiveInfinity;
        foreach (var (symbol, exposure) in Book.Exposures)
        {
            var series = places[symbol];
            if (account.Position(series) != exposure.Quantity || account.Worth(series) is not { } price
                || !account.TryDailyReturns(series, out var returns) || (last >= 0 && returns.Session != last))
                return null;
            var value = Money.Round(exposure.Quantity * price, valuation.Options.AmountDecimals);
            var worth = Money.ToDouble(value);
            _held.Add((series, worth));
            (equity, before) = (equity + value, before + worth / (1 + returns.Values[^1]));
            (last, sessions) = (returns.Session, Math.Min(sessions, returns.Values.Length));
            if (!((now - account.PricedAt(series)!.Value).TotalSeconds <= oldest)) blind++;
        }

        before += Money.ToDouble(account.Cash);
        if (_held.Count == 0) return new(equity, before, null, 0, false);
        if (Scenarios(sessions) is not { } isRepeating) return null;
        var newest = account.Session(_held[0].Series, account.Closes(_held[0].Series).Length - 1);
        return new(equity, before, newest, (double)blind / _held.Count, isRepeating);
    }

    /// <summary>Adds up what the positions would have won or lost in each session.</summary>
    /// <returns>Whether the returns of one of them say nothing of its risk; null where that is not sure.</returns>
    bool? Scenarios(int sessions)
    {
        _sample = sessions - 1;
        var pnl = _pnl.AsSpan(0, _sample);
        pnl.Clear();
        var isRepeating = false;
        foreach (var (series, value) in _held)
        {
            account.TryDailyReturns(series, out var returns);
            if (returns.Unbroken < sessions) return null;
            if (_sample == 0) continue;
            var spare = returns.Changes[^1] - returns.Changes[^_sample] - Instrument.LeastNewReturns(_sample);
            if (Math.Abs(spare) <= NearChanges) return null;
            isRepeating |= spare < 0;
            ScenarioRisk.AddScaled(pnl, returns.Values[^_sample..], value);
        }

        return isRepeating;
    }

    /// <summary>As <see cref="BreakerMonitor.Measure"/>.</summary>
    double Measure(BreakerName name, BreakerSettings settings, in Worth worth, DateTimeOffset now) => name switch
    {
        BreakerName.DailyLoss => Loss(_session is null ? AsDouble(Guards.DayEquity) : _dayEquity, worth.Equity),
        BreakerName.Drawdown => // zero at a new high
            Math.Max(0, Loss(AsDouble(Guards.High ?? Book.HighWaterMark), worth.Equity)),
        BreakerName.ValueAtRisk => ValueAtRisk(worth),
        BreakerName.Volatility => Volatility(worth),
        BreakerName.DataOutage => worth.Blind,
        _ => valuation.BreakerMonitor.Measure(name, settings, now),
    };

    static double? AsDouble(decimal? amount) => amount is { } known ? Money.ToDouble(known) : null;

    static double Loss(double? reference, decimal equity) =>
        reference is > 0 and { } from ? 1 - Money.ToDouble(equity) / from : double.NaN;

    double ValueAtRisk(in Worth worth)
    {
        if (Guards.Settings?.MaxValueAtRisk95 is not (> 0 and { } limit) || worth.Equity <= 0) return double.NaN;
        if (worth.Newest is null) return 0;
        if (_sample < valuation.Options.VarMinSessions || worth.IsRepeating) return double.NaN;
        return FillOutcomes.Measure(_pnl.AsSpan(0, _sample)).ValueAtRisk / Money.ToDouble(worth.Equity) / limit;
    }

    double Volatility(in Worth worth)
    {
        if (worth.Newest is null) return 0;
        var pnl = _pnl.AsSpan(0, _sample);
        if (_sample < valuation.Options.VarMinSessions || worth.IsRepeating || !pnl.ContainsAnyExcept(0.0))
            return double.NaN;
        var measured = Ewma.Measure(pnl);
        return measured.NextDeviation / Math.Sqrt(measured.SeedVariance);
    }

    /// <param name="Before">The same positions at the closes before.</param>
    /// <param name="Newest">The last session of what is held; null for nothing.</param>
    /// <param name="Blind">The part of the positions whose prices are too old.</param>
    readonly record struct Worth(decimal Equity, double Before, DateOnly? Newest, double Blind, bool IsRepeating);
}
