using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>What the venue did, and what follows for open orders.</summary>
sealed partial class BookModel
{
    readonly HashSet<string> _reducing = [];
    SortedDictionary<string, decimal>? _due;

    /// <summary>Approvals ever made that only reduce, by their own id and by that of the client.</summary>
    public bool IsReducing(string? order) => order is not null && _reducing.Contains(order);

    /// <summary>What a side can close of a position.</summary>
    public decimal ClosableBy(string symbol, bool buys) => Math.Max(0, buys ? -QuantityOf(symbol) : QuantityOf(symbol));

    void NoteReducing(JsonElement decision)
    {
        if (!IsFlagged(decision, "reduce_only")) return;
        _reducing.Add(Text(decision, "decision_id")!);
        if (Text(decision, "client_order_id") is { } order) _reducing.Add(order);
    }

    public static bool IsFlagged(JsonElement json, string name) =>
        json.TryGetProperty(name, out var flag) && flag.ValueKind == JsonValueKind.True;

    /// <summary>A fill is booked as it was reported, but for what a reduce-only order cannot have done.</summary>
    void CheckFill(JsonElement fill, JsonElement receipt)
    {
        var (symbol, isBuy) = (Text(receipt, "symbol")!, Text(receipt, "action") == "BUY");
        var reported = fill.GetProperty("quantity").GetDecimal();
        var order = Text(fill, "reservation_id") ?? Text(fill, "client_order_id");
        var expected = IsReducing(order) && !IsFlagged(fill, "external")
            ? Math.Min(reported, ClosableBy(symbol, isBuy)) : reported;
        Ensure.That(receipt.GetProperty("quantity").GetDecimal() == expected,
            $"{Name}: of a fill of {reported} of {order} {receipt.GetProperty("quantity")} are booked, not {expected}");
    }

    /// <summary>The cut that has to follow at once: none, where every open order of the symbol fits.</summary>
    void ExpectCuts(string symbol)
    {
        var room = AllowShort ? decimal.MaxValue : ClosableBy(symbol, buys: false);
        var due = new SortedDictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var open in Reservations.Values.Where(open => open.Symbol == symbol).OrderBy(open => PlaceOf(open.Id)))
        {
            var fits = open.Remaining;
            if (open.Reduces) fits = Math.Min(fits, ClosableBy(symbol, open.IsBuy));
            else if (!open.IsBuy) room -= fits = Math.Min(fits, room);
            if (fits < open.Remaining) due[open.Id] = fits;
        }

        _due = due.Count == 0 ? null : due;
    }

    void CheckDue(string type) => Ensure.That(
        (type == "reservations_cut") == (_due is not null), $"{Name}: a cut is {(_due is null ? "not due" : "due")}, and {type} comes");

    void Cut(JsonElement change)
    {
        foreach (var cut in change.GetProperty("cuts").EnumerateArray())
        {
            var (id, left) = (Text(cut, "reservation_id")!, cut.GetProperty("remaining").GetDecimal());
            Ensure.That(_due!.Remove(id, out var expected) && expected == left, $"{Name}: {id} is cut to {left}, not {expected}");
            Ensure.That(Reservations[id].Remaining - left == cut.GetProperty("quantity").GetDecimal(), $"{Name}: {id} is cut by another quantity");
            if (left == 0) Reservations.Remove(id);
            else Reservations[id] = Reservations[id] with { Remaining = left };
        }

        Ensure.That(_due!.Count == 0, $"{Name}: {string.Join(' ', _due.Keys)} should be cut and are not");
        _due = null;
    }

    static long PlaceOf(string id) => long.Parse(id[(id.LastIndexOf(':') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
}
