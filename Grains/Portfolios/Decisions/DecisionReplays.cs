using System.Collections.Immutable;
using System.Globalization;
using Trading.Journal;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Makes decisions again from a book's stream: positions, open orders, prices and limits are what the newest
/// checkpoint before a decision and the events after it say, and the time is that of the decision. One for each
/// silo, since what it bounds is shared.</summary>
public sealed class DecisionReplays(IJournal journal, TimeProvider clock) : IDisposable
{
    /// <summary>Replays that are calculated at once: live decisions keep the other cores, and one takes some
    /// milliseconds.</summary>
    public const int MaxRunning = 1;

    /// <summary>Replays that wait for their turn; one more is told to come back.</summary>
    public const int MaxWaiting = 16;

    /// <summary>How long one may take, its waiting included; it ends before the call of its grain does.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>Events after which a replay leaves a checkpoint for the next one, where the book has none.</summary>
    internal int MostWithoutCheckpoint { get; init; } = 4_000;

    readonly SemaphoreSlim _turns = new(MaxRunning, MaxRunning);
    int _asked;

    /// <summary>Reads and calculates outside the turn of whoever asks.</summary>
    /// <param name="corrections">Of the book, as they are now.</param>
    /// <param name="keep">Takes what the events from before there were checkpoints are made into on the way.</param>
    internal async Task<Outcome<DecisionReplay>> RunAsync(
        string portfolio, string decisionId, CorrectionPlaces corrections, Func<BookCheckpoint, Task> keep)
    {
        if (!TrySequence(portfolio, decisionId, out var sequence)) return NotFound(portfolio, decisionId);
        try
        {
            if (Interlocked.Increment(ref _asked) > MaxRunning + MaxWaiting)
                return Busy("As many decisions are being explained as may be at once");
            using var patience = new CancellationTokenSource(Patience, clock);
            return await Task.Run(() => InTurnAsync(portfolio, sequence, corrections, keep, patience.Token));
        }
        catch (OperationCanceledException)
        {
            return Busy("The explanation took too long");
        }
        finally
        {
            Interlocked.Decrement(ref _asked);
        }
    }

    public static bool IsDecision(JournalEvent recorded) => recorded.Type == BookJson.Decided;

    /// <summary>Makes a decision of a book's stream again, for whoever checks a journal without a silo; nothing is
    /// kept.</summary>
    /// <returns>Whether it comes out the same to the byte.</returns>
    public async Task<bool> IsReproducedAsync(JournalEvent decision)
    {
        var portfolio = BookEventStore.PortfolioOf(decision.Stream);
        var replay = await RunAsync(
            portfolio, $"{portfolio}:{decision.Sequence}", new(decision.Sequence, []), _ => Task.CompletedTask);
        return replay.Value?.Identical == true;
    }

    public void Dispose() => _turns.Dispose();

