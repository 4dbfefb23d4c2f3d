using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>One execution.</summary>
/// <param name="Quantity">Above zero for a purchase.</param>
/// <param name="Price">Per unit, in the currency of the listing.</param>
/// <param name="Middle">The market's price at that moment, before spread, impact and slippage.</param>
/// <param name="Costs">In the account's currency; no opportunity in it.</param>
/// <param name="IsMaker">Whether the order had waited in the book.</param>
public readonly record struct Fill(
    int Order, DateTimeOffset Time, string Symbol, decimal Quantity, decimal Price, decimal Middle, CostBreakdown Costs,
    bool IsMaker);

/// <summary>What became of one order.</summary>
/// <param name="Quantity">Above zero for a purchase.</param>
/// <param name="DecisionValue">What a unit was worth at the decision, in the account's currency.</param>
/// <param name="AveragePrice">Null where nothing was filled; in the account's currency.</param>
public readonly record struct OrderRecord(
    int Id, int Parent, string Strategy, string Symbol, OrderType Type, decimal Quantity, decimal Filled,
    DateTimeOffset DecidedAt, DateTimeOffset EndedAt, decimal DecisionValue, decimal? AveragePrice, CostBreakdown Costs,
    OrderEnd End);

/// <summary>The end of one day (UTC) on which something traded.</summary>
public readonly record struct DailyEquity(DateOnly Date, decimal Equity, decimal Cash, decimal Long, decimal Short);

/// <summary>An order that was not let into the market, for one of its reasons.</summary>
/// <param name="Observed">What the rule found, against its <paramref name="Limit"/>; null where that is not
/// known.</param>
public readonly record struct Refusal(
    DateTimeOffset At, string Strategy, string Symbol, decimal Quantity, string Code, decimal? Observed,
    decimal? Limit);

/// <summary>What a run leaves behind. Of a run in a sweep only what is counted is kept.</summary>
sealed class Recording
{
    /// <summary>Of each kind the first so many are kept; all are counted.</summary>
    public const int MostKept = 1_000_000;

    readonly List<Fill> _fills = [];
    readonly List<OrderRecord> _orders = [];
    readonly List<RoundTrip> _trips = [];
    readonly List<DailyEquity> _daily = [];
    readonly List<Refusal> _refusals = [];
    readonly SortedDictionary<string, long> _refused = new(StringComparer.Ordinal);

    /// <summary>Whether single fills and orders are kept.</summary>
    public bool KeepsAll { get; init; }

    /// <summary>Null where decisions need not be compared.</summary>
    public DecisionLog? Decisions { get; init; }

    public long FillCount { get; private set; }

    public long OrderCount { get; private set; }

    public IReadOnlyList<DailyEquity> Daily => _daily;

    public IReadOnlyList<RoundTrip> Trips => _trips;

    public IReadOnlyList<Fill> Fills => _fills;

    public IReadOnlyList<OrderRecord> Orders => _orders;

    public IReadOnlyList<Refusal> Refusals => _refusals;

    public ImmutableSortedDictionary<string, long> Refused =>
        _refused.ToImmutableSortedDictionary(StringComparer.Ordinal);

    public void Clear()
    {
        _fills.Clear();
        _orders.Clear();
        _trips.Clear();
        _daily.Clear();
        _refusals.Clear();
        _refused.Clear();
        (FillCount, OrderCount) = (0, 0);
    }

    public void Add(in Fill fill)
    {
        FillCount++;
        if (KeepsAll && _fills.Count < MostKept) _fills.Add(fill);
    }

    public void Add(in OrderRecord order)
    {
        OrderCount++;
        if (KeepsAll && _orders.Count < MostKept) _orders.Add(order);
    }

    public void Add(in RoundTrip trip)
    {
        if (_trips.Count < MostKept) _trips.Add(trip);
    }

    public void Add(in DailyEquity day) => _daily.Add(day);

    public void Add(in Refusal refusal)
    {
        _refused[refusal.Code] = _refused.GetValueOrDefault(refusal.Code) + 1;
        if (KeepsAll && _refusals.Count < MostKept) _refusals.Add(refusal);
    }
}
