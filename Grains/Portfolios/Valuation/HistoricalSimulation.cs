using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Tail risk of a book, kept so that one more order costs one multiply-add for each session of the window
/// and a selection.</summary>
/// <remarks>
/// For every session of the window it holds what the book would have won or lost: at its effective positions, at
/// those booked, and what open orders may take from the former. The window is the last sessions common to all
/// symbols held: a change of quantity moves the vectors by its multiple, a change of the window or of prices
/// calculates everything anew (<see cref="Recalculate"/>). A vector has one scale: money of today.
/// </remarks>
/// <param name="lookback">Returns in a full window.</param>
/// <param name="minimum">Returns below which risk is unknown.</param>
/// <param name="staysNewest">Whether the window is found again where the symbol that leaves may have kept it from newer
/// sessions; false in books of programs that left it as it was.</param>
sealed class HistoricalSimulation(int lookback, int minimum, bool staysNewest = true)
{
    public const double VarConfidence = 0.95;
    public const double EsConfidence = 0.975;
    public const double SecondVarConfidence = 0.99;

    readonly Dictionary<string, Leg> _legs = [];
    readonly SortedDictionary<string, Leg> _open = new(StringComparer.Ordinal);
    readonly ScenarioWindow _held = new(lookback);
    readonly ScenarioWindow _joint = new(lookback);
    int _unpriced;
    int _windows;
    // The joint window is kept for one candidate until anything changes: sizing an order asks for it many times.
    Instrument? _candidate;
    // Values at risk with the last order, while nothing has moved since: sizing an order measures others that are near.
    (double Worst, double Alone)? _near;

    /// <summary>Returns that the book is measured by.</summary>
    public int Sample => _held.Sample;

    /// <summary>What the book at its effective positions would have won or lost in each session of its window,
    /// oldest first, in money of today.</summary>
    public ReadOnlySpan<double> Pnl => _held.Effective;

    /// <summary>The largest tail over all ways in which open orders may fill or not, in money; null where a symbol
    /// held has no price, too short a history or one that says nothing.</summary>
    public TailEstimate? Tail => Measured(_held, IsBounded(null)).Worst;

    /// <summary>Symbols held whose returns say nothing of their risk.</summary>
    public IReadOnlyList<string> Repeating => _held.Repeating;

    /// <summary>Whether the window of the book and one more symbol reaches back to a session.</summary>
    public bool Covers(Instrument instrument, DateOnly session) =>
        WindowWith(instrument).Sessions is { IsEmpty: false } sessions && session >= sessions[0];

    /// <summary>Sets what is held and open of one symbol.</summary>
    public void Hold(string symbol, Instrument? instrument, in Exposure exposure)
    {
        var known = _legs.GetValueOrDefault(symbol);
        if (known is null && exposure.IsFlat) return;
        var moved = known is null || known.Instrument == instrument;
        var leg = exposure.IsFlat ? null : new Leg(instrument, exposure);
        Set(symbol, known, leg);
        // A symbol that leaves may have been what kept the window short, or from newer sessions.
        var sameWindow = leg is not null || (_held.IsFull && _legs.Count > 0 && (!staysNewest || IsNewestOfOne()));
        if (moved && sameWindow && instrument is not null && _held.Has(instrument, out var units))
        {
            _held.Move(instrument, units, known, leg);
            _candidate = null;
            _near = null;
        }
        else
        {
            Recalculate();
        }
    }

    /// <summary>Takes new prices of a symbol that is held; the risk is that of the old ones until <see
    /// cref="Recalculate"/>.</summary>
    public void Reprice(string symbol, Instrument? instrument)
    {
        _candidate = null;
        _near = null;
        if (_legs.TryGetValue(symbol, out var known)) Set(symbol, known, known with { Instrument = instrument });
    }

    /// <summary>Builds the window and the vectors from the prices and positions alone.</summary>
    public void Recalculate()
    {
        _candidate = null;
        _near = null;
        Fill(_held, candidate: null);
    }

