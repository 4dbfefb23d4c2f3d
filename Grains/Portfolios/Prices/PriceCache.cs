using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What a book knows of prices: of every symbol that it holds, and of a bounded number of others that it was
/// asked about.</summary>
/// <param name="capacity">Symbols kept without a position or an open order; up to twice as many between two
/// trims.</param>
/// <param name="decimals">Decimal places that positions are valued to.</param>
/// <param name="pegs">Currencies that count as others.</param>
/// <param name="pegPairs">Whether a rate may be made of a pair of a pegged currency.</param>
sealed class PriceCache(
    Book book, int lookback, int capacity, int decimals, ImmutableSortedDictionary<string, string> pegs, bool pegPairs)
{
    /// <summary>How long a symbol that is not held is kept current after it was last asked for.</summary>
    static readonly TimeSpan Interest = TimeSpan.FromMinutes(5);

    /// <summary>How long "no such symbol" and "no answer" are believed.</summary>
    static readonly TimeSpan Disbelief = TimeSpan.FromSeconds(5);

    sealed class Entry
    {
        /// <summary>As its source quotes it.</summary>
        public Instrument? Instrument;

        /// <summary>In the book's currency, made when it is asked for.</summary>
        public Instrument? Converted;
        public SymbolKnowledge Knowledge = SymbolKnowledge.Unavailable;
        public DateTimeOffset CheckedAt;
        public DateTimeOffset AskedAt;
    }

    readonly Dictionary<string, Entry> _entries = [];
    ExchangeRates? _rates;
    int _added;

    ExchangeRates Rates => _rates ??= new(book, Quoted, pegs, pegPairs);

    /// <summary>In the book's currency; null where the price is not known, or the rate that converts it, or where it is
    /// absurd.</summary>
    public Instrument? Find(string symbol)
    {
        if (!_entries.TryGetValue(symbol, out var entry) || entry.Instrument is not { } quoted) return null;
        if (Rates.Foreign(quoted.Currency) is not { } currency) return quoted;
        if (Rates.Of(currency) is not { } rate || quoted.Price * rate.Rate > OrderValidator.MaxPrice) return null;
        if (entry.Converted?.Quoted != quoted || entry.Converted.Rate != rate) entry.Converted = new(quoted, rate);
        return entry.Converted;
    }

    /// <summary>As its source quotes it.</summary>
    public Instrument? Quoted(string symbol) => _entries.GetValueOrDefault(symbol)?.Instrument;

    /// <summary>The currency of a symbol's prices where it is not the book's, else null.</summary>
    public string? ForeignCurrencyOf(string symbol) =>
        Rates.Foreign(Quoted(symbol) is { } quoted ? quoted.Currency : book.CurrencyOf(symbol));

    /// <summary>What is known of the rate of a currency; of the book's own it is one.</summary>
    public RateUsed RateOf(string currency) => Rates.Of(currency)?.Used
        ?? new(currency, null, null, null, null) { Peg = Rates.PegOf(currency) };

    /// <summary>The pairs that the rate of a currency is made of, or may be.</summary>
    public IEnumerable<string> PairsOf(string currency) => Rates.PairsOf(currency);

    /// <summary>The pairs that must be asked for before amounts in these currencies can be converted.</summary>
    public IEnumerable<string> MissingPairs(IEnumerable<string> currencies, DateTimeOffset now) =>
        Missing(currencies, Rates.PairsOf, now);

    /// <summary>Those of them that are asked for first.</summary>
    public IEnumerable<string> FirstMissingPairs(IEnumerable<string> currencies, DateTimeOffset now) =>
        Missing(currencies, Rates.FirstPairsOf, now);

    IEnumerable<string> Missing(
        IEnumerable<string> currencies, Func<string, IEnumerable<string>> pairsOf, DateTimeOffset now) => currencies
        .Where(currency => Rates.Of(currency) is null).SelectMany(pairsOf).Distinct()
        .Where(pair => IsMissing(pair, now));

    /// <summary>The other currencies of these symbols.</summary>
    public IEnumerable<string> CurrenciesOf(IEnumerable<string> symbols) =>
        symbols.Select(ForeignCurrencyOf).OfType<string>().Distinct();

    /// <summary>The pairs to keep current for the sake of these currencies.</summary>
    public IEnumerable<string> WantedPairs(IEnumerable<string> currencies) => currencies.SelectMany(Rates.Wanted);

    public SymbolKnowledge KnowledgeOf(string symbol) =>
        _entries.GetValueOrDefault(symbol)?.Knowledge ?? SymbolKnowledge.Unavailable;

    /// <summary>The version held, for the question whether there is a newer one; 0 for none.</summary>
    public long VersionOf(string symbol) => Quoted(symbol)?.Version ?? 0;

    /// <summary>Whether the source must be asked for a symbol before a decision. Notes the interest in it.</summary>
    public bool IsMissing(string symbol, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(symbol, out var entry)) return true;
        entry.AskedAt = now;
        return entry.Instrument is null && now - entry.CheckedAt >= Disbelief;
    }

    /// <summary>Notes that the source answered.</summary>
    /// <returns>What the answer changes; null for nothing.</returns>
    public Priced? Learn(string symbol, SeriesUpdate update, DateTimeOffset now)
    {
        if (!_entries.TryGetValue(symbol, out var entry))
        {
            if (update.Status == SeriesStatus.Unchanged) return null; // trimmed while the question was under way
            if (++_added > capacity) Trim(now);
            _entries[symbol] = entry = new Entry { AskedAt = now };
        }

        entry.CheckedAt = now;
        if (update is { Status: SeriesStatus.Updated, Series: { Closes.IsEmpty: false } series })
            return entry.Instrument?.Version >= series.Version ? null // an answer that another one overtook
                : Instrument.Learn(series, lookback, entry.Instrument, now);

        // What was known stays; its age tells how much it is worth.
        var knowledge = update.Status == SeriesStatus.Unknown ? SymbolKnowledge.Unknown : SymbolKnowledge.Unavailable;
        return entry.Instrument is not null || knowledge == entry.Knowledge ? null
            : new Priced(symbol, knowledge, null, 0, null, null, 0, [], [], now);
    }

    /// <summary>Takes what was learned.</summary>
    public void Apply(Priced priced)
    {
        if (!_entries.TryGetValue(priced.Symbol, out var entry))
            _entries[priced.Symbol] = entry = new Entry { CheckedAt = priced.At, AskedAt = priced.At };
        entry.Knowledge = priced.Knowledge;
        if (priced.Price is null) return;
        entry.Instrument = new Instrument(priced, entry.Instrument, book.CurrencyOf(priced.Symbol))
        {
            Decimals = decimals,
        };
        Rates.Forget(priced.Symbol);
    }

    /// <summary>Everything known, as of now. What is returned makes the copy, which later prices do not change.</summary>
    public Func<ImmutableArray<KnownPrice>> Capture()
    {
        var known = _entries.Select(entry => (
            Symbol: entry.Key, entry.Value.Knowledge, entry.Value.Instrument,
            Path: entry.Value.Instrument?.Path.Save() ?? [])).ToArray();
        return () =>
            [.. known.Select(one => new KnownPrice(Told(one.Symbol, one.Knowledge, one.Instrument), one.Path))];
    }

    static Priced Told(string symbol, SymbolKnowledge knowledge, Instrument? instrument) =>
        instrument?.Told(knowledge) ?? new Priced(symbol, knowledge, null, 0, null, null, 0, [], [], default);

    /// <summary>Takes what was captured.</summary>
    public void Restore(KnownPrice known)
    {
        Apply(known.Price);
        Quoted(known.Price.Symbol)?.Path.Restore(known.Path);
    }

    /// <summary>The symbols to keep current.</summary>
    public IEnumerable<string> Priced =>
        _entries.Where(pair => pair.Value.Instrument is not null).Select(pair => pair.Key);

    /// <summary>Forgets symbols that are not held, and that no other is converted by: those that nobody asked for
    /// lately, and the longest unasked beyond the capacity.</summary>
    public void Trim(DateTimeOffset now)
    {
        _added = 0;
        var rates = CurrenciesOf(_entries.Keys).SelectMany(Rates.PairsOf).ToHashSet();
        var others = _entries.Where(pair => !book.Exposures.ContainsKey(pair.Key) && !rates.Contains(pair.Key))
            .OrderByDescending(pair => pair.Value.AskedAt).ThenBy(pair => pair.Key, StringComparer.Ordinal).ToList();
        for (var i = 0; i < others.Count; i++)
            if (i >= capacity || now - others[i].Value.AskedAt >= Interest)
                _entries.Remove(others[i].Key);
    }
}
