using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>Corporate actions, by a history of the model's own.</summary>
sealed partial class BookModel
{
    /// <param name="Session">Known to the book at a trade; of an action its ex-date.</param>
    /// <param name="Rate">Of the instrument's currency; null while it waits for one.</param>
    sealed record Moved(DateOnly Day, DateOnly Session, decimal Quantity, decimal Price, string? Kind, decimal Value, decimal? Rate);

    readonly Dictionary<string, List<Moved>> _moves = [];

    void NoteTrade(JsonElement filled)
    {
        var receipt = filled.GetProperty("receipt");
        var quantity = receipt.GetProperty("quantity").GetDecimal();
        if (quantity == 0) return;
        MovesOf(Text(receipt, "symbol")!).Add(new(
            // The books are of shares, and it is winter in New York.
            DateOnly.FromDateTime(receipt.GetProperty("booked_at").GetDateTimeOffset().UtcDateTime.AddHours(-5)),
            Text(filled, "session") is { } session ? Day(session) : DateOnly.MinValue,
            Text(receipt, "action") == "BUY" ? quantity : -quantity, receipt.GetProperty("price").GetDecimal(), null, 0,
            RateAt(Text(receipt, "symbol")!, receipt)));
    }

    /// <summary>Splits are of whole units here, and every holding is: what is left over is paid at the price told.</summary>
    void Act(JsonElement change)
    {
        var (symbol, action) = (Text(change, "symbol")!, change.GetProperty("action"));
        var taken = new Moved(
            default, Day(Text(action, "ex_date")!), 0, change.GetProperty("price").GetDecimal(), Text(action, "kind"),
            action.GetProperty("value").GetDecimal(), RateAt(symbol, change));
        var (moves, start) = (MovesOf(symbol), StartOf(symbol));
        var (_, paidBefore) = Walk(moves, start);
        var place = moves.FindIndex(move => move.Kind is null ? move.Session >= taken.Session || (move.Day == taken.Session && IsNew(move, taken)) : move.Session > taken.Session);
        if (place < 0 || taken.Kind == "delisting") place = moves.Count; // what is told after the end is paid out by itself
        moves.Insert(place, taken);
        if (taken.Rate is null && PaidAt(moves, start, place, 1) == PaidAt(moves, start, place, 2))
            moves[place] = taken with { Rate = 1 }; // what pays nothing waits for no rate
        var (held, paid) = Walk(moves, start);
        var cash = change.GetProperty("cash").GetDecimal();
        Ensure.That(Math.Abs(cash - (paid - paidBefore)) < 0.000001m, $"{Name}: {taken} of {symbol} pays {cash}, not {paid - paidBefore}");
        Ensure.That(change.GetProperty("after").GetProperty("quantity").GetDecimal() == held.Quantity,
            $"{Name}: {taken} of {symbol} leaves {change.GetProperty("after").GetProperty("quantity")}, not {held.Quantity}");
        Cash += cash;
        Holdings[symbol] = held;
        if (taken.Kind == "split") Rescale(symbol, taken.Value, change.GetProperty("reservations"));
        if (taken.Kind == "delisting") Rescale(symbol, 0, change.GetProperty("reservations"));
    }

    void Rescale(string symbol, decimal ratio, JsonElement told)
    {
        var left = told.EnumerateArray().ToDictionary(open => Text(open, "reservation_id")!, open => open.GetProperty("remaining").GetDecimal());
        foreach (var open in Reservations.Values.Where(open => open.Symbol == symbol).ToList())
        {
            var remaining = Math.Floor(open.Remaining * ratio);
            Ensure.That(left.Remove(open.Id, out var said) && said == remaining, $"{Name}: {open} is {said} after a split of {ratio}");
            if (remaining == 0) Reservations.Remove(open.Id);
            else Reservations[open.Id] = open with { Remaining = remaining, Price = Math.Round(open.Price / ratio, 8) };
        }

        Ensure.That(left.Count == 0, $"{Name}: a split rescales what is not open");
    }

    static (Held Held, decimal Paid) Walk(List<Moved> moves, Held start)
    {
        var (held, paid) = (start, 0m);
        foreach (var move in moves)
        {
            var pays = 0m;
            if (move.Kind is null) held = Trade(held, move.Quantity, move.Price, move.Rate ?? 0);
            else if (move.Kind == "split") (held, pays) = Split(held, move);
            else if (move.Kind == "delisting")
            {
                pays = held.Quantity * move.Value * (move.Rate ?? 0);
                held = Trade(held, -held.Quantity, move.Value, move.Rate ?? 0);
            }
            else held = held with { Realised = held.Realised + (pays = held.Quantity * move.Value * (move.Rate ?? 0)) };
            paid += pays;
        }

        return (held, paid);
    }

    static decimal PaidAt(List<Moved> moves, Held start, int place, decimal rate) =>
        Walk([.. moves[..place], moves[place] with { Rate = rate }], start).Paid;

    static (Held Held, decimal Paid) Split(Held held, Moved move)
    {
        held = held with { Quantity = held.Quantity * move.Value };
        var over = held.Quantity % 1;
        return over == 0 ? (held, 0) : (Trade(held, -over, move.Price, move.Rate ?? 0), over * move.Price * (move.Rate ?? 0));
    }

    /// <summary>Traded on the ex-date before the book knew a price of it: a split tells by the price.</summary>
    static bool IsNew(Moved trade, Moved action) => action.Kind != "split"
        || Math.Abs(Math.Log((double)(trade.Price / action.Price))) <= Math.Abs(Math.Log((double)(trade.Price / action.Value / action.Price)));

    List<Moved> MovesOf(string symbol) => _moves.TryGetValue(symbol, out var known) ? known : _moves[symbol] = [];

    static DateOnly Day(string text) => DateOnly.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
