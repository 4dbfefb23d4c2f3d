using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>The first turn of a day, by the clock of UTC.</summary>
/// <param name="Equity">From which the day's loss is counted.</param>
public sealed record DayStarted(decimal Equity, DateTimeOffset At) : BookEvent;

/// <summary>A person let a symbol trade again that repeated executions had disabled.</summary>
public sealed record SymbolEnabled(EnabledSymbol Enabled) : BookEvent;

/// <summary>The caller was heard for the first time, again after it was lost, or with another timeout. Heartbeats
/// between are not recorded.</summary>
public sealed record SessionConnected(double? TimeoutSeconds, DateTimeOffset At) : BookEvent;

/// <summary>The caller was silent for too long.</summary>
/// <param name="Reservations">Their ids; what remained of them is given back.</param>
public sealed record SessionLost(
    ImmutableArray<string> Reservations, DateTimeOffset HeardAt, DateTimeOffset At) : BookEvent;
