using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>What a gate may know of the account that asks.</summary>
public interface IAccountView
{
    string Strategy { get; }

    decimal Cash { get; }

    decimal Equity { get; }

    /// <summary>The highest equity at the end of a day so far.</summary>
    decimal Peak { get; }

    /// <summary>The equity at the end of the day before.</summary>
    decimal DayStart { get; }

    /// <summary>Places of the symbols that are held, or that orders in the market may bring.</summary>
    IReadOnlyList<int> Symbols { get; }

    decimal Position(int series);

    /// <summary>What orders in the market would still add.</summary>
    decimal Working(int series);

    /// <summary>What a unit is worth at the last close, in the account's currency; null before the first.</summary>
    decimal? Worth(int series);

    /// <summary>Closes up to now, splits and dividends taken out.</summary>
    ReadOnlySpan<double> Closes(int series);
}

/// <summary>The question: may this order go to the market?</summary>
/// <param name="Quantity">Above zero for a purchase.</param>
public readonly record struct GateRequest(
    DateTimeOffset At, string Symbol, int Series, decimal Quantity, decimal? LimitPrice, IAccountView Account);

/// <summary>The pre-trade check of a run. The same rules as live stand behind it, under the clock of the run.</summary>
public interface ITradeGate
{
    /// <summary>The codes of all rules that the order breaks; empty where it may go.</summary>
    ImmutableArray<string> Check(in GateRequest request);
}
