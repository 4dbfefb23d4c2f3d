using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What persons and the firm do to a book's guards: trading mode, circuit breakers, emergency stop. Every
/// answer is what the guards are afterwards.</summary>
sealed class GuardCommands(BookWriter writer, GuardWriter guards, BrokerOrders orders)
{
    Book Book => writer.Book;

    public Task<Outcome<GuardReport>> ReportAsync(LimitsVersion limits)
    {
        writer.BeginTurn();
        guards.Settle(limits);
        return writer.AnswerAsync(Outcome.Done(GuardReporting.Report(writer.Valuation, writer.Now)));
    }

    public Task<Outcome<GuardReport>> SetModeAsync(ModeChange change) =>
        CarryOutAsync(now => GuardRules.SetMode(Book, change, now));

    public Task<Outcome<GuardReport>> ResetBreakerAsync(BreakerName name, Sanction sanction, LimitsVersion limits) =>
        CarryOutAsync(now =>
        {
            guards.Settle(limits);
            return GuardRules.Reset(writer.Valuation, name, sanction, now);
        });

    public Task<Outcome<GuardReport>> StopAsync(StopCommand command) =>
        CarryOutAsync(now => GuardRules.StopBook(Book, command, orders.HasBroker, now));

    public Task<Outcome<GuardReport>> ResumeAsync(Sanction sanction, LimitsVersion limits)
    {
        var takesTwo = limits.Limits.Breakers?.SecondPersonToResume ?? false;
        return CarryOutAsync(now => GuardRules.ResumeBook(Book, sanction, takesTwo, now));
    }

    public Task<Outcome<GuardReport>> FollowAsync(FirmOrder order) =>
        CarryOutAsync(now => Outcome.Done(GuardRules.Follow(Book, order, orders.HasBroker, now)));

    Task<Outcome<GuardReport>> CarryOutAsync(Func<DateTimeOffset, Outcome<ImmutableArray<BookEvent>>> decide)
    {
        writer.BeginTurn();
        var now = writer.Now;
        var decided = decide(now);
        if (decided.IsDone) guards.Commit(decided.Value);
        if (Book.Guards.Plan is { FinishedAt: null }) orders.Hurry();
        return writer.AnswerAsync(decided.As(_ => GuardReporting.Report(writer.Valuation, now)));
    }
}