    /// <summary>The tail of the book over the sessions that it and one more symbol have in common, or over its own
    /// where those are too few. Changes nothing.</summary>
    public TailBefore Before(Instrument instrument, OpenOrderConvention convention)
    {
        var window = WindowWith(instrument);
        var used = window == _held || window.Sample < minimum ? _held : window;
        if (convention == OpenOrderConvention.LargerEnd)
            return new(_legs.Count == 0 ? default(TailEstimate) : Single(used), null, window.Sample, null, null, null);
        var (worst, booked) = Measured(used, IsBounded(instrument.Symbol));
        return new(worst, booked, window.Sample, used.Terms ?? window.Terms, window.Terms,
            RepeatingIn(window, instrument));
    }

    /// <summary>The tail over the common sessions with one more order: over all ways in which it and the open ones
    /// may fill or not, and with it filled alone on the positions booked.</summary>
    /// <param name="before">As it is without the order.</param>
    /// <param name="filled">The exposure with the order.</param>
    /// <param name="moves">What the order alone does to the position; negative for a sale.</param>
    public (TailEstimate? Worst, TailEstimate? Alone) After(
        Instrument instrument, in Exposure filled, decimal moves, TailEstimate? before)
    {
        var window = WindowWith(instrument);
        if (window.Sample < minimum || !window.Has(instrument, out var units)) return default;
        if (RepeatingIn(window, instrument) is not null || before is not { } known) return default;
        var effective = _legs.GetValueOrDefault(instrument.Symbol)?.Effective ?? 0;
        var change = Money.ToDouble(moves);
        var (nearWorst, nearAlone) = _near ?? (known.ValueAtRisk, window.NearBooked);
        var alone = _open.Count == 0
            ? default(TailEstimate?)
            : FillOutcomes.WhatIf(window.Booked, units, change, nearAlone);
        if (IsBounded(instrument.Symbol))
        {
            var most = FillOutcomes.AtMost(window, units, change, nearWorst);
            _near = (most.ValueAtRisk, alone!.Value.ValueAtRisk);
            return (known.Or(most).Or(alone.Value), alone);
        }

        var end = moves > 0 ? filled.Highest : filled.Lowest;
        var worst = FillOutcomes.AtCorners(
            window, window.Effective, OpenBeside(instrument.Symbol), units, Money.ToDouble(end - effective), nearWorst);
        _near = (worst.ValueAtRisk, (alone ?? worst).ValueAtRisk);
        return (known.Or(worst).Or(alone ?? worst), alone ?? worst);
    }

    /// <summary>The tail over the common sessions, if one symbol's effective position were another and every other
    /// were at its own.</summary>
    public TailEstimate? AtLargerEnds(Instrument instrument, decimal effective)
    {
        var window = WindowWith(instrument);
        if (window.Sample < minimum || !window.Has(instrument, out var units)) return null;
        var held = _legs.GetValueOrDefault(instrument.Symbol)?.Effective ?? 0;
        if (window == _held && effective == held) return _legs.Count == 0 ? default(TailEstimate) : Single(window);
        return FillOutcomes.WhatIf(window.Effective, units, Money.ToDouble(effective - held));
    }

    /// <summary>Of a unit bought with the rest of the book, over the same sessions: zero where there is no rest,
    /// null where it is unknown.</summary>
    public double? Correlation(Instrument instrument, OpenOrderConvention convention)
    {
        var known = _legs.GetValueOrDefault(instrument.Symbol);
        if (_legs.Count == (known is null ? 0 : 1)) return 0;
        var window = WindowWith(instrument);
        if (window.Sample < minimum || !window.Has(instrument, out var units)) return null;
        if (convention == OpenOrderConvention.AnyFill && RepeatingIn(window, instrument) is not null) return null;
        return ScenarioCorrelation.WithRest(window.Effective, units, Money.ToDouble(known?.Effective ?? 0));
    }

    /// <summary>The book's window; where the symbol did not trade in all of its sessions (or there is none yet), the
    /// joint one.</summary>
    ScenarioWindow WindowWith(Instrument instrument)
    {
        if (_held.Has(instrument, out _)) return _held;
        if (_candidate != instrument) Fill(_joint, instrument);
        _candidate = instrument;
        return _joint;
    }

