using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What is booked beside decisions: executions, payments, approvals given back, budgets, signs of life. What
/// has a key is booked once: the same content again gets the same answer, other content a conflict that names the
/// field.</summary>
sealed class BookCommands(BookWriter writer, PriceFeed feed, GuardWriter guards)
{
    Book Book => writer.Book;

    public async Task<Outcome<FillReceipt>> FillAsync(Fill fill)
    {
        if (BookValidator.Check(fill) is { IsEmpty: false } errors) return Outcome.Invalid<FillReceipt>(errors);
        var executed = fill with { Symbol = GrainKeys.Symbol(fill.Symbol) };
        await feed.EnsureAsync(executed.Symbol);
        if (executed.FeeCurrency is { } currency) await feed.EnsureRateAsync(CurrencyCodes.Normalize(currency));
        var order = await writer.FindOrderAsync(executed);
        var key = Filled.KeyOf(fill.FillId);
        var older = await writer.FindAsync(key);
        writer.BeginTurn();
        if ((Book.Recall(key) ?? older) is { } earlier)
            return await writer.AnswerAsync(Idempotency.Of(executed, earlier));
        var rates = FillRates.Of(writer.Valuation, executed.Symbol, executed.FeeCurrency);
        if (rates.Check(Book, executed) is { IsEmpty: false } beyond) return Outcome.Invalid<FillReceipt>(beyond);
        writer.Resume(); // the receipt names its own place in the journal
        var changes = FillRules.Take(Book, executed, writer.Now, order, rates);
        guards.Commit(changes);
        return await writer.AnswerAsync(Outcome.Done(((Filled)changes[0]).Answer));
    }

    public Task<Outcome<Reservation>> ReleaseAsync(string reservationId, string reason) =>
        BookValidator.CheckReason(reason) is { IsEmpty: false } errors
            ? Task.FromResult(Outcome.Invalid<Reservation>(errors))
            : OnceAsync(Released.KeyOf(reservationId), earlier => Outcome.Done(Idempotency.OfRelease(earlier)),
                () => BookRules.Release(Book, reservationId, reason, writer.Now), Idempotency.OfRelease);

    public Task<Outcome<PortfolioSnapshot>> TransferAsync(CashTransfer transfer) =>
        BookValidator.Check(transfer) is { IsEmpty: false } errors
            ? Task.FromResult(Outcome.Invalid<PortfolioSnapshot>(errors))
            : OnceAsync(CashTransferred.KeyOf(transfer.TransferId),
                earlier =>
                    Idempotency.Conflict(transfer, earlier) ?? Outcome.Done(RiskReporting.Snapshot(writer.Valuation)),
                () => BookRules.Transfer(Book, transfer, writer.Valuation.Equity, writer.Now),
                _ => RiskReporting.Snapshot(writer.Valuation));

    public Task<Outcome<EnabledSymbol>> EnableSymbolAsync(string symbol, string by, string reason)
    {
        if (BookValidator.CheckEnabling(symbol, by, reason) is { IsEmpty: false } errors)
            return Task.FromResult(Outcome.Invalid<EnabledSymbol>(errors));
        writer.BeginTurn();
        return CommitAsync(
            BookRules.Enable(Book, GrainKeys.Symbol(symbol), by, reason, writer.Now), change => change.Enabled);
    }

    public Task<Outcome<BudgetStanding>> TakeBudgetAsync(BudgetOffer? offer)
    {
        writer.BeginTurn();
        if (BudgetStandings.Take(writer.Valuation, offer, writer.Now) is { } change) writer.Commit(change);
        return writer.AnswerAsync(Outcome.Done(BudgetStandings.Of(writer.Valuation)));
    }

    public Task<Outcome<SessionStatus>> HeartbeatAsync(double? timeoutSeconds)
    {
        writer.BeginTurn();
        writer.Hear(timeoutSeconds);
        return writer.AnswerAsync(Outcome.Done(Book.Activity.Session! with { HeardAt = writer.HeardAt }));
    }

    /// <summary>Carries out a command that has a key, or answers as the first time.</summary>
    async Task<Outcome<T>> OnceAsync<TChange, T>(
        string key, Func<BookEvent, Outcome<T>> again, Func<Outcome<TChange>> rule,
        Func<TChange, T> answer) where TChange : BookEvent
    {
        var older = await writer.FindAsync(key);
        writer.BeginTurn();
        return (Book.Recall(key) ?? older) is { } earlier
            ? await writer.AnswerAsync(again(earlier))
            : await CommitAsync(rule(), answer);
    }

    Task<Outcome<T>> CommitAsync<TChange, T>(Outcome<TChange> ruled, Func<TChange, T> answer) where TChange : BookEvent
    {
        if (ruled.IsDone) writer.Commit(ruled.Value!);
        return writer.AnswerAsync(ruled.As(answer));
    }
}
