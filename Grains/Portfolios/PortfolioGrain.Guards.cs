using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Trading mode, circuit breakers, emergency stop.</summary>
public sealed partial class PortfolioGrain
{
    public async Task<Outcome<GuardReport>> GetGuardsAsync(LimitsVersion limits)
    {
        if (!_live.IsOpen) return Missing<GuardReport>();
        _live.BeginTurn();
        Settle(limits);
        return await _live.AnswerAsync(Outcome.Done(GuardReporting.Report(_live.Desk, clock.GetUtcNow())));
    }

    public Task<Outcome<GuardReport>> SetModeAsync(ModeChange change) => CarryOutAsync(now => GuardRules.SetMode(Book, change, now));

    public Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction, LimitsVersion limits) => CarryOutAsync(now =>
    {
        Settle(limits);
        return GuardRules.Reset(_live.Desk, name, sanction, now);
    });

    public Task<Outcome<GuardReport>> StopAsync(StopCommand command) =>
        CarryOutAsync(now => GuardRules.StopBook(Book, command, _broker is not null, now));

    public Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction, LimitsVersion limits) =>
        CarryOutAsync(now => GuardRules.ResumeBook(Book, sanction, limits.Limits.Breakers?.SecondPersonToResume ?? false, now));

    public Task<Outcome<GuardReport>> FollowAsync(FirmOrder order) =>
        CarryOutAsync(now => Outcome.Done(GuardRules.Follow(Book, order, _broker is not null, now)));

    async Task<Outcome<GuardReport>> CarryOutAsync(Func<DateTimeOffset, Outcome<ImmutableArray<BookEvent>>> decide)
    {
        if (!_live.IsOpen) return Missing<GuardReport>();
        _live.BeginTurn();
        var now = clock.GetUtcNow();
        var decided = decide(now);
        if (decided.IsDone) Commit(decided.Value);
        if (Book.Guards.Plan is { FinishedAt: null }) HurryOrders();
        return await _live.AnswerAsync(decided.As(_ => GuardReporting.Report(_live.Desk, now)));
    }

    /// <summary>Brings the guards up to date before a decision: limits that are new to them, and breakers that are due.</summary>
    void Settle(LimitsVersion limits)
    {
        var now = clock.GetUtcNow();
        if (_live.Desk.Guarding.Configured(limits, now) is { } configured)
        {
            _live.Commit(configured);
            Watch();
        }

        Commit(_live.Desk.Guarding.Due(now));
    }

    /// <summary>Measures everything anew: after a refresh of the prices, also where none changed, because prices age.</summary>
    void Watch()
    {
        var now = clock.GetUtcNow();
        if (_live.Desk.Guarding.References(now) is { } moved) _live.Commit(moved);
        _live.Desk.Guarding.Look(now);
        Commit(_live.Desk.Guarding.Due(now));
    }

    /// <summary>Events that are one unit in the journal.</summary>
    void Commit(ImmutableArray<BookEvent> changes)
    {
        _live.Commit(changes.AsSpan());
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
