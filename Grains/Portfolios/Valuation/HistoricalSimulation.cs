using System.Runtime.InteropServices;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Tail risk of a book, kept so that one more order costs one multiply-add for each session of the window and
/// a selection.</summary>
/// <remarks>
/// For every session of the window it holds what the book at its effective positions would have won or lost. The window
/// is the last sessions common to all symbols held: a change of quantity moves the vector by its multiple, a change of
/// the window or of prices calculates everything anew (<see cref="Recalculate"/>). A vector has one scale: money of
/// today.
/// </remarks>
/// <param name="lookback">Returns in a full window.</param>
/// <param name="minimum">Returns below which risk is unknown.</param>
sealed class HistoricalSimulation(int lookback, int minimum)
{
    public const double VarConfidence = 0.95;
    public const double EsConfidence = 0.975;
    public const double SecondVarConfidence = 0.99;

    sealed record Leg(Instrument? Instrument, decimal Quantity);

    readonly Dictionary<string, Leg> _legs = [];
    readonly Window _held = new(lookback);
    readonly Window _joint = new(lookback);
    int _unpriced;
    int _windows;
    TailEstimate? _tail;
    bool _measured;
    // What the last question found: where its answer comes true, the book is measured already.
    (Instrument Instrument, decimal Quantity, TailEstimate? Tail)? _foreseen;
    // The joint window is kept for one candidate until anything changes: sizing an order asks for it many times.
    Instrument? _candidate;

    /// <summary>Returns that the book is measured by.</summary>
    public int Sample => _held.Sample;

    /// <summary>What the book would have won or lost in each session of its window, oldest first, in money of
    /// today.</summary>
    public ReadOnlySpan<double> Pnl => _held.Pnl;

    /// <summary>The book as it is, in money; null where a symbol held has no price or too short a history.</summary>
    public TailEstimate? Tail
    {
        get
        {
            if (!_measured) (_tail, _measured) = (_legs.Count == 0 ? default(TailEstimate) : Measure(_held), true);
            return _tail;
        }
    }

    /// <summary>Whether the window of the book and one more symbol reaches back to a session.</summary>
    public bool Covers(Instrument instrument, DateOnly session) =>
        WindowWith(instrument).Sessions is { IsEmpty: false } sessions && session >= sessions[0];

    /// <summary>Sets the effective position of one symbol.</summary>
    public void Hold(string symbol, Instrument? instrument, decimal quantity)
    {
        var known = _legs.GetValueOrDefault(symbol);
        if (known is null && quantity == 0) return;
        var moved = known is null || known.Instrument == instrument;
        Set(symbol, known, quantity == 0 ? null : new Leg(instrument, quantity));
        // A symbol that leaves may have been what kept the window short.
        var sameWindow = quantity != 0 || (_held.IsFull && _legs.Count > 0);
        if (moved && sameWindow && instrument is not null
            && instrument.TryUnits(_held.Id, _held.Sessions, out var units))
        {
            ScenarioRisk.AddScaled(_held.Pnl, units, Money.ToDouble(quantity - (known?.Quantity ?? 0)));
            (_measured, _candidate) = (false, null);
            if (_foreseen is { } seen && seen.Instrument == instrument && seen.Quantity == quantity)
                (_tail, _measured) = (seen.Tail, true);
            _foreseen = null;
        }
        else
        {
            Recalculate();
        }
    }

    /// <summary>Takes new prices of a symbol that is held; the risk is that of the old ones until
    /// <see cref="Recalculate"/>.</summary>
    public void Reprice(string symbol, Instrument? instrument)
    {
        (_candidate, _foreseen) = (null, null);
        if (_legs.TryGetValue(symbol, out var known)) Set(symbol, known, known with { Instrument = instrument });
    }

    /// <summary>Builds the window and the vector from the prices and positions alone.</summary>
    public void Recalculate()
    {
        (_measured, _candidate, _foreseen) = (false, null, null);
        Fill(_held, candidate: null);
    }

    /// <summary>The tail of the book over the sessions that it and one more symbol have in common, or over its own
    /// where those are too few, and how many returns they have in common. Changes nothing.</summary>
    public (TailEstimate? Tail, int Sample) Before(Instrument instrument)
    {
        var window = WindowWith(instrument);
        var known = window == _held || window.Sample < minimum ? Tail
            : _legs.Count == 0 ? default(TailEstimate)
            : Measure(window);
        return (known, window.Sample);
    }

