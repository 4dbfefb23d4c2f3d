using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <param name="Since">When the book was opened: what was put right before never concerned it. Null in books older than
/// corrections.</param>
/// <param name="Latest">Of symbols that were held, oldest first.</param>
/// <param name="Seen">Up to when the corrections of a symbol are recorded.</param>
public sealed record CorrectionsState(
    DateTimeOffset? Since, ImmutableArray<CorrectedPrice> Latest,
    ImmutableSortedDictionary<string, DateTimeOffset> Seen)
{
    /// <summary>Null in the state of a program that did not note them.</summary>
    public CorrectionPlaces? Places { get; init; }
}

/// <summary>Where in its journal a book learned late of what was wrong before: corrections of prices, and corporate
/// actions.</summary>
/// <param name="Since">Of the event up to which they are not noted.</param>
/// <param name="Numbers">Of those events after it, in order.</param>
public sealed record CorrectionPlaces(long Since, ImmutableArray<long> Numbers);

/// <summary>The prices that were put right after a book had them. Bounded; a correction that is told again is not
/// news.</summary>
public sealed class Corrections
{
    public const int MaxLatest = 32;

    /// <summary>Beyond it the symbol whose last correction is the oldest is forgotten: told again, it would be recorded
    /// again.</summary>
    const int MaxSymbols = 10_000;

    /// <summary>The newest events whose place is noted.</summary>
    const int MaxPlaces = 1_000;

    readonly Queue<CorrectedPrice> _latest = new();
    readonly Queue<long> _places = new();
    long _placesSince;
    readonly SortedDictionary<string, DateTimeOffset> _seen = new(StringComparer.Ordinal);
    DateTimeOffset? _since;

    /// <summary>Of symbols that were held, oldest first.</summary>
    public IReadOnlyCollection<CorrectedPrice> Latest => _latest;

    /// <summary>The corrections of a series that the book has not recorded yet.</summary>
    public IEnumerable<PriceCorrection> Unseen(PriceSeries series)
    {
        var seen = _seen.TryGetValue(series.Symbol, out var last) ? last : _since;
        return series.Corrections.Where(correction => !(correction.At <= seen));
    }

    /// <summary>Where those stand that are noted.</summary>
    public CorrectionPlaces Places => new(_placesSince, [.. _places]);

    /// <param name="sequence">Of the event.</param>
    internal void Apply(BookEvent change, long sequence)
    {
        if (change is Opened opened) _since = opened.At;
        if (change is PriceCorrected or CorporateActionTaken { IsLate: true }) Note(sequence);
        if (change is not PriceCorrected { Correction: var corrected }) return;
        if (corrected.Held) _latest.Enqueue(corrected);
        if (_latest.Count > MaxLatest) _latest.Dequeue();
        var (symbol, at) = (corrected.Price.Symbol, corrected.Price.At);
        if (!_seen.TryGetValue(symbol, out var last) || at > last) _seen[symbol] = at;
        if (_seen.Count > MaxSymbols) _seen.Remove(_seen.MinBy(entry => entry.Value).Key);
    }

    void Note(long sequence)
    {
        _places.Enqueue(sequence);
        if (_places.Count > MaxPlaces) _placesSince = _places.Dequeue();
    }

    internal CorrectionsState Save() =>
        new(_since, [.. _latest], _seen.ToImmutableSortedDictionary(StringComparer.Ordinal)) { Places = Places };

    /// <param name="sequence">Of the book: where there were corrections and their places were not noted, they are only
    /// from here on.</param>
    internal void Restore(CorrectionsState? state, long sequence)
    {
        var places = state?.Places ?? new(state is { Seen.IsEmpty: false } ? sequence : 0, []);
        _placesSince = places.Since;
        foreach (var place in places.Numbers) _places.Enqueue(place);
        _since = state?.Since;
        foreach (var corrected in state?.Latest ?? []) _latest.Enqueue(corrected);
        foreach (var (symbol, at) in state?.Seen ?? ImmutableSortedDictionary<string, DateTimeOffset>.Empty)
            _seen[symbol] = at;
    }
}

/// <summary>What corrections mean for a book.</summary>
static class CorrectionRules
{
    /// <summary>The events that mark a book with corrections, once their prices are part of it.</summary>
    /// <param name="before">The value at risk by the wrong prices; null where it was not known.</param>
    public static BookEvent[] Mark(
        BookValuation valuation, IReadOnlyCollection<PriceCorrection> corrections, double? before, DateTimeOffset now)
    {
        if (corrections.Count == 0) return [];
        var after = valuation.Tail?.ValueAtRisk;
        return [.. corrections.Select(price => new PriceCorrected(new(
            price, valuation.IsValuedBy(price.Symbol),
            valuation.IsMeasuredBy(price.Symbol, price.Session),
            IsLast(price, valuation), Amount(before), Amount(after), now)))];
    }

    /// <summary>Whether a decision was made with the wrong price.</summary>
    /// <param name="valuation">As it was for the decision.</param>
    public static bool IsUsedBy(PriceCorrection price, Risk.SignalDecision decision, BookValuation valuation) =>
        decision.DecidedAt >= price.WrongSince
        && (price.Symbol == decision.Symbol || valuation.IsValuedBy(price.Symbol)
            || (decision.Currency is { } currency && valuation.Prices.PairsOf(currency).Contains(price.Symbol)))
        && (valuation.IsMeasuredBy(price.Symbol, price.Session) || IsLast(price, valuation));

    /// <summary>Which figures used the wrong price, from when to when.</summary>
    public static CorrectionEffect Describe(CorrectedPrice corrected, string currency)
    {
        var price = corrected.Price;
        var what = FormattableString.Invariant($"{price.Symbol}'s {price.Session:yyyy-MM-dd} close {price.Before}");
        var right = price.After is { } after
            ? FormattableString.Invariant($"put right to {after} at {price.At:u}")
            : FormattableString.Invariant($"withdrawn at {price.At:u}");
        if (!corrected.InWindow && !corrected.IsLast)
            return new(corrected, $"No figure used {what}, {right}: the session is older than the risk window.");
        var figures = string.Join(", ", Figures(corrected));
        var change = corrected is { ValueAtRiskBefore: { } wrong, ValueAtRiskAfter: { } now }
            ? FormattableString.Invariant(
                $" With the prices that came with it value_at_risk went from {wrong} to {now} {currency}.")
            : "";
        return new(
            corrected, FormattableString.Invariant(
                $"{figures} computed between {price.WrongSince:u} and {corrected.TakenAt:u} used {what}, {right}.{change}"));
    }

    /// <summary>Also where the session was withdrawn, and the one before it is the last now.</summary>
    static bool IsLast(PriceCorrection price, BookValuation valuation) =>
        price.Session >= valuation.Prices.Quoted(price.Symbol)?.LastSession;

    static IEnumerable<string> Figures(CorrectedPrice corrected)
    {
        if (corrected.IsLast) yield return "equity";
        if (corrected.InWindow) yield return "value_at_risk";
        if (corrected.InWindow) yield return "expected_shortfall";
    }

    static decimal? Amount(double? money) => money is { } known ? Money.FromDouble(known) : null;
}