    /// <summary>Whether the window is the newest sessions of one symbol held: then all have no newer ones in
    /// common.</summary>
    bool IsNewestOfOne()
    {
        foreach (var (_, leg) in _legs)
            if (leg.Instrument is { } instrument && instrument.Dates.EndsWith(_held.Sessions)) return true;
        return false;
    }

    void Set(string symbol, Leg? before, Leg? after)
    {
        _unpriced += (after is { Instrument: null } ? 1 : 0) - (before is { Instrument: null } ? 1 : 0);
        if (after is null) _legs.Remove(symbol);
        else _legs[symbol] = after;
        if (after is { Exposure.IsOpen: true }) _open[symbol] = after;
        else _open.Remove(symbol);
    }

    void Fill(ScenarioWindow window, Instrument? candidate)
    {
        List<Instrument> instruments = _unpriced > 0 ? [] : [.. _legs.Values.Select(leg => leg.Instrument!)];
        if (_unpriced == 0 && candidate is not null) instruments.Add(candidate);
        window.Open(++_windows, instruments);
        if (window.Sample == 0) return;
        // Always in one order, so that the sums are the same to the last bit whatever happened before.
        foreach (var (_, leg) in _legs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            if (window.Has(leg.Instrument!, out var units))
                window.Move(leg.Instrument!, units, null, leg);
    }

    /// <summary>Whether open orders, and one of a symbol, are in too many symbols for every corner to be
    /// measured.</summary>
    bool IsBounded(string? symbol) =>
        _open.Count + (symbol is null || _open.ContainsKey(symbol) ? 0 : 1) > FillOutcomes.MaxOpenSymbols;

    (TailEstimate? Worst, TailEstimate? Booked) Measured(ScenarioWindow window, bool bounded) =>
        window.Known[bounded ? 1 : 0] ??= Measure(window, bounded);

    (TailEstimate? Worst, TailEstimate? Booked) Measure(ScenarioWindow window, bool bounded)
    {
        if (_legs.Count == 0) return (default(TailEstimate), default(TailEstimate));
        if (window.Sample < minimum || window.Repeating.Count > 0) return default;
        var effective = _open.Count == 0 ? FillOutcomes.Measure(window.Effective) : default;
        if (_open.Count == 0) return (effective, effective);
        var booked = window.KnownBooked ??= FillOutcomes.Measure(window.Booked, window.NearBooked);
        window.NearBooked = booked.ValueAtRisk;
        var worst = bounded
            ? FillOutcomes.AtMost(window, default, 0, window.NearWorst)
            : FillOutcomes.AtCorners(window, window.Effective, OpenBeside(null), default, 0, window.NearWorst);
        window.NearWorst = worst.ValueAtRisk;
        return (worst.Or(booked), booked);
    }

    /// <summary>With every symbol at its effective end.</summary>
    TailEstimate? Single(ScenarioWindow window) =>
        window.Sample >= minimum ? FillOutcomes.Measure(window.Effective) : null;

    Leg[] OpenBeside(string? symbol) =>
        _open.Count == 0 ? [] : [.. _open.Where(pair => pair.Key != symbol).Select(pair => pair.Value)];

    /// <summary>The order's own symbol first, then the first one held.</summary>
    RepeatingReturns? RepeatingIn(ScenarioWindow window, Instrument candidate)
    {
        var sample = window.Sample;
        if (sample == 0) return null;
        if (window.Has(candidate, out _) && candidate.IsRepeating(sample)) return Describe(candidate);
        if (window.Repeating.Min(StringComparer.Ordinal) is not { } symbol) return null;
        if (_legs[symbol].Instrument is not { } held) return null;
        window.Has(held, out _);
        return Describe(held);

        RepeatingReturns Describe(Instrument instrument) =>
            new(instrument.Symbol, instrument.NewReturns, Instrument.LeastNewReturns(sample));
    }
}