    /// <summary>The tail over the same sessions, if one symbol's effective position were another.</summary>
    public TailEstimate? After(Instrument instrument, decimal quantity)
    {
        var window = WindowWith(instrument);
        var change = quantity - (_legs.GetValueOrDefault(instrument.Symbol)?.Quantity ?? 0);
        if (window == _held && change == 0) return Tail;
        if (!instrument.TryUnits(window.Id, window.Sessions, out var units)) return null;
        var tail = Measure(window, units, change);
        _foreseen = window == _held ? (instrument, quantity, tail) : null;
        return tail;
    }

    /// <summary>Of a unit bought with the rest of the book, over the same sessions: zero where there is no rest, null
    /// where it is unknown.</summary>
    public double? Correlation(Instrument instrument)
    {
        var known = _legs.GetValueOrDefault(instrument.Symbol);
        if (_legs.Count == (known is null ? 0 : 1)) return 0;
        var window = WindowWith(instrument);
        return window.Sample >= minimum && instrument.TryUnits(window.Id, window.Sessions, out var units)
            ? ScenarioCorrelation.WithRest(window.Pnl, units, Money.ToDouble(known?.Quantity ?? 0))
            : null;
    }

    /// <summary>The book's window; where the symbol did not trade in all of its sessions (or there is none yet), the
    /// joint one.</summary>
    Window WindowWith(Instrument instrument)
    {
        if (instrument.TryUnits(_held.Id, _held.Sessions, out _)) return _held;
        if (_candidate != instrument) Fill(_joint, instrument);
        _candidate = instrument;
        return _joint;
    }

    void Set(string symbol, Leg? before, Leg? after)
    {
        _unpriced += (after is { Instrument: null } ? 1 : 0) - (before is { Instrument: null } ? 1 : 0);
        if (after is null) _legs.Remove(symbol);
        else _legs[symbol] = after;
    }

    void Fill(Window window, Instrument? candidate)
    {
        window.Instruments.Clear();
        if (_unpriced == 0)
        {
            foreach (var leg in _legs.Values)
                window.Instruments.Add(leg.Instrument!);
            if (candidate is not null) window.Instruments.Add(candidate);
        }

        window.Open(++_windows);
        if (window.Sample == 0) return;
        // Always in one order, so that the sum is the same to the last bit whatever happened before.
        foreach (var (_, leg) in _legs.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            if (leg.Instrument!.TryUnits(window.Id, window.Sessions, out var units))
                ScenarioRisk.AddScaled(window.Pnl, units, Money.ToDouble(leg.Quantity));
    }

    TailEstimate? Measure(Window window) =>
        window.Sample >= minimum
            ? ScenarioRisk.Measure(window.Pnl, VarConfidence, EsConfidence, SecondVarConfidence)
            : null;

    TailEstimate? Measure(Window window, ReadOnlySpan<double> units, decimal change) => window.Sample >= minimum
        ? ScenarioRisk.WhatIf(
            window.Pnl, units, Money.ToDouble(change), VarConfidence, EsConfidence, SecondVarConfidence)
        : null;

    /// <summary>Sessions and one profit or loss for each after the first; its memory is used again.</summary>
    sealed class Window(int lookback)
    {
        readonly DateOnly[] _sessions = new DateOnly[lookback + 1];
        readonly double[] _pnl = new double[lookback];
        int _count;

        public List<Instrument> Instruments { get; } = [];
        public int Id { get; private set; }
        public int Sample => Math.Max(0, _count - 1);
        public bool IsFull => Sample == lookback;
        public ReadOnlySpan<DateOnly> Sessions => _sessions.AsSpan(0, _count);
        public Span<double> Pnl => _pnl.AsSpan(0, Sample);

        /// <summary>Finds the sessions common to the instruments and sets every scenario to zero.</summary>
        public void Open(int id)
        {
            Id = id;
            _count = Instruments.Count == 0
                ? 0
                : Instrument.CommonSessions(CollectionsMarshal.AsSpan(Instruments), _sessions);
            Pnl.Clear();
        }
    }
}
