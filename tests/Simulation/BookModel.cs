using System.Text.Json;

namespace Trading.Simulation.Tests;

/// <summary>An open approval, as the model counts it.</summary>
sealed record Open(string Id, string Symbol, bool IsBuy, decimal Remaining, decimal Price, DateTimeOffset ExpiresAt, bool Reduces = false);

/// <summary>A holding at average cost.</summary>
/// <param name="Local">The cost in the currency of the instrument.</param>
/// <param name="FxRealised">The part of the realised profit that rates made.</param>
sealed record Held(decimal Quantity, decimal Cost, decimal Realised, decimal Local = 0, decimal FxRealised = 0);

/// <summary>A book, made of the JSON in its stream and of nothing else: arithmetic of its own, none of the product's code.</summary>
sealed partial class BookModel(string name)
{
    readonly Dictionary<string, (decimal Price, string? Sector)> _prices = [];
    readonly Dictionary<string, string> _breakers = [];
    JsonElement _breakerSettings;

    public string Name { get; } = name;
    public long Sequence { get; private set; }
    public bool AllowShort { get; private set; }
    public decimal Cash { get; private set; }
    public decimal Deposits { get; private set; }
    public decimal Fees { get; private set; }
    public Dictionary<string, Held> Holdings { get; } = [];
    public SortedDictionary<string, Open> Reservations { get; } = new(StringComparer.Ordinal);
    public HashSet<string> Stops { get; } = [];
    public string Mode { get; private set; } = "active";
    public JsonElement Limits { get; private set; }
    public long LimitsVersion { get; private set; }
    public JsonElement Budget { get; private set; }
    public TailModel Tails { get; } = new();

    /// <summary>Payload and number of every event that has an idempotency key.</summary>
    public Dictionary<string, (long Sequence, string Payload)> ByKey { get; } = [];

    public IEnumerable<string> Exposed => Holdings.Where(held => held.Value.Quantity != 0).Select(held => held.Key)
        .Union(Reservations.Values.Select(open => open.Symbol));

    /// <summary>In the book's currency; null while it is not known.</summary>
    public decimal? PriceOf(string symbol) => QuoteOf(symbol) * RateOf(symbol);

    public string? SectorOf(string symbol) => _prices.GetValueOrDefault(symbol).Sector;

    public decimal QuantityOf(string symbol) => Holdings.GetValueOrDefault(symbol)?.Quantity ?? 0;

    /// <summary>What open orders of a side may trade; those that only reduce, together at most the position.</summary>
    /// <param name="more">Of one more order.</param>
    public decimal OpenOf(string symbol, bool buys, decimal more = 0, bool reduces = false)
    {
        var open = Reservations.Values.Where(open => open.Symbol == symbol && open.IsBuy == buys).ToLookup(open => open.Reduces, open => open.Remaining);
        var (plain, reducing) = (open[false].Sum() + (reduces ? 0 : more), open[true].Sum() + (reduces ? more : 0));
        return plain + Math.Min(reducing, ClosableBy(symbol, buys));
    }

    /// <summary>Cash and positions at the last prices told; null where one is unknown.</summary>
    public decimal? Equity => !IsWaiting && Exposed.All(symbol => PriceOf(symbol) is not null)
        ? Cash + Holdings.Where(held => held.Value.Quantity != 0).Sum(held => held.Value.Quantity * PriceOf(held.Key)!.Value)
        : null;

    public decimal Realised => Holdings.Values.Sum(held => held.Realised);

    public bool IsClosed => Mode != "active" || Stops.Count > 0 || _breakers.Values.Any(state => state is "tripped" or "cooling");

    /// <summary>The largest order that half-open breakers let through; null where none is half open.</summary>
    public decimal? Cap => _breakers.Where(breaker => breaker.Value == "half_open").Select(breaker =>
        _breakerSettings.ValueKind == JsonValueKind.Object
            && _breakerSettings.GetProperty("breakers").TryGetProperty(breaker.Key, out var settings) && settings.ValueKind == JsonValueKind.Object
            && Number(_breakerSettings, "max_order_notional") is { } most
            ? most * settings.GetProperty("half_open_cap").GetDecimal()
            : (decimal?)null).Min();

    public void Apply(long sequence, string type, string? key, string payload)
    {
        Ensure.That(sequence == Sequence + 1, $"{Name}: event {sequence} follows {Sequence}");
        Sequence = sequence;
        if (key is not null) Ensure.That(ByKey.TryAdd(key, (sequence, payload)), $"{Name}: the key {key} is recorded twice");
        using var json = JsonDocument.Parse(payload);
        CheckDue(type);
        Apply(type, json.RootElement);
    }

