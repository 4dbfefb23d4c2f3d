using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Simulation.Tests;

/// <summary>What desks and brokers do.</summary>
sealed partial class Schedule
{
    int _approvals;

    async Task SignalAsync()
    {
        var name = Any(Names);
        var order = NextOrder(_audit.Books[name]);
        var answer = await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ValidateAsync(order));
        await DecidedAsync(name, order, answer.Value!);
        _repeats.Add(() => RepeatAsync(name, order, answer.Value!));
    }

    async Task BatchAsync()
    {
        var name = Any(Names);
        ImmutableArray<Order> orders = [.. Enumerable.Range(0, _random.Next(2, 9)).Select(_ => NextOrder(_audit.Books[name]))];
        if (Chance(20)) orders = orders.Add(orders[0]);
        var answer = await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ValidateManyAsync(orders));
        Ensure.That(answer.IsDone && answer.Value.Length == orders.Length, "a batch has an answer for each order");
        for (var i = 0; i < orders.Length; i++) await DecidedAsync(name, orders[i], answer.Value[i]);
    }

    /// <summary>The same order comes again while the first one waits for the journal.</summary>
    async Task TwiceAtOnceAsync()
    {
        var name = Any(Names);
        var order = NextOrder(_audit.Books[name]);
        _world.HoldJournal();
        var first = AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ValidateAsync(order));
        await _world.StandstillAsync();
        var second = AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ValidateAsync(order));
        await _world.StandstillAsync();
        _world.ReleaseJournal();
        var (one, other) = (await first, await second);
        Ensure.That(one.Value!.Json.AsSpan().SequenceEqual(other.Value!.Json), $"{order.ClientOrderId} was decided twice at once, and not alike");
        await DecidedAsync(name, order, one.Value!);
    }

    async Task DecidedAsync(string name, Order order, RecordedDecision recorded)
    {
        var decision = recorded.Read();
        if (decision.Approved)
        {
            _approvals++;
            _sent.Add((name, order));
        }

        Note($"  {name}: {decision.DecisionId} {order.ClientOrderId} {order.Action} {order.Quantity} {order.Symbol} "
            + (decision.Approved ? "approved" : string.Join(' ', decision.Violations.Select(violation => violation.Code))));
        await _audit.AcknowledgeAsync(name, SignalDecided.KeyOf(order.ClientOrderId!), Encoding.UTF8.GetString(recorded.Json));
    }

    async Task RepeatAsync(string name, Order order, RecordedDecision first)
    {
        var again = await AskAsync(grains => grains.GetGrain<IRiskLimitGrain>(name).ValidateAsync(order));
        Ensure.That(again.Value!.Json.AsSpan().SequenceEqual(first.Json), $"{order.ClientOrderId} was asked again and got another answer");
    }

    async Task FillAsync()
    {
        if (AnyOpen() is not { } found) return;
        var (book, open) = found;
        var quantity = Chance(50) ? open.Remaining : Math.Max(1, Math.Floor(open.Remaining * (decimal)_random.NextDouble()));
        var price = Math.Round(_world.Market.PriceOf(open.Symbol) * (1 + (decimal)Between(-0.01, 0.01)), 2);
        var fill = new Fill(NextId("f"), null, open.Id, open.Symbol, open.IsBuy ? Side.Buy : Side.Sell, Math.Min(quantity, open.Remaining), price, Chance(50) ? 1.25m : 0, External: false)
        {
            FeeCurrency = Chance(60) ? null : Any<string>(["USD", "EUR", "BNB", "CHF"]),
        };
        await BookFactAsync(book.Name, fill);
    }

    async Task ExternalFillAsync()
    {
        var (book, symbol) = (_audit.Books[Any(Names)], Any(_world.Market.Listed));
        var fill = new Fill(NextId("x"), null, null, symbol, Chance(50) ? Side.Buy : Side.Sell, _random.Next(1, 40), _world.Market.PriceOf(symbol), 0, External: true);
        await BookFactAsync(book.Name, fill);
    }

    async Task FilledAsync(string name, Fill fill, FillReceipt receipt)
    {
        Note($"  {name}: {fill.FillId} of {fill.ReservationId ?? "elsewhere"} {fill.Action} {fill.Quantity} {fill.Symbol} at {fill.Price}");
        await _audit.AcknowledgeAsync(name, Filled.KeyOf(fill.FillId));
        Ensure.That(_audit.Books[name].ByKey[Filled.KeyOf(fill.FillId)].Sequence == receipt.Sequence, $"{fill.FillId} is not recorded where its receipt says");
        _repeats.Add(async () =>
        {
            var again = await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).FillAsync(fill));
            Ensure.That(JsonSerializer.Serialize(again.Value) == JsonSerializer.Serialize(receipt), $"{fill.FillId} was sent again and got another receipt");
        });
    }

    async Task ReleaseAsync()
    {
        if (AnyOpen() is not { } found) return;
        var (book, open) = found;
        var isAlive = open.ExpiresAt > _world.Now;
        var answer = await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(book.Name).ReleaseAsync(open.Id, "cancelled"));
        Ensure.That(answer.IsDone == isAlive, $"a release of {open.Id}, which ends at {open.ExpiresAt:O}, is answered with {answer.Kind}");
        if (!isAlive) return;
        await _audit.AcknowledgeAsync(book.Name, Released.KeyOf(open.Id));
        _repeats.Add(async () => Ensure.That(
            (await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(book.Name).ReleaseAsync(open.Id, "cancelled"))).Value?.Remaining == 0,
            $"{open.Id} was released, and is not when asked again"));
    }

    async Task TransferAsync()
    {
        var name = Any(Names);
        var transfer = new CashTransfer(NextId("t"), Math.Round((decimal)Between(-20_000, 20_000), 2));
        var answer = await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).TransferAsync(transfer));
        Ensure.That(answer.IsDone || transfer.Amount < 0, $"a deposit is answered with {answer.Kind}");
        if (!answer.IsDone) return;
        await _audit.AcknowledgeAsync(name, CashTransferred.KeyOf(transfer.TransferId));
        _repeats.Add(async () => Ensure.That(
            (await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(name).TransferAsync(transfer))).IsDone, $"{transfer.TransferId} is not known when it comes again"));
    }

    Task RepeatAsync() => _repeats.Count == 0 ? Task.CompletedTask : Any(_repeats)();

    (BookModel Book, Open Open)? AnyOpen()
    {
        var book = _audit.Books[Any(Names)];
        return book.Reservations.Count == 0 ? null : (book, Any(book.Reservations.Values.ToList()));
    }

    /// <summary>More than half are purchases; many reduce what is held; a few make no sense.</summary>
    Order NextOrder(BookModel book)
    {
        var id = NextId("o");
        if (Chance(35) && Any([.. book.Holdings.Keys.Order(StringComparer.Ordinal), ""]) is { Length: > 0 } held && book.QuantityOf(held) is not 0 and var units)
            return new(held, units > 0 ? Side.Sell : Side.Buy, Math.Max(1, Math.Floor(Math.Abs(units) * (decimal)Between(0.2, 1.3))), id, null, null);
        var symbol = Chance(2) ? "NONE" : Any(_world.Market.Listed);
        var price = symbol == "NONE" ? 50 : _world.Market.PriceOf(symbol);
        return new(symbol, Chance(70) ? Side.Buy : Side.Sell, Math.Max(1, Math.Floor((decimal)Between(200, 18_000) / price)), id,
            Chance(20) ? 0.9 : null, Chance(30) ? Math.Round(price * (decimal)Between(0.9, 1.1), 2) : null) { Strategy = Chance(20) ? "trend" : null };
    }
}
