using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Keeps a book's guards up to date, and tells of what moves them. No await: it is part of a turn that another
/// began.</summary>
sealed partial class GuardWriter(BookWriter writer, ILogger log)
{
    BreakerMonitor Monitor => writer.Valuation.BreakerMonitor;

    /// <summary>Before a decision: limits that are new to the guards, and breakers that are due.</summary>
    public void Settle(LimitsVersion limits)
    {
        var now = writer.Now;
        if (Monitor.Configured(limits, now) is { } configured)
        {
            writer.Commit(configured);
            Watch();
        }

        Commit(Monitor.Due(now));
    }

    /// <summary>Measures everything anew: after a refresh of the prices, also where none changed, because prices
    /// age.</summary>
    public void Watch()
    {
        var now = writer.Now;
        if (Monitor.References(now) is { } moved) writer.Commit(moved);
        Monitor.Look(now);
        Commit(Monitor.Due(now));
    }

    /// <summary>Events that are one unit in the journal.</summary>
    public void Commit(ImmutableArray<BookEvent> changes)
    {
        if (changes.IsEmpty) return;
        changes = writer.Book.Guards.Numbered(changes);
        writer.Commit(changes.AsSpan());
        foreach (var change in changes) Tell(change);
    }

    void Tell(BookEvent change)
    {
        var portfolio = writer.Book.Portfolio;
        switch (change)
        {
            case BreakerMoved moved:
                LogMoved(
                    portfolio, moved.Name, moved.From, moved.To, moved.Observed, moved.Level, moved.By, moved.Reason);
                break;
            case Stopped stopped:
                LogStopped(portfolio, stopped.Stop.Scope, stopped.Stop.By, stopped.Stop.Reason);
                break;
            case Filled { Receipt: { Violations: { } violations } receipt }:
                foreach (var violation in violations)
                    LogDoubtful(portfolio, receipt.FillId, receipt.Symbol, violation.Code, violation.Detail);
                break;
            case ReservationsCut cut:
                LogCut(portfolio, cut.Cuts.Length, cut.Symbol, cut.Reason);
                break;
            case CorporateActionTaken taken:
                LogAction(
                    portfolio, taken.Symbol, taken.Action.Kind, taken.Action.Value, taken.Action.ExDate, taken.Source,
                    taken.IsLate, taken.After.Quantity, taken.Cash);
                break;
            case SymbolChanged changed:
                LogRenamed(
                    portfolio, changed.Symbol, changed.NewSymbol, changed.ExDate, changed.Source,
                    changed.Successor.Quantity, changed.Reservations.Length);
                break;
            case Resumed resumed:
                LogResumed(portfolio, resumed.Scope, resumed.By, resumed.Reason);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Portfolio}: breaker {Name} went from {From} to {To} at {Observed} against {Level}, by {By}: {Reason}")]
    partial void LogMoved(
        string portfolio, BreakerName name, BreakerState from, BreakerState to, double? observed, double level,
        string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Portfolio}: fill {FillId} of {Symbol} is booked and breaks {Code}: {Detail}")]
    partial void LogDoubtful(string portfolio, string fillId, string symbol, FillRule code, string detail);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Portfolio}: {Count} open orders of {Symbol} are cut down to what the position leaves room for: {Reason}")]
    partial void LogCut(string portfolio, int count, string symbol, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Portfolio}: {Symbol} has a {Kind} of {Value} on {ExDate} by {Source} (late: {Late}); {Quantity} are held, {Cash} is paid")]
    partial void LogAction(
        string portfolio, string symbol, CorporateActionKind kind, decimal value, DateOnly exDate, string source,
        bool late, decimal quantity, decimal cash);

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "{Portfolio}: {Symbol} is {NewSymbol} from {ExDate} on by {Source}; {Quantity} are held, {Count} open orders ended")]
    partial void LogRenamed(
        string portfolio, string symbol, string newSymbol, DateOnly exDate, string source, decimal quantity, int count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Portfolio} is stopped ({Scope}) by {By}: {Reason}")]
    partial void LogStopped(string portfolio, StopScope scope, string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Portfolio} is resumed ({Scope}) by {By}: {Reason}")]
    partial void LogResumed(string portfolio, StopScope scope, string by, string reason);
}