    void Apply(string type, JsonElement change)
    {
        Tails.Observe(this, type, change);
        switch (type)
        {
            case "opened":
                var terms = change.GetProperty("terms");
                (Cash, AllowShort) = (terms.GetProperty("cash").GetDecimal(), terms.GetProperty("allow_short").GetBoolean());
                Deposits = Cash;
                break;
            case "cash_transferred":
                var amount = change.GetProperty("transfer").GetProperty("amount").GetDecimal();
                (Cash, Deposits) = (Cash + amount, Deposits + amount);
                break;
            case "decided":
                Approvals.Check(this, change);
                if (change.GetProperty("approved").GetBoolean()) Reserve(change);
                break;
            case "filled":
                CheckFill(change.GetProperty("fill"), change.GetProperty("receipt"));
                Fill(change.GetProperty("receipt"));
                NoteTrade(change);
                ExpectCuts(Text(change.GetProperty("receipt"), "symbol")!);
                break;
            case "corporate_action_taken":
                Act(change);
                break;
            case "symbol_changed":
                Rename(change);
                break;
            case "reservations_cut":
                Cut(change);
                break;
            case "released":
                Reservations.Remove(change.GetProperty("reservation").GetProperty("reservation_id").GetString()!);
                break;
            case "expired" or "released_together" or "session_lost":
                foreach (var id in change.GetProperty("reservations").EnumerateArray()) Reservations.Remove(id.GetString()!);
                break;
            case "taken_up":
                _prices.Clear();
                break;
            case "converted":
                Convert(change);
                break;
            case "priced" when Number(change, "price") is { } price:
                Learn(change);
                _prices[Text(change, "symbol")!] = (price, Text(change, "sector"));
                break;
            case "limits_adopted":
                LimitsVersion = change.GetProperty("limits").GetProperty("version").GetInt64();
                Limits = change.GetProperty("limits").GetProperty("limits").Clone();
                break;
            case "budget_granted":
                Budget = change.TryGetProperty("grant", out var grant) && grant.ValueKind == JsonValueKind.Object ? grant.Clone() : default;
                break;
            case "guards_configured":
                _breakerSettings = change.GetProperty("settings").Clone();
                break;
            case "breaker_moved":
                _breakers[Text(change, "name")!] = Text(change, "to")!;
                break;
            case "mode_changed":
                Mode = Text(change, "mode")!;
                break;
            case "stopped":
                Stops.Add(Text(change.GetProperty("stop"), "scope")!);
                break;
            case "resumed":
                Stops.Remove(Text(change, "scope")!);
                break;
        }
    }

    public static decimal? Number(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.Number ? found.GetDecimal() : null;

    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String ? found.GetString() : null;

    void Reserve(JsonElement decision)
    {
        var id = Text(decision, "decision_id")!;
        Reservations.Add(id, new(id, Text(decision, "symbol")!, Text(decision, "action") == "BUY", Number(decision, "reserved_quantity") ?? decision.GetProperty("quantity").GetDecimal(),
            decision.GetProperty("reserved_price").GetDecimal() * (PairOf(Text(decision, "symbol")!) is null ? 1 : Number(decision, "fx_rate") ?? 0), decision.GetProperty("expires_at").GetDateTimeOffset(), IsFlagged(decision, "reduce_only")));
        NoteReducing(decision);
    }

    void Fill(JsonElement receipt)
    {
        var (symbol, isBuy) = (Text(receipt, "symbol")!, Text(receipt, "action") == "BUY");
        var (quantity, price) = (receipt.GetProperty("quantity").GetDecimal(), receipt.GetProperty("price").GetDecimal());
        if (Text(receipt, "reservation_id") is { } id)
        {
            var open = Reservations[id];
            Ensure.That(open.Symbol == symbol && open.IsBuy == isBuy, $"{Name}: a fill of {id} is not what was approved");
            if (open.Remaining <= quantity) Reservations.Remove(id);
            else Reservations[id] = open with { Remaining = open.Remaining - quantity };
        }

        PayFees(receipt);
        var waits = MovesOf(symbol).Any(move => move.Rate is null);
        var rate = RateAt(symbol, receipt);
        if (!waits) Cash -= (isBuy ? quantity * price : -quantity * price) * (rate ?? 0);
        Holdings[symbol] = Trade(
            Holdings.GetValueOrDefault(symbol) ?? new(0, 0, 0), isBuy ? quantity : -quantity, price, waits ? 0 : rate ?? 0);
    }

    static Held Trade(Held held, decimal quantity, decimal price, decimal rate)
    {
        if (held.Quantity * quantity >= 0)
            return held with
            {
                Quantity = held.Quantity + quantity, Cost = held.Cost + (quantity * price * rate), Local = held.Local + (quantity * price),
            };
        var closed = Math.Min(Math.Abs(held.Quantity), Math.Abs(quantity)) * Math.Sign(quantity);
        var (relieved, local) = (-held.Cost * closed / held.Quantity, -held.Local * closed / held.Quantity);
        return new(
            held.Quantity + quantity, held.Cost - relieved + ((quantity - closed) * price * rate), held.Realised - (closed * price * rate) - relieved,
            held.Local - local + ((quantity - closed) * price), held.FxRealised + (local * rate) - relieved);
    }
}

/// <summary>An invariant that does not hold.</summary>
sealed class BrokenInvariantException(string what) : Exception(what);

static class Ensure
{
    public static void That(bool holds, string what)
    {
        if (!holds) throw new BrokenInvariantException(what);
    }
}
