using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class GuardsProperties
{
    static readonly Breakers All = Enum.GetValues<BreakerName>().Aggregate(
        new Breakers(), (breakers, name) => breakers.With(name, new(0.1, 0.05, 10, 10, 0.5, (BreakerReset)((int)name % 3), 20)));

    /// <summary>One thing that happens to a book and its guards.</summary>
    public sealed record Step(int Kind, BreakerName Name, double Measure, bool Flag, int Seconds);

    static readonly Arbitrary<Step[]> Histories = (
        from kind in Gen.Choose(0, 11)
        from name in Gen.Elements(Enum.GetValues<BreakerName>())
        from measure in Gen.Elements(double.NaN, 0, 0.07, 0.3)
        from flag in Gen.Elements(false, true)
        from seconds in Gen.Choose(0, 20)
        select new Step(kind, name, measure, flag, seconds)).ArrayOf(60).ToArbitrary();

    [Fact]
    public void Replay_GivesTheSameGuards_ByteForByte_FromTheStartAndFromAnySnapshot() => Prop.ForAll(
        Histories, Gen.Choose(0, 59).ToArbitrary(), (steps, cut) =>
        {
            var live = Opened(allowShort: true);
            List<BookEvent> events = [new Opened(live.Terms!, Now)];
            var (snapshot, now) = (live.Save(), Now);
            for (var i = 0; i < steps.Length; i++)
            {
                now = now.AddSeconds(steps[i].Seconds);
                foreach (var change in Changes(live, steps[i], now))
                {
                    live.Apply(change);
                    events.Add(change);
                }

                if (i == cut) snapshot = live.Save();
            }

            var replayed = new Book("test", RecentKeys);
            for (var i = 0; i < events.Count; i++) replayed.Apply(Recorded(events[i], i + 1));
            var stored = BookJson.Decode(new Journal.JournalSnapshot(snapshot.Sequence, BookJson.Encode(snapshot)));
            var resumed = Book.Restore("test", stored, RecentKeys);
            foreach (var change in events.Skip((int)resumed.Sequence)) resumed.Apply(change);
            var expected = BookJson.Encode(live.Save());
            return expected.Span.SequenceEqual(BookJson.Encode(replayed.Save()).Span)
                && expected.Span.SequenceEqual(BookJson.Encode(resumed.Save()).Span)
                && live.Guards.InForce == replayed.Guards.InForce && live.Guards.InForce == resumed.Guards.InForce;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void StoppedBook_IsHalted_AndOnlyAnExplicitResumptionOfTheSameScopeEndsIt() => Prop.ForAll(Histories, steps =>
    {
        var (book, now) = (Opened(allowShort: true), Now);
        foreach (var step in steps)
        {
            now = now.AddSeconds(step.Seconds);
            var before = book.Guards.Stops;
            foreach (var change in Changes(book, step, now))
            {
                book.Apply(change);
                if (change is Stopped && book.Guards.Mode != TradingMode.Halted) return false;
                if (change is not Resumed resumed) continue;
                if (book.Guards.StopOf(resumed.Scope) is not null || string.IsNullOrEmpty(resumed.By) || string.IsNullOrEmpty(resumed.Reason)) return false;
                before = [.. before.Where(stop => stop.Scope != resumed.Scope)];
            }

            if (before.Any(stop => book.Guards.StopOf(stop.Scope) is null) || (!book.Guards.Stops.IsEmpty && book.Guards.InForce is null)) return false;
        }

        return true;
    }).QuickCheckThrowOnFailure();

    /// <summary>What the rules make of a step; nothing where they refuse it.</summary>
    static ImmutableArray<BookEvent> Changes(Book book, Step step, DateTimeOffset now)
    {
        var id = $"{book.Sequence + 1}";
        Sanction sanction = new("ada", "reset", step.Flag ? "bob" : null);
        return step.Kind switch
        {
            0 => Some(new GuardsConfigured(new(step.Flag ? All : All with { Drawdown = null }, step.Flag ? 1_000m : null, 0.03, 300), 2, now)),
            1 or 2 or 3 => Some(BreakerRules.Next(book.Guards.Of(step.Name), book.Guards.Settings?.Breakers.Of(step.Name), step.Measure, now)),
            4 => Some(BreakerRules.Reset(book.Guards.Of(step.Name), book.Guards.Settings?.Breakers.Of(step.Name), step.Measure, 90_000m, sanction, now).Value),
            5 => Values(GuardRules.SetMode(book, new((TradingMode)((int)step.Name % 3), "ada", "mode"), now)),
            6 => step.Flag
                ? Values(GuardRules.StopBook(book, new("ada", "stop", step.Measure > 0), hasBroker: true, now))
                : GuardRules.Follow(book, new(book.Guards.FirmVersion + 1, step.Measure > 0, "eve", null, "firm", true, now), hasBroker: false, now),
            7 => Values(GuardRules.ResumeBook(book, sanction, takesTwo: true, now)),
            8 => Some(new SignalDecided(Decision(book, Order(Side.Buy, 1, id), id, 10, step.Flag) with { DecidedAt = now })),
            9 => Some(step.Flag
                ? FillRules.Post(book, External(id, step.Seconds > 10 ? Side.Buy : Side.Sell, 1 + step.Seconds, 10), now) is { } filled ? filled with { ByBroker = true } : null
                : new BrokerFailed(id, "AA", "no answer", now)),
            10 => Some(step.Flag
                ? BookRules.Transfer(book, new CashTransfer(id, 100 * (step.Seconds + 1)), book.Cash, now).Value
                : new ReferencesMoved(new DateOnly(2026, 1, 1).AddDays(step.Seconds), 95_000m, step.Measure > 0 ? 97_000m : null, now)),
            _ => book.Guards.Plan is { FinishedAt: null } plan && plan.Steps is [var first, ..]
                ? Some(new FlattenStepped(plan.PlanId, first.Symbol, step.Flag ? FlattenState.Flat : FlattenState.Failed, step.Flag ? null : "no", now))
                : [],
        };

        static ImmutableArray<BookEvent> Some(BookEvent? change) => change is null ? [] : [change];

        static ImmutableArray<BookEvent> Values(Outcome<ImmutableArray<BookEvent>> outcome) => outcome.IsDone ? outcome.Value : [];
    }
}
