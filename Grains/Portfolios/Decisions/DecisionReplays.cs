using System.Collections.Immutable;
using System.Globalization;
using Trading.Journal;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Makes decisions again from a book's stream: positions, open orders, prices and limits are what the events
/// before say, and the time is that of the decision.</summary>
static class DecisionReplays
{
    /// <summary>Reads and calculates outside the turn of whoever asks: it takes some microseconds for each event before
    /// the decision.</summary>
    public static Task<Outcome<DecisionReplay>> RunAsync(IJournal journal, string portfolio, string decisionId) =>
        TrySequence(portfolio, decisionId, out var sequence)
            ? Task.Run(() => RunAsync(journal, portfolio, sequence))
            : Task.FromResult(NotFound(portfolio, decisionId));

    static async Task<Outcome<DecisionReplay>> RunAsync(IJournal journal, string portfolio, long sequence)
    {
        var book = new Book(portfolio, recentKeys: 0);
        var valuation = new BookValuation(book, new PortfolioOptions());
        await foreach (var recorded in journal.ReadAsync(BookEventStore.NameOf(portfolio), 0, CancellationToken.None))
        {
            var change = BookJson.Decode(recorded);
            if (recorded.Sequence == sequence)
                return change is SignalDecided decided
                    ? Outcome.Done(await MarkAsync(Compare(valuation, decided, recorded), valuation, journal))
                    : NotFound(portfolio, $"{portfolio}:{sequence}");
            if (change is TakenUp taken)
                valuation = new BookValuation(book, taken.ToOptions());
            valuation.Apply(change);
        }

        return NotFound(portfolio, $"{portfolio}:{sequence}");
    }

    /// <summary>Adds the prices that were put right after the decision.</summary>
    /// <param name="valuation">As it was for the decision.</param>
    static async Task<DecisionReplay> MarkAsync(DecisionReplay replay, BookValuation valuation, IJournal journal)
    {
        var (explanation, decision) = (replay.Explanation, replay.Explanation.Decision.Read());
        var corrections = ImmutableArray.CreateBuilder<CorrectedPrice>();
        await foreach (var recorded in journal.ReadAsync(
            BookEventStore.NameOf(valuation.Book.Portfolio), explanation.Sequence, CancellationToken.None))
            if (recorded.Type == BookJson.Corrected
                && BookJson.Decode(recorded) is PriceCorrected { Correction: var corrected }
                && CorrectionRules.IsUsedBy(corrected.Price, decision, valuation))
                corrections.Add(corrected);
        return replay with { Explanation = explanation with { Corrections = corrections.ToImmutable() } };
    }

    static DecisionReplay Compare(BookValuation valuation, SignalDecided decided, JournalEvent recorded)
    {
        var known = decided.Decision;
        var order = new Order(
            known.Symbol, known.Action, known.Quantity, known.ClientOrderId, known.Confidence, known.LimitPrice)
        {
            Strategy = known.Strategy
        };
        var limits = valuation.Book.Limits
            ?? throw new InvalidDataException($"Decision '{known.DecisionId}' was made under no limits.");
        var again = PreTradeCheck.Decide(valuation, order, limits, known.DecidedAt).Recorded;
        var checks = PreTradeCheck.Explain(valuation, order, limits, known.DecidedAt);
        return new(
            new(
                decided.Recorded, recorded.Sequence, recorded.RecordedAt, Convert.ToHexStringLower(recorded.Hash.Span),
                limits, checks),
            again, again.Json.AsSpan().SequenceEqual(decided.Recorded.Json));
    }

    static bool TrySequence(string portfolio, string decisionId, out long sequence)
    {
        sequence = 0;
        return decisionId.StartsWith(portfolio + ":", StringComparison.Ordinal)
            && long.TryParse(
                decisionId.AsSpan(portfolio.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence);
    }

    static Outcome<DecisionReplay> NotFound(string portfolio, string decisionId) =>
        Outcome.NotFound<DecisionReplay>("decision_id", $"Portfolio '{portfolio}' has no decision '{decisionId}'.");
}
