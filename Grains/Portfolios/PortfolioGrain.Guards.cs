using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Trading mode, circuit breakers, emergency stop.</summary>
public sealed partial class PortfolioGrain
{
    public async Task<Outcome<GuardReport>> GetGuardsAsync(LimitsVersion limits)
    {
        if (!_writer.IsOpen) return Missing<GuardReport>();
        _writer.BeginTurn();
        Settle(limits);
        return await _writer.AnswerAsync(Outcome.Done(GuardReporting.Report(_writer.Valuation, clock.GetUtcNow())));
    }

    public Task<Outcome<GuardReport>> SetModeAsync(ModeChange change) => CarryOutAsync(now => GuardRules.SetMode(Book, change, now));

    public Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction, LimitsVersion limits) => CarryOutAsync(now =>
    {
        Settle(limits);
        return GuardRules.Reset(_writer.Valuation, name, sanction, now);
    });

    public Task<Outcome<GuardReport>> StopAsync(StopCommand command) =>
        CarryOutAsync(now => GuardRules.StopBook(Book, command, _broker is not null, now));

    public Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction, LimitsVersion limits) =>
        CarryOutAsync(now => GuardRules.ResumeBook(Book, sanction, limits.Limits.Breakers?.SecondPersonToResume ?? false, now));

    public Task<Outcome<GuardReport>> FollowAsync(FirmOrder order) =>
        CarryOutAsync(now => Outcome.Done(GuardRules.Follow(Book, order, _broker is not null, now)));

    async Task<Outcome<GuardReport>> CarryOutAsync(Func<DateTimeOffset, Outcome<ImmutableArray<BookEvent>>> decide)
    {
        if (!_writer.IsOpen) return Missing<GuardReport>();
        _writer.BeginTurn();
        var now = clock.GetUtcNow();
        var decided = decide(now);
        if (decided.IsDone) Commit(decided.Value);
        if (Book.Guards.Plan is { FinishedAt: null }) HurryOrders();
        return await _writer.AnswerAsync(decided.As(_ => GuardReporting.Report(_writer.Valuation, now)));
    }

    /// <summary>Brings the guards up to date before a decision: limits that are new to them, and breakers that are due.</summary>
    void Settle(LimitsVersion limits)
    {
        var now = clock.GetUtcNow();
        if (_writer.Valuation.BreakerMonitor.Configured(limits, now) is { } configured)
        {
            _writer.Commit(configured);
            Watch();
        }

        Commit(_writer.Valuation.BreakerMonitor.Due(now));
    }

    /// <summary>Measures everything anew: after a refresh of the prices, also where none changed, because prices age.</summary>
    void Watch()
    {
        var now = clock.GetUtcNow();
        if (_writer.Valuation.BreakerMonitor.References(now) is { } moved) _writer.Commit(moved);
        _writer.Valuation.BreakerMonitor.Look(now);
        Commit(_writer.Valuation.BreakerMonitor.Due(now));
    }

    /// <summary>Events that are one unit in the journal.</summary>
    void Commit(ImmutableArray<BookEvent> changes)
    {
        _writer.Commit(changes.AsSpan());
        foreach (var change in changes) Tell(change);
    }

    void Tell(BookEvent change)
    {
        switch (change)
        {
            case BreakerMoved moved:
                LogMoved(Book.Portfolio, moved.Name, moved.From, moved.To, moved.Observed, moved.Level, moved.By, moved.Reason);
                break;
            case Stopped stopped:
                LogStopped(Book.Portfolio, stopped.Stop.Scope, stopped.Stop.By, stopped.Stop.Reason);
                break;
            case Resumed resumed:
                LogResumed(Book.Portfolio, resumed.Scope, resumed.By, resumed.Reason);
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Portfolio}: breaker {Name} went from {From} to {To} at {Observed} against {Level}, by {By}: {Reason}")]
    partial void LogMoved(string portfolio, BreakerName name, BreakerState from, BreakerState to, double? observed, double level, string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Portfolio} is stopped ({Scope}) by {By}: {Reason}")]
    partial void LogStopped(string portfolio, StopScope scope, string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Portfolio} is resumed ({Scope}) by {By}: {Reason}")]
    partial void LogResumed(string portfolio, StopScope scope, string by, string reason);
}
