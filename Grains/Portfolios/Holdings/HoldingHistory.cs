using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What moved a holding: a trade, or a corporate action.</summary>
/// <param name="Day">UTC, on which it was booked; of an action the ex-date.</param>
/// <param name="Session">The newest session that the book knew of the symbol at the trade; null for none.</param>
/// <param name="Quantity">Traded, negative for a sale; <paramref name="Value"/> likewise.</param>
/// <param name="Action">Null for a trade.</param>
/// <param name="Price">Per unit: of the trade, or at which the fraction of a unit was paid out.</param>
/// <param name="Whole">Whether an action leaves whole units only.</param>
public sealed record HoldingChange(
    DateOnly Day, DateOnly? Session, decimal Quantity, decimal Value, CorporateAction? Action, decimal Price,
    bool Whole)
{
    /// <summary>Of the instrument; null for the book's.</summary>
    public string? Currency { get; init; }

    /// <summary>What one unit of it was worth in the book's; null for the book's own, and where it was not
    /// known.</summary>
    public decimal? Rate { get; init; }

    /// <summary>The largest amount of the book, where it is so large that it counts, see
    /// <see cref="Money.Fit"/>.</summary>
    public decimal? Beside { get; init; }

    /// <summary>A trade of a book that kept eight decimal places.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public bool Rounded { get; init; }

    /// <summary>Whether it is an action, at whatever value.</summary>
    internal bool Is(CorporateAction action) => Action?.ExDate == action.ExDate && Action.Kind == action.Kind;

    /// <summary>The holding after it, and what an action pays to the book in its currency.</summary>
    internal (Holding Holding, decimal Paid) Move(Holding holding)
    {
        if (Action is { } action) return CorporateActionRules.Move(holding, action, this);
        return Rounded
            ? (holding.TradeRounded(Quantity > 0 ? Side.Buy : Side.Sell, Math.Abs(Quantity), Value), 0)
            : (holding.Trade(new(Quantity, Value, Price, Currency, Rate, Beside ?? 0), out _), 0);
    }
}

/// <param name="Base">The holding before the changes, which are those since the day <paramref name="Since"/>.</param>
public sealed record HoldingHistoryState(Holding Base, DateOnly Since, ImmutableArray<HoldingChange> Changes);

/// <summary>The latest changes of one holding, so that an action that becomes known late can be put where it
/// belongs.</summary>
public sealed class HoldingHistory
{
    /// <summary>Changes kept; an action of before the oldest of them can no longer be taken.</summary>
    public const int Capacity = 64;

    HoldingHistoryState _state;

    public HoldingHistory(HoldingHistoryState state) => _state = state;

    public static HoldingHistory Of(string symbol) => new(new(new Holding(symbol, 0, 0, 0), DateOnly.MinValue, []));

    /// <summary>What became of a holding that was there before its changes were kept.</summary>
    public static HoldingHistory After(Holding holding, DateOnly since) => new(new(holding, since, []));

    /// <summary>Actions up to this day are part of the holding, or too late.</summary>
    public DateOnly Since => _state.Since;

    public HoldingHistoryState Save() => _state;

    public decimal? Taken(CorporateAction action) => _state.Changes
        .FirstOrDefault(change => change.Is(action))?.Action!.Value;

    public void Add(HoldingChange change)
    {
        var changes = change.Action is { } action ? Insert(_state.Changes, change, action) : _state.Changes.Add(change);
        _state = _state with { Changes = changes };
        if (changes.Length <= Capacity) return;
        var oldest = changes[0];
        _state = new(oldest.Move(_state.Base).Holding, oldest.Session ?? oldest.Day, changes.RemoveAt(0));
    }

    /// <summary>The holding and all that actions paid, with an action where it belongs.</summary>
    public (Holding Holding, decimal Paid, Holding Before) With(HoldingChange change)
    {
        var (holding, paid, before) = (_state.Base, 0m, _state.Base);
        foreach (var one in Insert(_state.Changes, change, change.Action!))
        {
            if (ReferenceEquals(one, change)) before = holding;
            var moved = one.Move(holding);
            (holding, paid) = (moved.Holding, paid + moved.Paid);
        }

        return (holding, paid, before);
    }

    /// <summary>What the actions taken so far have paid.</summary>
    public decimal Paid
    {
        get
        {
            var (holding, paid) = (_state.Base, 0m);
            foreach (var change in _state.Changes)
            {
                var moved = change.Move(holding);
                (holding, paid) = (moved.Holding, paid + moved.Paid);
            }

            return paid;
        }
    }

    /// <summary>With all its changes part of the holding: none is put before them any more.</summary>
    public HoldingHistory Closed(Holding holding) => After(
        holding,
        _state.Changes.Select(change => change.Action?.ExDate ?? change.Session ?? change.Day).Append(Since).Max());

    /// <summary>A holding that joins this one late, by a change of symbol: the splits since then are of its units
    /// too.</summary>
    public Holding InUnitsOfNow(Holding joining, DateOnly since) => _state.Changes
        .Where(change => change.Action is { Kind: CorporateActionKind.Split } split && split.ExDate >= since)
        .Aggregate(joining, (holding, change) => (change with { Whole = false }).Move(holding).Holding);

    /// <summary>The day of the newest action that is part of the holding.</summary>
    public DateOnly Acted => _state.Changes.Select(change => change.Action?.ExDate ?? Since).Append(Since).Max();

    /// <summary>Whether a trade after an action, or one at its new prices, is known.</summary>
    public bool HasTradedSince(DateOnly exDate) =>
        _state.Changes.Any(change => change.Action is null && change.Session >= exDate);

    /// <summary>Whether anything was held or traded before an action, as far as is known.</summary>
    public bool HasTradedBefore(DateOnly exDate) => _state.Base.Quantity != 0
        || _state.Changes.Any(change => change.Action is null && !(change.Session >= exDate));

    /// <summary>Before the first trade in the units that the action made, after every earlier action; in the place of
    /// the same action with another value. What a delisting pays for a trade that is told after it is beside what it
    /// has paid, at a rate of its own.</summary>
    static ImmutableArray<HoldingChange> Insert(
        ImmutableArray<HoldingChange> changes, HoldingChange taken, CorporateAction action)
    {
        if (action.Kind == CorporateActionKind.Delisting && changes.Any(change => change.Action == action))
            return changes.Add(taken);
        changes = changes.RemoveAll(change => change.Is(action));
        for (var i = 0; i < changes.Length; i++)
            if (changes[i].Action is { } other
                ? (other.ExDate, other.Kind).CompareTo((action.ExDate, action.Kind)) > 0
                : !IsBefore(changes[i], taken, action))
                return changes.Insert(i, taken);
        return changes.Add(taken);
    }

    /// <summary>A trade belongs to the data that the book knew: it comes before an action of a later session. On the
    /// ex-date itself, or where prices lag behind the clock, a split tells by the price; cash is paid on what was held
    /// before the day. What is told of a symbol that trades no more happened before its end.</summary>
    static bool IsBefore(HoldingChange trade, HoldingChange taken, CorporateAction action)
    {
        if (trade.Session >= action.ExDate) return false;
        if (trade.Day < action.ExDate || CorporateActionRules.IsEnd(action)) return true;
        if (action.Kind == CorporateActionKind.Split)
            return SplitRatio.Of(action.Value).IsOld(trade.Price, taken.Price);
        return trade.Session is not null && trade.Day != action.ExDate;
    }
}
