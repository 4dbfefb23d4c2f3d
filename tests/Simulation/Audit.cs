using System.Text;
using Trading.Journal;
using Trading.Portfolios;

namespace Trading.Simulation.Tests;

/// <summary>Reads what is recorded, and holds what grains answer against it.</summary>
sealed class Audit(World world, IEnumerable<string> books)
{
    const decimal Cent = 0.01m;

    readonly List<(string Book, string Key, string? Payload)> _acknowledged = [];

    public Dictionary<string, BookModel> Books { get; } = books.ToDictionary(book => book, book => new BookModel(book));

    public int Acknowledged => _acknowledged.Count;

    /// <summary>Takes what was recorded since the last time into the models, which hold every decision against their book.</summary>
    public async Task ReadAsync()
    {
        foreach (var (name, book) in Books)
            await foreach (var recorded in world.Journal.Truth.ReadAsync("portfolio/" + name, book.Sequence, CancellationToken.None))
                book.Apply(recorded.Sequence, recorded.Type, recorded.Key, Encoding.UTF8.GetString(JsonOf(recorded)));
    }

    /// <summary>The model reads what was answered: it knows nothing of how a decision is packed.</summary>
    static ReadOnlySpan<byte> JsonOf(JournalEvent recorded) => CompactDecision.Is(recorded.Payload.Span)
        ? ((SignalDecided)BookJson.Decode(recorded)).Recorded.Json
        : recorded.Payload.Span;

    /// <summary>A caller was told that something is done: it must be recorded, now and ever after.</summary>
    /// <param name="payload">Byte for byte what was answered; null where the answer is not the event itself.</param>
    public async Task AcknowledgeAsync(string book, string key, string? payload = null)
    {
        await ReadAsync();
        _acknowledged.Add((book, key, payload));
        Check(book, key, payload);
    }

    /// <summary>Every acknowledgement, and every hash.</summary>
    public async Task VerifyAsync()
    {
        foreach (var (book, key, payload) in _acknowledged) Check(book, key, payload);
        var verified = await world.Journal.Truth.VerifyAsync(null, CancellationToken.None);
        Ensure.That(verified.Defects.Count == 0, $"the journal is damaged: {string.Join("; ", verified.Defects)}");
    }

    /// <summary>What a book shows is what the model says, and its money adds up.</summary>
    public void Compare(PortfolioSnapshot shown)
    {
        var book = Books[shown.Portfolio];
        Same("sequence", shown.Sequence, book.Sequence);
        Same("cash", shown.Cash, book.Cash);
        Same("deposits", shown.Deposits, book.Deposits);
        Same("fees", shown.Fees, book.Fees);
        if (!book.IsWaiting) Near("realised", shown.RealisedPnl, book.Realised);
        foreach (var position in shown.Positions) Same($"units of {position.Symbol}", position.Quantity, book.QuantityOf(position.Symbol));
        Same("positions", string.Join(' ', shown.Positions.Where(position => position.Quantity != 0).Select(position => position.Symbol)),
            string.Join(' ', book.Holdings.Where(held => held.Value.Quantity != 0).Select(held => held.Key).Order(StringComparer.Ordinal)));
        Same("reservations", string.Join(' ', shown.Reservations.OrderBy(open => open.ReservationId, StringComparer.Ordinal).Select(open => $"{open.ReservationId}={open.Remaining:0.########}")),
            string.Join(' ', book.Reservations.Values.Select(open => $"{open.Id}={open.Remaining:0.########}")));
        if (shown.Equity is not { } equity) return;
        Near("equity", equity, book.Equity ?? throw new BrokenInvariantException($"{book.Name} shows an equity, and a price is unknown"));
        Near("profit of rates", shown.FxPnl ?? 0, book.FxPnl ?? throw new BrokenInvariantException($"{book.Name} shows an equity, and a rate is unknown"));
        Near("cash + positions", shown.Cash + shown.Positions.Sum(position => position.MarketValue ?? 0),
            shown.Deposits + shown.RealisedPnl + (shown.UnrealisedPnl ?? 0) - shown.Fees);

        void Near(string what, decimal one, decimal other) => Ensure.That(Math.Abs(one - other) <= Cent, $"{book.Name} shows {what} {one}; it is {other}");

        void Same<T>(string what, T one, T other) => Ensure.That(Equals(one, other), $"{book.Name} shows {what} {one}; it is {other}");
    }

    void Check(string book, string key, string? payload)
    {
        Ensure.That(Books[book].ByKey.TryGetValue(key, out var recorded), $"{book}: {key} was acknowledged and is not recorded");
        Ensure.That(payload is null || payload == recorded.Payload, $"{book}: {key} was answered with {payload}, recorded is {recorded.Payload}");
    }
}
