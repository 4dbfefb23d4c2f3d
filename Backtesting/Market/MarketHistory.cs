using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>
/// What a run is made on: the bars of every symbol, their order in time, and what the costs are estimated from. Made
/// once and shared by all runs of a sweep: nobody changes it.
/// </summary>
public sealed class MarketHistory
{
    /// <summary>One account holds an array over all symbols.</summary>
    public const int MostSymbols = 10_000;

    readonly IReadOnlyDictionary<string, string>? _rates;
    readonly Lazy<Timeline> _timeline;
    readonly Lazy<MarketConditions> _conditions;
    readonly Lazy<DailyPaths?> _paths;

    /// <param name="currency">What accounts are kept in.</param>
    /// <param name="rates">The symbol that tells what a unit of another currency costs, by currency.</param>
    /// <exception cref="BacktestDataException">No symbol, one twice, or a currency without a rate.</exception>
    public MarketHistory(
        IEnumerable<SymbolBars> series, string currency = "USD", IReadOnlyDictionary<string, string>? rates = null)
    {
        (Series, Currency, _rates) = ([.. series], currency, rates);
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        if (Series.Length is 0 or > MostSymbols)
            errors.Add(new("symbols", "count", $"1 to {MostSymbols} symbols are tested on, not {Series.Length}."));
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < Series.Length; i++)
            if (!places.TryAdd(Series[i].Symbol, i))
                errors.Add(new("symbols", "duplicate", $"There are two series of {Series[i].Symbol}."));
        RateSeries = [.. Series.Select(one => RateOf(one, places, rates, errors))];
        if (errors.Count > 0) throw new BacktestDataException(errors.ToImmutable());
        Places = places;
        _timeline = new(() => Timeline.Of(Series));
        _conditions = new(() => new(Series));
        _paths = new(() => DailyPaths.Of(Series));
    }

    public ImmutableArray<SymbolBars> Series { get; }

    public string Currency { get; }

    /// <summary>The place of a symbol in <see cref="Series"/>.</summary>
    public IReadOnlyDictionary<string, int> Places { get; }

    /// <summary>The same symbols with other bars.</summary>
    internal MarketHistory With(IEnumerable<SymbolBars> series) => new(series, Currency, _rates);

    /// <summary>The market of a scenario, made from this one.</summary>
    /// <exception cref="BacktestDataException">Symbols have too few bars in common, or none in the days of the
    /// crisis.</exception>
    public MarketHistory Under(MarketScenario scenario, long seed) => ScenarioPaths.Apply(scenario, this, seed);

    /// <summary>The first and the last day of any symbol.</summary>
    public (DateOnly First, DateOnly Last) Days => (
        Series.Select(one => DateOnly.FromDateTime(one.First.UtcDateTime)).Min(),
        Series.Select(one => DateOnly.FromDateTime(one.Last.UtcDateTime)).Max());

    /// <summary>The bars of some days, both included; null where no symbol has one. Symbols without any are left
    /// out.</summary>
    public MarketHistory? Slice(DateOnly from, DateOnly to)
    {
        SymbolBars[] parts = [.. Series.Select(one => one.Slice(from, to)).OfType<SymbolBars>()];
        return parts.Length > 0 ? With(parts) : null;
    }

    /// <summary>Bars of all symbols.</summary>
    public long Bars => Timeline.Series.Length;

    /// <summary>The series that converts each one to the account's currency; -1 where it is kept in it.</summary>
    internal ImmutableArray<int> RateSeries { get; }

    internal Timeline Timeline => _timeline.Value;

    internal MarketConditions Conditions => _conditions.Value;

    /// <summary>Null where bars are shorter than a day.</summary>
    internal DailyPaths? Paths => _paths.Value;

    int RateOf(
        SymbolBars one, Dictionary<string, int> places, IReadOnlyDictionary<string, string>? rates,
        ImmutableArray<FieldError>.Builder errors)
    {
        if (one.Terms.Currency == Currency) return -1;
        if (rates is not null && rates.TryGetValue(one.Terms.Currency, out var symbol)
            && places.TryGetValue(symbol, out var at))
            return at;
        errors.Add(new(
            "currencies", "rate",
            $"{one.Symbol} trades in {one.Terms.Currency}: name the symbol that tells its rate in {Currency}, and give its bars."));
        return -1;
    }
}
