using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Where a book has its own orders executed. Without one it only decides, and executions are reported to it as
/// fills.</summary>
public interface IBroker
{
    /// <summary>Short, in lower case; part of the ids of fills.</summary>
    string Name { get; }

    /// <summary>Executes an order, whole or in part, or says why not. Asked again with the same id, after a failure or
    /// a crash, it gives the same answer and has no second effect.</summary>
    ValueTask<BrokerAnswer> ExecuteAsync(BrokerOrder order, CancellationToken cancellation);
}

/// <param name="OrderId">Idempotency key within the portfolio.</param>
/// <param name="LimitPrice">The worst price, per unit; null for a market order.</param>
/// <param name="Quote">What the book knows of the market; null where it has no price.</param>
public sealed record BrokerOrder(
    string OrderId, string Portfolio, string Symbol, Side Action, decimal Quantity, decimal? LimitPrice, Quote? Quote)
{
    /// <summary>The venue must execute no more of it than closes the position.</summary>
    public bool ReduceOnly { get; init; }
}

/// <param name="Price">Last, per unit.</param>
/// <param name="Currency">Of the price, and of the fees of the answer; null for the book's.</param>
/// <param name="DailyVolume">Units that usually trade in a day; null where that is not known.</param>
public sealed record Quote(
    decimal Price, DateTimeOffset PricedAt, decimal? DailyVolume = null, string? Currency = null);

public enum BrokerStatus
{
    Filled,
    /// <summary>Not now: nothing was executed, and asking again later may help.</summary>
    Working,
    /// <summary>Never: nothing was executed.</summary>
    Rejected,
}

/// <param name="Quantity">Executed, in units; zero where nothing was. <paramref name="Price"/> is per unit,
/// <paramref name="Fees"/> in all.</param>
/// <param name="Detail">Why nothing was executed.</param>
public sealed record BrokerAnswer(BrokerStatus Status, decimal Quantity, decimal Price, decimal Fees, string? Detail)
{
    public static BrokerAnswer Filled(decimal quantity, decimal price, decimal fees) =>
        new(BrokerStatus.Filled, quantity, price, fees, null);
    public static BrokerAnswer Working(string detail) => new(BrokerStatus.Working, 0, 0, 0, detail);
    public static BrokerAnswer Rejected(string detail) => new(BrokerStatus.Rejected, 0, 0, 0, detail);
}
