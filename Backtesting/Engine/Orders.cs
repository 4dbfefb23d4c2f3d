using System.Text.Json.Serialization;

namespace Trading.Backtests;

[JsonConverter(typeof(SnakeCaseEnumConverter<OrderType>))]
public enum OrderType
{
    /// <summary>At the first price after it has arrived.</summary>
    Market,
    /// <summary>At its price or better.</summary>
    Limit,
    /// <summary>A market order once its stop price has traded.</summary>
    Stop,
    /// <summary>A limit order once its stop price has traded.</summary>
    StopLimit,
    /// <summary>At the close of the first bar for whose opening it was in time.</summary>
    MarketOnClose,
}

[JsonConverter(typeof(SnakeCaseEnumConverter<TimeInForce>))]
public enum TimeInForce
{
    /// <summary>Until it is filled or cancelled; what a bar's liquidity leaves over is carried to the next.</summary>
    GoodTilCancelled,
    /// <summary>Until the end of the first day on which it could trade.</summary>
    Day,
    /// <summary>Until a moment.</summary>
    GoodTilTime,
    /// <summary>What trades at once, the rest is cancelled.</summary>
    ImmediateOrCancel,
    /// <summary>All of it at once, or nothing.</summary>
    FillOrKill,
}

/// <summary>What a strategy wants to trade.</summary>
/// <param name="Series">The symbol's place in the history.</param>
/// <param name="Quantity">Units: above zero to buy, below to sell.</param>
/// <param name="ExpiresAt">Of <see cref="TimeInForce.GoodTilTime"/> only.</param>
/// <param name="Parent">The order that this one is a part of; 0 for none.</param>
public readonly record struct OrderRequest(
    int Series, decimal Quantity, OrderType Type = OrderType.Market, decimal? LimitPrice = null, decimal? StopPrice = null,
    TimeInForce TimeInForce = TimeInForce.GoodTilCancelled, DateTimeOffset? ExpiresAt = null, int Parent = 0)
{
    /// <summary>What is wrong with it; null where nothing is.</summary>
    internal string? Problem()
    {
        if ((Type is OrderType.Limit or OrderType.StopLimit) != LimitPrice is not null)
            return "limit and stop-limit orders have a limit price, others have none";
        if ((Type is OrderType.Stop or OrderType.StopLimit) != StopPrice is not null)
            return "stop and stop-limit orders have a stop price, others have none";
        if (LimitPrice is <= 0 or > FixedPoint.Largest || StopPrice is <= 0 or > FixedPoint.Largest)
            return $"prices are above 0 and at most {FixedPoint.Largest}";
        if (Math.Abs(Quantity) > FixedPoint.Largest) return $"a quantity is at most {FixedPoint.Largest}";
        return (TimeInForce == TimeInForce.GoodTilTime) != ExpiresAt is not null
            ? "an order that is good until a time has that time, others have none"
            : null;
    }
}

/// <summary>How an order ended.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<OrderEnd>))]
public enum OrderEnd
{
    Working,
    Filled,
    Cancelled,
    /// <summary>By its time in force.</summary>
    Expired,
    /// <summary>The listing ended.</summary>
    Delisted,
    /// <summary>The run ended before it.</summary>
    EndOfRun,
}

/// <summary>An order in the market. Taken from a pool and put back: a run without new orders allocates nothing.</summary>
sealed class WorkingOrder
{
    public int Id, Account, Series, Side, Parent;
    public OrderType Type;
    public TimeInForce TimeInForce;
    public decimal Quantity, Remaining;
    public long? Limit, Stop;
    public long DecidedAt, Arrives, Expires;

    /// <summary>The day on which a day order first could trade; -1 before.</summary>
    public long Day;

    public bool Triggered;

    /// <summary>What a unit was worth at the decision, in the account's currency.</summary>
    public decimal DecisionValue;

    public decimal FilledUnits, FilledNotional, FeeUnits, FeeNotional;

    public CostBreakdown Costs;

    public OrderEnd End;

    public void Set(int id, int account, in OrderRequest request, decimal quantity, long now, long arrives)
    {
        (Id, Account, Series, Parent) = (id, account, request.Series, request.Parent);
        (Side, Quantity, Remaining) = (quantity > 0 ? 1 : -1, Math.Abs(quantity), Math.Abs(quantity));
        (Type, TimeInForce) = (request.Type, request.TimeInForce);
        (Limit, Stop) = (ToTicks(request.LimitPrice), ToTicks(request.StopPrice));
        (DecidedAt, Arrives, Expires) = (now, arrives, request.ExpiresAt?.UtcTicks ?? long.MaxValue);
        (Day, Triggered, End) = (-1, false, OrderEnd.Working);
        (FilledUnits, FilledNotional, FeeUnits, FeeNotional, Costs) = (0, 0, 0, 0, default);
    }

    static long? ToTicks(decimal? price) => price is { } known ? FixedPoint.From(known) : null;
}
