using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>What the limits that count over time need to know before an order; those of limits that are not set are
/// zero or null.</summary>
/// <param name="Messages">Decisions and releases within the window.</param>
/// <param name="SameOrderSeconds">Age of the newest approval of the same content; null where there is none.</param>
/// <param name="CrossesOwn">Whether an open order of the book may trade with this one.</param>
/// <param name="ApprovedQuantity">Units of the symbol approved within the window; <paramref name="ApprovedNotional"/>
/// is their value.</param>
/// <param name="Executions">The most fills of one side of the symbol in any window; those that disabled it where it is
/// disabled.</param>
/// <param name="TradedNet">Units of the symbol bought since midnight UTC, sales taken off.</param>
/// <param name="Session">Null where no caller was ever heard.</param>
public readonly record struct OrderActivity(
    int Messages,
    double? SameOrderSeconds,
    bool CrossesOwn,
    decimal ApprovedQuantity,
    decimal ApprovedNotional,
    long Executions,
    bool IsDisabled,
    decimal TradedNet,
    SessionStatus? Session);
