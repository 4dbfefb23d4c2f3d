using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>Keeps a book supplied with budget: asks its node ahead of need, passes the answer to the book, confirms
/// what the book gave back, and returns what a node still counts for a book that left it.</summary>
sealed partial class BudgetAllocator(
    string portfolio, LimitsEventStore events, IPortfolioGrain book, Func<string, IRiskBudgetGrain> nodeOf,
    RiskOptions options, TimeProvider clock, ILogger log)
{
    /// <summary>One to ask, one to confirm; one more where a grant came in between.</summary>
    const int MaxRounds = 3;

    /// <summary>Asked for beyond what a refused order would have used, since prices move.</summary>
    const decimal Allowance = 1.05m;

    /// <summary>How long more is held for an order that was refused.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    BudgetAmounts _demand = BudgetAmounts.Zero;
    DateTimeOffset _demandedAt;

    LimitsState State => events.State;

    /// <summary>False where there is nothing to do for the book.</summary>
    public bool IsBound => State.Parent is not null || !State.Leaving.IsEmpty
        || (!State.IsAssigned && options.Parents.ContainsKey(portfolio));

    /// <summary>Notes what decisions would have taken.</summary>
    /// <returns>True where the budget was in the way of one.</returns>
    public bool Notice(ImmutableArray<RecordedDecision> decisions)
    {
        var isShort = false;
        foreach (var decision in decisions) isShort |= Notice(decision);
        return isShort;
    }

    bool Notice(RecordedDecision decision)
    {
        if (State.Parent is null || decision.Json.AsSpan().IndexOf("\"budget_"u8) < 0) return false;
        var before = _demand;
        foreach (var broken in decision.Read().Violations)
            if (broken.Observed * Allowance is { } wanted)
                _demand = broken.Code switch
                {
                    RiskRule.BudgetGross => _demand with { Gross = Math.Max(wanted, _demand.Gross!.Value) },
                    RiskRule.BudgetNet => _demand with { Net = Math.Max(wanted, _demand.Net!.Value) },
                    RiskRule.BudgetShortfall => _demand with { Shortfall = Math.Max(wanted, _demand.Shortfall!.Value) },
                    _ => _demand,
                };
        if (_demand == before) return false;
        _demandedAt = clock.GetUtcNow();
        return true;
    }

    /// <summary>Puts the book below another node, or below none. It is bound at once, also where it uses more than it
    /// is granted: then it may only reduce.</summary>
    public async Task<Outcome<BudgetPlace>> AssignAsync(BudgetAssignment assignment)
    {
        if (BudgetValidator.Check(assignment) is { IsEmpty: false } errors) return Outcome.Invalid<BudgetPlace>(errors);
        var standing = await book.GetBudgetAsync();
        if (!standing.IsDone) return new(standing.Kind, null, standing.Errors);
        if (assignment.Parent is { } parent && await nodeOf(parent).GetReportAsync() is { Currency: { } currency }
            && currency != standing.Value!.Currency)
            return Outcome.Conflict<BudgetPlace>(
                "parent", "currency", $"{parent} counts in {currency}; the book is in {standing.Value.Currency}.");
        await events.CommitAsync(
            new ParentAssigned(assignment.Parent, assignment.By, assignment.Reason, clock.GetUtcNow()));
        await BalanceAsync();
        standing = await book.GetBudgetAsync();
        return standing.IsDone
            ? Outcome.Done(new BudgetPlace(portfolio, State.Parent, standing.Value!.Grant, standing.Value.Used))
            : new(standing.Kind, null, standing.Errors);
    }

    /// <summary>One look at the book's budget. Whatever fails is tried again with the next one; until then the book's
    /// grant binds.</summary>
    public async Task BalanceAsync()
    {
        if (!IsBound) return;
        try
        {
            if (!State.IsAssigned)
                await events.CommitAsync(
                    new ParentAssigned(options.Parents[portfolio], "system", "The configuration.", clock.GetUtcNow()));
            if (await SupplyAsync() is { } held) await ReturnAsync(held);
        }
        catch (Exception failure)
        {
            LogNotBalanced(failure, portfolio);
        }
    }

    /// <returns>What the book holds; null where it or its node gave no answer.</returns>
    async Task<BudgetStanding?> SupplyAsync()
    {
        if (clock.GetUtcNow() - _demandedAt > Patience) _demand = BudgetAmounts.Zero;
        var standing = await book.GetBudgetAsync();
        if (State.Parent is not { } parent)
            return (standing.Value?.Grant is null ? standing : await book.TakeBudgetAsync(null)).Value;
        for (var round = 0; round < MaxRounds && standing.IsDone; round++)
        {
            var offered = await nodeOf(parent).AskAsync(BudgetHolding.Ask(portfolio, parent, standing.Value!, _demand));
            if (!offered.IsDone) return null;
            standing = await book.TakeBudgetAsync(offered.Value);
            var isToConfirm = standing.Value?.Grant is { } grant && grant.Version == offered.Value!.Version
                && Amounts.AnyLess(grant.Amounts, offered.Value.Granted);
            if (!isToConfirm) break;
        }

        return standing.Value;
    }

    async Task ReturnAsync(BudgetStanding held)
    {
        foreach (var left in State.Leaving.Where(node => node != held.Grant?.Node))
        {
            await nodeOf(left).LeaveAsync(portfolio);
            await events.CommitAsync(new BudgetReturned(left, clock.GetUtcNow()));
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The budget of {Portfolio} could not be looked after; what it was granted stays in force.")]
    partial void LogNotBalanced(Exception failure, string portfolio);
}
