using Microsoft.Extensions.Logging;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>Asks for the prices that a book needs. Holds no turn: the book changes only when answers are in.</summary>
/// <param name="learn">Makes what was learned part of the book.</param>
sealed partial class PriceFeed(BookValuation valuation, Action<ReadOnlySpan<BookEvent>> learn, Func<string, ISymbolDataGrain> sourceOf, TimeProvider clock, ILogger log)
{
    /// <summary>Questions under way at once.</summary>
    const int FanOut = 64;

    /// <summary>Makes sure that the symbol was asked for; returns at once where it was.</summary>
    public Task EnsureAsync(string symbol) =>
        valuation.Prices.IsMissing(symbol, clock.GetUtcNow()) ? AskAsync([symbol]) : Task.CompletedTask;

    /// <summary>Makes sure that the symbols were asked for; returns at once where they were.</summary>
    public Task EnsureAsync(IEnumerable<string> symbols) => AskAsync([.. symbols.Where(symbol => valuation.Prices.IsMissing(symbol, clock.GetUtcNow()))]);

    /// <summary>Asks for what is newer than the prices at hand.</summary>
    /// <returns>True where the price of a symbol held changed.</returns>
    public Task<bool> RefreshAsync()
    {
        valuation.Prices.Trim(clock.GetUtcNow());
        return AskAsync([.. valuation.Prices.Priced.Union(valuation.Book.Exposures.Keys)]);
    }

    async Task<bool> AskAsync(IReadOnlyList<string> symbols)
    {
        var changed = false;
        foreach (var some in symbols.Chunk(FanOut))
        {
            var answers = await Task.WhenAll(some.Select(async symbol => (Symbol: symbol, Update: await AskAsync(symbol))));
            var corrections = answers.SelectMany(answer => answer.Update.Series is { } series ? valuation.Book.Corrections.Unseen(series) : []).ToArray();
            var before = corrections.Length == 0 ? null : valuation.Tail?.ValueAtRisk;
            var news = answers.Select(answer => valuation.Prices.Learn(answer.Symbol, answer.Update, clock.GetUtcNow())).OfType<Priced>().ToArray();
            learn(news);
            learn(CorrectionRules.Mark(valuation, corrections, before, clock.GetUtcNow()));
            changed |= news.Any(priced => valuation.Book.Exposures.ContainsKey(priced.Symbol));
        }

        return changed;
    }

    async Task<SeriesUpdate> AskAsync(string symbol)
    {
        try
        {
            return await sourceOf(symbol).GetSeriesAsync(valuation.Prices.VersionOf(symbol));
        }
        catch (Exception failure) // whatever fails there, orders that reduce a position must go on
        {
            LogNoAnswer(failure, symbol);
            return new(SeriesStatus.Unavailable, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "No answer about the prices of {Symbol}; those at hand stay and age.")]
    partial void LogNoAnswer(Exception failure, string symbol);
}
