using System.Runtime.InteropServices;
using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What is held and open of one symbol, with its prices; null where none is known.</summary>
sealed record Leg(Instrument? Instrument, Exposure Exposure)
{
    public decimal Effective { get; } = Exposure.Effective;

    public bool IsOpen { get; } = Exposure.IsOpen;

    /// <summary>From the effective end to the other one, in units.</summary>
    public double Swing { get; } = Money.ToDouble(Exposure.Other - Exposure.Effective);
}

/// <summary>Sessions, and for each after the first what the book would have won or lost; the memory is used
/// again.</summary>
sealed class ScenarioWindow(int lookback)
{
    readonly DateOnly[] _sessions = new DateOnly[lookback + 1];
    readonly double[] _effective = new double[lookback];
    readonly double[] _slack = new double[lookback];
    readonly double[] _booked = new double[lookback];
    readonly List<string> _repeating = [];
    int _count;

    /// <summary>A number that changes with the sessions.</summary>
    public int Id { get; private set; }

    public int Sample => Math.Max(0, _count - 1);
    public bool IsFull => Sample == lookback;
    public ReadOnlySpan<DateOnly> Sessions => _sessions.AsSpan(0, _count);

    /// <summary>At the effective positions.</summary>
    public Span<double> Effective => _effective.AsSpan(0, Sample);

    /// <summary>What open orders may add to the losses of <see cref="Effective"/> at the most, session by session;
    /// zero or less.</summary>
    public Span<double> Slack => _slack.AsSpan(0, Sample);

    /// <summary>At the positions booked.</summary>
    public Span<double> Booked => _booked.AsSpan(0, Sample);

    /// <summary>Symbols held whose returns say nothing of their risk, see <see
    /// cref="Instrument.NewReturns"/>.</summary>
    public IReadOnlyList<string> Repeating => _repeating;

    /// <summary>Tails already measured: at every corner, and the bound; cleared where anything moves.</summary>
    public (TailEstimate? Worst, TailEstimate? Booked)?[] Known { get; } = new (TailEstimate?, TailEstimate?)?[2];

    /// <summary>The tail of <see cref="Booked"/>, where it was measured and nothing booked has moved since.</summary>
    public TailEstimate? KnownBooked { get; set; }

    /// <summary>Value at risk of <see cref="Booked"/> when it was measured last, whatever has moved since: near to what
    /// it is now. NaN where it never was; likewise <see cref="NearWorst"/> of the open orders' worst ends.</summary>
    public double NearBooked { get; set; } = double.NaN;

    public double NearWorst { get; set; } = double.NaN;

    /// <summary>First and last session with a return, and their number; null where there is none.</summary>
    public RiskWindow? Terms { get; private set; }

    /// <summary>Finds the sessions common to the instruments and sets every scenario to zero.</summary>
    public void Open(int id, List<Instrument> instruments)
    {
        Id = id;
        _count = instruments.Count == 0
            ? 0
            : Instrument.CommonSessions(CollectionsMarshal.AsSpan(instruments), _sessions);
        Terms = Sample == 0 ? null : new(Sample, _sessions[1], _sessions[_count - 1]);
        Effective.Clear();
        Slack.Clear();
        Booked.Clear();
        _repeating.Clear();
        Array.Clear(Known);
        KnownBooked = null;
    }

    /// <summary>Whether the instrument has a price in every session.</summary>
    public bool Has(Instrument instrument, out ReadOnlySpan<double> units) =>
        instrument.TryUnits(Id, Sessions, out units);

    /// <summary>Moves one symbol from what it was to what it is; null for nothing.</summary>
    /// <param name="units">Profit and loss of one unit.</param>
    public void Move(Instrument instrument, ReadOnlySpan<double> units, Leg? before, Leg? after)
    {
        Array.Clear(Known);
        ScenarioRisk.AddScaled(Effective, units, Money.ToDouble((after?.Effective ?? 0) - (before?.Effective ?? 0)));
        if (before is { IsOpen: true }) ScenarioRisk.AddLosses(Slack, units, before.Swing, share: -1);
        if (after is { IsOpen: true }) ScenarioRisk.AddLosses(Slack, units, after.Swing);
        var booked = (after?.Exposure.Quantity ?? 0) - (before?.Exposure.Quantity ?? 0);
        if (booked != 0)
        {
            ScenarioRisk.AddScaled(Booked, units, Money.ToDouble(booked));
            KnownBooked = null;
        }

        if ((before is null) == (after is null)) return;
        if (after is null) _repeating.Remove(instrument.Symbol);
        else if (instrument.IsRepeating(Sample)) _repeating.Add(instrument.Symbol);
    }
}
