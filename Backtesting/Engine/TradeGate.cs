using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>What a gate may know of an account.</summary>
public interface IAccountView
{
    string Strategy { get; }

    DateTimeOffset Now { get; }

    decimal Cash { get; }

    /// <summary>The ticker of a place.</summary>
    string Symbol(int series);

    /// <summary>Null where it is not known.</summary>
    string? Sector(int series);

    decimal Position(int series);

    /// <summary>What a unit is worth at the last close, in the account's currency; null where it cannot be
    /// traded.</summary>
    decimal? Worth(int series);

    /// <summary>When the last bar was complete; null before the first.</summary>
    DateTimeOffset? PricedAt(int series);

    /// <summary>Closes up to now, splits and dividends taken out.</summary>
    ReadOnlySpan<double> Closes(int series);

    /// <summary>The day of trading that a bar belongs to.</summary>
    /// <param name="bar">A place in <see cref="Closes"/>.</param>
    DateOnly Session(int series, int bar);

    /// <summary>Its returns from session to session up to now; false where it has no bar yet, or bars are shorter than
    /// a day.</summary>
    bool TryDailyReturns(int series, out DailyReturns returns);

    /// <summary>Units that a day has traded lately; null where that is not known.</summary>
    double? DailyVolume(int series);
}

/// <summary>The question: may this order go to the market?</summary>
/// <param name="Order">The number that it will have there.</param>
/// <param name="Quantity">Above zero for a purchase.</param>
/// <param name="LimitPrice">In the account's currency.</param>
public readonly record struct GateRequest(
    int Order, int Series, decimal Quantity, decimal? LimitPrice, IAccountView Account);

/// <summary>A rule that an order broke.</summary>
/// <param name="Observed">What it was held against <paramref name="Limit"/>; null where that is not known.</param>
public readonly record struct BrokenRule(string Code, decimal? Observed, decimal? Limit);

/// <summary>The pre-trade check of a run. The same rules as live stand behind it, under the clock of the run: it is
/// asked before every order, and told of everything that moves an account.</summary>
public interface ITradeGate
{
    /// <summary>A run begins; nothing is known of another.</summary>
    void Begin();

    /// <summary>New bars are carried out; strategies have not decided yet.</summary>
    void Look(IAccountView account);

    /// <summary>Every rule that the order breaks; empty where it may go.</summary>
    ImmutableArray<BrokenRule> Check(in GateRequest request);

    /// <summary>An order that was let through traded.</summary>
    /// <param name="units">Above zero for a purchase.</param>
    /// <param name="value">What was paid or received for them, positive and without <paramref name="fees"/>, in the
    /// account's currency.</param>
    void Filled(int order, decimal units, decimal value, decimal fees);

    /// <summary>An order that was let through left the market, filled or not.</summary>
    void Ended(int order);

    /// <summary>Positions and orders are in new units from here on.</summary>
    /// <param name="ratio">New units for one old.</param>
    void Split(int series, decimal ratio);
}
