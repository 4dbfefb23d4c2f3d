using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>Positions that go on under another symbol, at what they cost.</summary>
sealed partial class BookModel
{
    /// <summary>Of a holding before the moves that are kept of it.</summary>
    readonly Dictionary<string, Held> _starts = [];

    Held StartOf(string symbol) => _starts.GetValueOrDefault(symbol) ?? new(0, 0, 0);

    void Rename(JsonElement change)
    {
        var (symbol, successor) = (Text(change, "symbol")!, Text(change, "new_symbol")!);
        var what = $"{Name}: {symbol}, which is {successor} now,";
        Ensure.That(!IsMoving(symbol) && !IsMoving(successor), $"{what} waits for a rate");
        var ended = change.GetProperty("reservations").EnumerateArray().Select(id => id.GetString()!).Order(StringComparer.Ordinal);
        var open = Reservations.Values.Where(one => one.Symbol == symbol).Select(one => one.Id).ToList();
        Ensure.That(ended.SequenceEqual(open), $"{what} ends {string.Join(' ', ended)}, open are {string.Join(' ', open)}");
        foreach (var id in open) Reservations.Remove(id);

        // It may be told before the first price of the successor.
        if (change.GetProperty("successor").TryGetProperty("foreign", out var foreign) && foreign.ValueKind == JsonValueKind.Object)
            _currencies[successor] = Text(foreign, "currency")!;
        var held = Holdings.GetValueOrDefault(symbol) ?? new(0, 0, 0);
        var other = Holdings.GetValueOrDefault(successor) ?? new(0, 0, 0);
        Begin(symbol, held with { Quantity = 0, Cost = 0, Local = 0 });
        Begin(successor, Join(held, other, IsSameCurrency(symbol, successor) ? null : RateOf(successor)));
        Check("after", symbol);
        Check("successor", successor);

        void Check(string part, string of) => Ensure.That(
            change.GetProperty(part).GetProperty("quantity").GetDecimal() == QuantityOf(of),
            $"{what} leaves {change.GetProperty(part).GetProperty("quantity")} {of}, not {QuantityOf(of)}");
    }

    /// <param name="rate">Of another currency in which the cost is the same in the book's; null where it stays in its own.</param>
    static Held Join(Held held, Held other, decimal? rate)
    {
        var local = rate is { } known ? held.Cost / known : held.Local;
        if (other.Quantity == 0)
            return other with { Quantity = held.Quantity, Cost = held.Cost, Local = local };
        return held.Quantity == 0 ? other : Trade(other, held.Quantity, local / held.Quantity, local == 0 ? 1 : held.Cost / local);
    }

    void Begin(string symbol, Held held)
    {
        Holdings[symbol] = _starts[symbol] = held;
        _moves.Remove(symbol);
    }

    bool IsMoving(string symbol) => MovesOf(symbol).Any(move => move.Rate is null);

    bool IsSameCurrency(string one, string other) => PairOf(one) == PairOf(other);
}
