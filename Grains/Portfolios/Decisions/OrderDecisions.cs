using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Decides orders, one or a batch, each once under its client order id. What must be fetched is fetched before
/// the turn.</summary>
sealed class OrderDecisions(BookWriter writer, PriceFeed feed, GuardWriter guards, BrokerOrders orders)
{
    /// <summary>Orders decided in one turn; between turns others get theirs.</summary>
    const int ChunkSize = 1_000;

    /// <summary>Waits for what orders of the symbols would wait for.</summary>
    public Task PrepareAsync(ImmutableArray<string> symbols) => feed.EnsureAsync(symbols);

    public Task<Outcome<RecordedDecision>> DecideAsync(Order order, LimitsVersion limits)
    {
        var key = order.ClientOrderId is { } id ? SignalDecided.KeyOf(id) : null;
        return DecideAsync(order, limits, key, writer.FindAsync(key), feed.EnsureAsync(order.Symbol));
    }

    /// <summary>What would be decided now; the book stays as it is.</summary>
    public async Task<Outcome<TradePreview>> PreviewAsync(Order order, LimitsVersion limits)
    {
        await feed.EnsureAsync(order.Symbol);
        writer.BeginTurn();
        guards.Settle(limits);
        var now = writer.Now;
        var decision = PreTradeCheck.Decide(writer.Valuation, order, limits, now).Decision;
        var preview = new TradePreview(
            decision with { DecisionId = "", ExpiresAt = null }, PreTradeCheck.Explain(writer.Valuation, order, limits, now));
        return await writer.AnswerAsync(Outcome.Done(preview));
    }

    public async Task<Outcome<ImmutableArray<RecordedDecision>>> DecideManyAsync(
        ImmutableArray<Order> several, LimitsVersion limits)
    {
        var batch = new OrderBatch(several);
        for (var i = 0; i < batch.Count; i++)
            batch.Recorded(i, await writer.FindAsync(batch.KeyOf(i)));
        while (!batch.IsDecided)
        {
            await feed.EnsureAsync(batch.Symbols(ChunkSize));
            var (began, last) = (DecisionEvents.Now(), writer.Book.Sequence);
            writer.BeginTurn();
            if (batch.FindConflict(writer.Valuation) is { } conflict) return await writer.AnswerAsync(conflict);
            guards.Settle(limits);
            writer.Decide(batch, ChunkSize, limits);
            DecisionEvents.Log.Decided(writer.Book.Portfolio, batch.Count, last, writer.Book.Sequence, began);
            orders.Hurry();
            await writer.Durable;
        }

        return Outcome.Done(batch.Decisions);
    }

    /// <summary>Decides orders that came together, each for itself, in one turn; null for one whose price would have to
    /// be waited for.</summary>
    public async Task<ImmutableArray<Outcome<RecordedDecision>?>> DecideEachAsync(
        ImmutableArray<Order> several, LimitsVersion limits)
    {
        var entered = DecisionEvents.Now();
        var older = new BookEvent?[several.Length];
        for (var i = 0; i < older.Length; i++)
            if (several[i].ClientOrderId is { } id) older[i] = await writer.FindAsync(SignalDecided.KeyOf(id));
        int[] ready = [.. Enumerable.Range(0, several.Length).Where(i => feed.IsAtHand(several[i].Symbol))];
        var outcomes = new Outcome<RecordedDecision>?[several.Length];
        if (ready.Length == 0) return [.. outcomes];

        var batch = new OrderBatch([.. ready.Select(i => several[i])]);
        for (var i = 0; i < ready.Length; i++) batch.Recorded(i, older[ready[i]]);
        var last = writer.Book.Sequence;
        writer.BeginTurn();
        guards.Settle(limits);
        writer.Decide(batch, batch.Count, limits);
        DecisionEvents.Log.Decided(writer.Book.Portfolio, batch.Count, last, writer.Book.Sequence, entered);
        orders.Hurry();
        var decided = await writer.AnswerAsync(batch.Outcomes);
        for (var i = 0; i < ready.Length; i++) outcomes[ready[i]] = decided[i];
        return [.. outcomes];
    }

    /// <summary>Nearly always both are at hand: then nothing waits but the answer, for the journal.</summary>
    Task<Outcome<RecordedDecision>> DecideAsync(
        Order order, LimitsVersion limits, string? key, ValueTask<BookEvent?> older, Task prices) =>
        older.IsCompletedSuccessfully && prices.IsCompletedSuccessfully
            ? InTurnAsync(order, limits, key, older.Result)
            : FetchAndDecideAsync(order, limits, key, older, prices);

    async Task<Outcome<RecordedDecision>> FetchAndDecideAsync(
        Order order, LimitsVersion limits, string? key, ValueTask<BookEvent?> older, Task prices)
    {
        await prices;
        return await InTurnAsync(order, limits, key, await older);
    }

    /// <param name="older">What was recorded under the key when the order came.</param>
    Task<Outcome<RecordedDecision>> InTurnAsync(Order order, LimitsVersion limits, string? key, BookEvent? older)
    {
        writer.BeginTurn();
        if (key is not null && (writer.Book.Recall(key) ?? older) is SignalDecided earlier)
            return writer.AnswerAsync(
                Idempotency.Conflict<RecordedDecision>(order, earlier.Decision) ?? Outcome.Done(earlier.Recorded));
        if (writer.Valuation.TooManyOpen<RecordedDecision>(1) is { } full) return writer.AnswerAsync(full);
        guards.Settle(limits);
        var decided = writer.Decide(order, limits);
        if (decided.Reservation is not null) orders.Hurry();
        return writer.AnswerAsync(Outcome.Done(decided.Recorded));
    }
}
