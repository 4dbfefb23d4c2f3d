using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A past that can be played again: bars of one interval of several symbols, with the times at which any of
/// them traded.</summary>
sealed class HistoricalBars
{
    /// <param name="bars">By ticker in upper case; each oldest first.</param>
    /// <param name="actions">By ticker; symbols without any may be absent.</param>
    /// <exception cref="ArgumentException">There is no bar.</exception>
    public HistoricalBars(
        BarInterval interval,
        IEnumerable<KeyValuePair<string, ImmutableArray<Bar>>> bars,
        IReadOnlyDictionary<string, ImmutableArray<CorporateAction>>? actions = null)
    {
        (Interval, Actions) = (interval, actions ?? FrozenDictionary<string, ImmutableArray<CorporateAction>>.Empty);
        Bars = bars.ToFrozenDictionary(StringComparer.Ordinal);
        Times = [.. Bars.Values.SelectMany(symbol => symbol.Select(bar => bar.Time)).Distinct().Order()];
        if (Times.IsEmpty) throw new ArgumentException("There is no bar to play.", nameof(bars));
    }

    public BarInterval Interval { get; }
    public FrozenDictionary<string, ImmutableArray<Bar>> Bars { get; }
    public IReadOnlyDictionary<string, ImmutableArray<CorporateAction>> Actions { get; }

    /// <summary>The starts of all bars, ascending, each once.</summary>
    public ImmutableArray<DateTimeOffset> Times { get; }

    /// <summary>The closes of a price file.</summary>
    public static HistoricalBars Of(PriceHistory history) => new(
        BarInterval.OneDay,
        history.Symbols.Select(symbol => KeyValuePair.Create(symbol.Key, symbol.Value.Bars(history.Sessions))));

    /// <summary>The bars of one interval of every file of a folder, as it lies there now.</summary>
    /// <exception cref="SourceException">The folder cannot be read, or a file of it breaks a rule.</exception>
    /// <exception cref="ArgumentException">There is no bar of that interval.</exception>
    public static async Task<HistoricalBars> OfAsync(
        FolderSource folder, BarInterval interval, CancellationToken cancellation)
    {
        List<KeyValuePair<string, ImmutableArray<Bar>>> bars = [];
        foreach (var (symbol, _) in folder.List().Where(series => series.Interval == interval))
            bars.Add(new(symbol, (await folder.FetchAsync(new(symbol, interval, null, null), cancellation)).Bars));
        if (folder.Problems.FirstOrDefault(problem => problem.Answers != FolderAnswer.PutRight) is { } refused)
            throw new SourceException(folder.Name, SourceFailure.Nonsense, refused.Message);
        return new(interval, bars);
    }
}
