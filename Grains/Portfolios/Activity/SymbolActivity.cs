using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Approvals of one symbol in one second: units, and their value.</summary>
/// <param name="At">Of the last of them, in ticks.</param>
public readonly record struct ApprovedSlot(long At, decimal Quantity, decimal Notional);

/// <param name="Day">On which <paramref name="TradedNet"/> units were bought, sales taken off.</param>
/// <param name="Disabled">Executions that disabled the symbol; null while it is enabled.</param>
public sealed record SymbolActivityState(
    string Symbol,
    ImmutableArray<ApprovedSlot> Approved,
    ImmutableArray<long> Buys,
    ImmutableArray<long> Sells,
    DateOnly Day,
    decimal TradedNet,
    long? Disabled);

/// <summary>What happened lately in one symbol.</summary>
sealed class SymbolActivity
{
    readonly List<ApprovedSlot> _approved = [];
    readonly RecentTimes _buys = new((int)LimitRules.MaxExecutions + 1);
    readonly RecentTimes _sells = new((int)LimitRules.MaxExecutions + 1);
    DateOnly _day;
    decimal _tradedNet;

    /// <summary>Executions that disabled the symbol; null while it is enabled.</summary>
    public long? Disabled { get; private set; }

    /// <summary>Approvals of one second count together, as of the last of them.</summary>
    public void Approve(long at, decimal quantity, decimal notional)
    {
        if (_approved.Count > 0 && _approved[0].At <= at - Activity.Memory)
            _approved.RemoveAll(slot => slot.At <= at - Activity.Memory);
        if (_approved.Count > 0 && _approved[^1] is var last
            && last.At / TimeSpan.TicksPerSecond == at / TimeSpan.TicksPerSecond)
            _approved[^1] = new(at, last.Quantity + quantity, last.Notional + notional);
        else
            _approved.Add(new(at, quantity, notional));
    }

    public void Fill(long at, DateOnly day, Side side, decimal quantity)
    {
        (side == Side.Buy ? _buys : _sells).Add(at);
        _tradedNet = (day == _day ? _tradedNet : 0) + (side == Side.Buy ? quantity : -quantity);
        _day = day;
    }

    public void Rescale(SplitRatio ratio)
    {
        for (var i = 0; i < _approved.Count; i++)
            _approved[i] = _approved[i] with { Quantity = ratio.Units(_approved[i].Quantity) };
        _tradedNet = ratio.Units(_tradedNet);
    }

    public void Disable(long executions) => Disabled ??= executions;

    public void Enable()
    {
        Disabled = null;
        _buys.Clear();
        _sells.Clear();
    }

    public (decimal Quantity, decimal Notional) ApprovedAfter(long at)
    {
        var (quantity, notional) = (0m, 0m);
        for (var i = _approved.Count - 1; i >= 0 && _approved[i].At > at; i--)
            (quantity, notional) = (quantity + _approved[i].Quantity, notional + _approved[i].Notional);
        return (quantity, notional);
    }

    public int MostExecutions(long ticks) => Math.Max(_buys.MostWithin(ticks), _sells.MostWithin(ticks));

    public decimal TradedNetOn(DateOnly day) => day == _day ? _tradedNet : 0;

    /// <summary>Whether anything of it counts within the memory of a book.</summary>
    public bool Matters(long now, DateOnly day) => Disabled is not null || _approved.Exists(slot => slot.At > now - Activity.Memory)
        || _buys.CountAfter(now - Activity.Memory) > 0 || _sells.CountAfter(now - Activity.Memory) > 0
        || (day == _day && _tradedNet != 0);

    /// <summary>Executions are kept whole: until the symbol is forgotten they count, however old they are.</summary>
    public SymbolActivityState Save(string symbol, long now, DateOnly day)
    {
        var today = day == _day;
        return new(
            symbol, [.. _approved.Where(slot => slot.At > now - Activity.Memory)], _buys.Save(long.MinValue),
            _sells.Save(long.MinValue), today ? _day : default, today ? _tradedNet : 0, Disabled);
    }

    public static SymbolActivity Restore(SymbolActivityState state)
    {
        var activity = new SymbolActivity { Disabled = state.Disabled, _day = state.Day, _tradedNet = state.TradedNet };
        activity._approved.AddRange(state.Approved);
        activity._buys.Restore(state.Buys);
        activity._sells.Restore(state.Sells);
        return activity;
    }
}
