using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace Trading.Portfolios;

/// <summary>The book's own orders: approvals where paper trading is on, and the positions of a flatten plan. What was
/// under way when the activation ended is taken up by the next one, under the same ids.</summary>
/// <param name="broker">Null where nobody executes orders: then the book only decides.</param>
sealed partial class BrokerOrders(BookWriter writer, PriceFeed feed, GuardWriter guards, IBroker? broker, ILogger log)
{
    /// <summary>Orders sent between two chances for others to be heard.</summary>
    const int OrdersPerTurn = 100;

    IGrainTimer? _timer;

    public bool HasBroker => broker is not null;

    Book Book => writer.Book;

    PortfolioOptions Options => writer.Valuation.Options;

    TimeSpan Period => TimeSpan.FromSeconds(Options.PriceRefresh);

    public void StartTimer(IGrainBase grain)
    {
        if (broker is null) return;
        _timer = grain.RegisterGrainTimer(
            SendAsync, new() { DueTime = TimeSpan.Zero, Period = Period, Interleave = true });
    }

    /// <summary>Has the orders looked at now, and not when the next period is over.</summary>
    public void Hurry() => _timer?.Change(TimeSpan.Zero, Period);

    async Task SendAsync(CancellationToken cancellation)
    {
        while (BrokerRules.Due(Book.Guards.Plan, writer.Now) is { } step) await FlattenAsync(step.Symbol, cancellation);
        if (!Options.PaperTrading) return;
        var sent = 0;
        foreach (var id in Book.ReservationsByAge.Select(reservation => reservation.ReservationId).ToList())
        {
            await ExecuteAsync(id, cancellation);
            if (++sent % OrdersPerTurn == 0) await Task.Yield();
        }
    }

    async Task ExecuteAsync(string reservationId, CancellationToken cancellation)
    {
        if (Book.FindReservation(reservationId) is not { } open) return;
        var order = BrokerRules.OrderFor(Book, open, broker!.Name, QuoteOf(open.Symbol));
        var (answer, failed) = await AskBrokerAsync(order, cancellation);
        await BookAsync(
            order, now => BrokerRules.Take(Book, reservationId, order, answer, failed, now, RatesOf(order)));
    }

    async Task FlattenAsync(string symbol, CancellationToken cancellation)
    {
        await feed.EnsureAsync(symbol);
        writer.BeginTurn();
        var now = writer.Now;
        if (Book.Guards.Plan is not { FinishedAt: null } plan) return;
        if (plan.Steps.FirstOrDefault(known => known.Symbol == symbol) is not { } step) return;
        guards.Commit(BrokerRules.Prepare(Book, plan, step, now));
        if (BrokerRules.OrderFor(Book, plan, step, QuoteOf(symbol)) is { } order)
        {
            await writer.Durable; // the plan and what it gave back stand before anything is sent
            var (answer, failed) = await AskBrokerAsync(order, cancellation);
            await BookAsync(order, at => BrokerRules.Take(Book, plan, order, answer, failed, at, RatesOf(order)));
        }

        if (Book.Guards.Plan is { FinishedAt: not null } finished && finished.PlanId == plan.PlanId)
            LogFlat(Book.Portfolio, plan.PlanId);
    }

    /// <summary>Books what came of an order, once.</summary>
    async Task BookAsync(BrokerOrder order, Func<DateTimeOffset, ImmutableArray<BookEvent>> take)
    {
        var key = Filled.KeyOf(order.OrderId);
        var older = await writer.FindAsync(key);
        writer.BeginTurn();
        writer.Resume(); // a receipt names its own place in the journal
        if ((Book.Recall(key) ?? older) is null) guards.Commit(take(writer.Now));
        await writer.Durable;
    }

    async Task<(BrokerAnswer Answer, bool Failed)> AskBrokerAsync(BrokerOrder order, CancellationToken cancellation)
    {
        try
        {
            return (await broker!.ExecuteAsync(order, cancellation), false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // whatever fails there is counted, and asked again
            LogNoBroker(failure, Book.Portfolio, order.OrderId);
            return (BrokerAnswer.Working(failure.Message), true);
        }
    }

    Quote? QuoteOf(string symbol) =>
        writer.Valuation.Prices.Quoted(symbol) is { } known
            ? new(known.Price, known.PricedAt, Currency: writer.Valuation.Prices.ForeignCurrencyOf(symbol))
            : null;

    FillRates RatesOf(BrokerOrder order) => FillRates.Of(writer.Valuation, order.Symbol, order.Quote?.Currency);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Portfolio}: the broker failed at order {OrderId}.")]
    partial void LogNoBroker(Exception failure, string portfolio, string orderId);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Portfolio} is flat: plan {PlanId} is finished.")]
    partial void LogFlat(string portfolio, string planId);
}