    async Task<Outcome<DecisionReplay>> InTurnAsync(
        string portfolio, long sequence, CorrectionPlaces corrections, Func<BookCheckpoint, Task> keep,
        CancellationToken cancellation)
    {
        await _turns.WaitAsync(cancellation);
        try
        {
            if (await FindAsync(portfolio, sequence, cancellation) is not { } recorded)
                return NotFound(portfolio, $"{portfolio}:{sequence}");
            var valuation = await LoadAsync(portfolio, sequence - 1, keep, cancellation);
            var replay = Compare(valuation, (SignalDecided)BookJson.Decode(recorded), recorded);
            return Outcome.Done(await MarkAsync(replay, valuation, corrections, cancellation));
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <summary>The decision that an id names the place of; null where another event has it, or none.</summary>
    async Task<JournalEvent?> FindAsync(string portfolio, long sequence, CancellationToken cancellation)
    {
        var stream = BookEventStore.NameOf(portfolio);
        await foreach (var recorded in journal.ReadAsync(stream, sequence - 1, sequence, cancellation))
            if (recorded.Type == BookJson.Decided) return recorded;
        return null;
    }

    /// <summary>The valuation as it was after an event.</summary>
    async Task<BookValuation> LoadAsync(
        string portfolio, long last, Func<BookCheckpoint, Task> keep, CancellationToken cancellation)
    {
        var valuation = await StartAsync(portfolio, last, cancellation)
            ?? new BookValuation(new Book(portfolio, recentKeys: 0), new PortfolioOptions());
        var (stream, kept) = (BookEventStore.NameOf(portfolio), valuation.Book.Sequence);
        await foreach (var recorded in journal.ReadAsync(stream, kept, last, cancellation))
        {
            var change = BookJson.Decode(recorded);
            if (change is TakenUp taken)
                valuation = new BookValuation(valuation.Book, taken.ToOptions());
            valuation.Apply(change);
            if (change is not (TakenUp or Recalculated) || recorded.Sequence - kept < MostWithoutCheckpoint) continue;
            await keep(valuation.Capture()());
            kept = recorded.Sequence;
        }

        return valuation;
    }

    /// <summary>The newest checkpoint at or before an event that can be read; null for none.</summary>
    async Task<BookValuation?> StartAsync(string portfolio, long last, CancellationToken cancellation)
    {
        while (await journal.GetCheckpointAsync(BookEventStore.NameOf(portfolio), last, cancellation) is { } recorded)
        {
            if (BookCheckpoints.Decode(recorded) is { } checkpoint) return BookValuation.Restore(portfolio, checkpoint);
            last = recorded.Sequence - 1;
        }

        return null;
    }

    /// <summary>Adds the prices that were put right after the decision, and the actions that became known after it.</summary>
    /// <param name="valuation">As it was for the decision.</param>
    async Task<DecisionReplay> MarkAsync(
        DecisionReplay replay, BookValuation valuation, CorrectionPlaces places, CancellationToken cancellation)
    {
        var (explanation, decision) = (replay.Explanation, replay.Explanation.Decision.Read());
        var corrections = ImmutableArray.CreateBuilder<CorrectedPrice>();
        var actions = ImmutableArray.CreateBuilder<LateAction>();
        var stream = BookEventStore.NameOf(valuation.Book.Portfolio);
        var from = explanation.Sequence;
        if (from < places.Since) await AddAsync(journal.ReadAsync(stream, from, places.Since, cancellation));
        foreach (var place in places.Numbers)
            if (place > Math.Max(from, places.Since))
                await AddAsync(journal.ReadAsync(stream, place - 1, place, cancellation));
        return replay with
        {
            Explanation = explanation with
            {
                Corrections = corrections.ToImmutable(),
                LateActions = actions.ToImmutable(),
            },
        };

        async Task AddAsync(IAsyncEnumerable<JournalEvent> events)
        {
            await foreach (var recorded in events)
                if (recorded.Type == BookJson.Corrected
                    && BookJson.Decode(recorded) is PriceCorrected { Correction: var corrected }
                    && CorrectionRules.IsUsedBy(corrected.Price, decision, valuation))
                    corrections.Add(corrected);
                else if (recorded.Type == BookJson.ActionTaken
                    && BookJson.Decode(recorded) is CorporateActionTaken { IsLate: true } taken
                    && CorporateActionRules.IsUsedBy(taken, decision, valuation))
                    actions.Add(new(taken.Symbol, taken.Action, taken.Earlier, taken.Source, taken.At));
        }
    }

    static DecisionReplay Compare(BookValuation valuation, SignalDecided decided, JournalEvent recorded)
    {
        var known = decided.Decision;
        var order = Idempotency.OrderOf(known);
        var limits = valuation.Book.Limits
            ?? throw new InvalidDataException($"Decision '{known.DecisionId}' was made under no limits.");
        var convention = RiskMethods.ConventionOf(known.RiskMethod);
        var again = PreTradeCheck.Decide(valuation, order, limits, known.DecidedAt, convention).Recorded;
        var checks = PreTradeCheck.Explain(valuation, order, limits, known.DecidedAt, convention);
        return new(
            new(
                decided.Recorded, recorded.Sequence, recorded.RecordedAt, Convert.ToHexStringLower(recorded.Hash.Span),
                limits, checks),
            again, again.Json.AsSpan().SequenceEqual(decided.Recorded.Json));
    }

    /// <summary>Only the form that the book itself gives: a number has one text.</summary>
    static bool TrySequence(string portfolio, string decisionId, out long sequence)
    {
        sequence = 0;
        return decisionId.StartsWith(portfolio + ":", StringComparison.Ordinal)
            && long.TryParse(
                decisionId.AsSpan(portfolio.Length + 1), NumberStyles.None, CultureInfo.InvariantCulture, out sequence)
            && sequence > 0 && decisionId[portfolio.Length + 1] != '0';
    }

    static Outcome<DecisionReplay> NotFound(string portfolio, string decisionId) => Outcome.NotFound<DecisionReplay>(
        "decision_id", $"Portfolio '{portfolio}' has no decision '{decisionId}'.");

    static Outcome<DecisionReplay> Busy(string why) =>
        Outcome.Busy<DecisionReplay>("decision_id", $"{why}; ask again.");
}
