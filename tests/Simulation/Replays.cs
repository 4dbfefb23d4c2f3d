using System.Collections.Immutable;
using System.Text;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Simulation.Tests;

/// <summary>Reads a whole stream once more with the product's own code: every decision comes out byte for byte, every refusal stays one
/// under tighter limits, and the snapshot is what the events before it make.</summary>
static class Replays
{
    static readonly ImmutableArray<Func<RiskLimits, RiskLimits>> Tightenings =
    [
        limits => limits with { Halted = true },
        limits => limits with { MaxOrderNotional = limits.MaxOrderNotional / 2 ?? 1_000 },
        limits => limits with { MaxPositionWeight = limits.MaxPositionWeight / 2 ?? 0.01 },
        limits => limits with { MaxGrossExposure = limits.MaxGrossExposure / 2 ?? 0.1 },
        limits => limits with { MaxNetExposure = limits.MaxNetExposure / 2 ?? 0.1 },
        limits => limits with { MaxSectorExposure = limits.MaxSectorExposure / 2 ?? 0.1 },
        limits => limits with { MaxValueAtRisk95 = limits.MaxValueAtRisk95 / 2 ?? 0.001 },
        limits => limits with { MaxExpectedShortfall975 = limits.MaxExpectedShortfall975 / 2 ?? 0.001 },
        limits => limits with { MinCash = (limits.MinCash ?? 0) + 10_000 },
        limits => limits with { MaxPriceAgeSeconds = limits.MaxPriceAgeSeconds / 2 ?? 1 },
        limits => limits with { MaxDrawdown = 0 },
        limits => limits with { MaxMessages = 0 },
        limits => limits with { PreventSelfMatch = true },
        limits => limits with { RestrictedSymbols = [.. SimulatedMarket.Symbols] },
    ];

    /// <returns>How many decisions were made again.</returns>
    public static async Task<int> CheckAsync(IJournal journal, string portfolio)
    {
        var (name, decisions) = ("portfolio/" + portfolio, 0);
        var snapshot = await journal.GetSnapshotAsync(name, CancellationToken.None);
        var book = new Book(portfolio, recentKeys: 16);
        var valuation = new BookValuation(book, new PortfolioOptions());
        BookValuation? resumed = null;
        await foreach (var recorded in journal.ReadAsync(name, 0, CancellationToken.None))
        {
            var change = BookJson.Decode(recorded);
            if (change is SignalDecided decided)
            {
                Again(valuation, decided, ref decisions);
                if (resumed is not null) Same(resumed, decided);
            }

            if (change is TakenUp taken)
                valuation = new BookValuation(book, taken.ToOptions());
            valuation.Apply(change);
            if (change is TakenUp or Recalculated) resumed = Resume(valuation);
            else resumed?.Apply(change);
            if (snapshot?.Sequence == recorded.Sequence)
                Ensure.That(BookJson.Snapshot(book.Save()).Payload.Span.SequenceEqual(snapshot.Payload.Span), $"{portfolio}: the snapshot at {snapshot.Sequence} is not what the events make");
        }

        if (snapshot is not null) await SameFromSnapshotAsync(journal, snapshot, book);
        return decisions;
    }

    /// <summary>A valuation that knows nothing but a checkpoint.</summary>
    static BookValuation Resume(BookValuation valuation)
    {
        var payload = BookCheckpoints.Encode(valuation.Capture()());
        return BookValuation.Restore(
            valuation.Book.Portfolio, BookCheckpoints.Decode(new(valuation.Book.Sequence, payload))!);
    }

    /// <summary>The decision comes out of a checkpoint and the events after it, too.</summary>
    static void Same(BookValuation resumed, SignalDecided decided)
    {
        var known = decided.Decision;
        var order = Idempotency.OrderOf(known);
        var again = PreTradeCheck.Decide(resumed, order, resumed.Book.Limits!, known.DecidedAt).Recorded;
        Ensure.That(again.Json.AsSpan().SequenceEqual(decided.Recorded.Json),
            $"decision {known.DecisionId} comes out of a checkpoint as {Encoding.UTF8.GetString(again.Json)}");
    }

    static void Again(BookValuation valuation, SignalDecided decided, ref int decisions)
    {
        decisions++;
        var known = decided.Decision;
        var order = Idempotency.OrderOf(known);
        var limits = valuation.Book.Limits!;
        var again = PreTradeCheck.Decide(valuation, order, limits, known.DecidedAt).Recorded;
        Ensure.That(again.Json.AsSpan().SequenceEqual(decided.Recorded.Json),
            $"decision {known.DecisionId} comes out as {Encoding.UTF8.GetString(again.Json)}, and was {Encoding.UTF8.GetString(decided.Recorded.Json)}");
        if (known.Approved) return;
        var tightened = Tightenings[(int)(valuation.Book.Sequence % Tightenings.Length)](limits.Limits);
        Ensure.That(!PreTradeCheck.Decide(valuation, order, limits with { Limits = tightened }, known.DecidedAt).Decision.Approved,
            $"decision {known.DecisionId} is refused, and approved under tighter limits: {tightened}");
    }

    /// <summary>The snapshot and the events after it make the same book as all events.</summary>
    static async Task SameFromSnapshotAsync(IJournal journal, JournalSnapshot snapshot, Book whole)
    {
        var book = Book.Restore(whole.Portfolio, BookJson.Decode(snapshot), recentKeys: 16);
        await foreach (var recorded in journal.ReadAsync("portfolio/" + whole.Portfolio, snapshot.Sequence, CancellationToken.None))
            book.Apply(BookJson.Decode(recorded));
        Ensure.That(BookJson.Encode(book.Save()).Span.SequenceEqual(BookJson.Encode(whole.Save()).Span), $"{whole.Portfolio}: from the snapshot another book is made");
    }
}
