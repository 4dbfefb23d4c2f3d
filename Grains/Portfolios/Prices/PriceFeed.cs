using Microsoft.Extensions.Logging;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>Asks for the prices that a book needs. Holds no turn: the book changes only when answers are
/// in.</summary>
sealed partial class PriceFeed(
    BookWriter writer, Func<string, ISymbolDataGrain> sourceOf, GuardWriter guards, ILogger log)
{
    /// <summary>Questions under way at once.</summary>
    const int FanOut = 64;

    /// <summary>Series of symbols held that will trade no more: no newer one may come on the day.</summary>
    readonly Dictionary<string, PriceSeries> _ending = [];

    BookValuation Valuation => writer.Valuation;

    /// <summary>Whether the symbol was asked for, so that nothing must be waited for. Notes the interest in it.</summary>
    public bool IsAtHand(string symbol) => !Valuation.Prices.IsMissing(symbol, writer.Now);

    /// <summary>Makes sure that the symbol was asked for; returns at once where it was.</summary>
    public Task EnsureAsync(string symbol) =>
        IsAtHand(symbol) ? Task.CompletedTask : AskAsync([symbol]);

    /// <summary>Makes sure that the symbols were asked for; returns at once where they were.</summary>
    public Task EnsureAsync(IEnumerable<string> symbols) =>
        AskAsync([.. symbols.Where(symbol => !IsAtHand(symbol))]);

    /// <summary>Asks for what is newer than the prices at hand, in the order of the symbols: what is recorded does
    /// not depend on whether the book was loaded from a snapshot.</summary>
    /// <returns>True where the price of a symbol held changed.</returns>
    public async Task<bool> RefreshAsync()
    {
        Valuation.Prices.Trim(writer.Now);
        var symbols = Valuation.Prices.Priced.Union(Valuation.Book.Exposures.Keys);
        var changed = await AskAsync([.. symbols.Order(StringComparer.Ordinal)]);
        foreach (var symbol in _ending.Keys.Where(symbol => Valuation.Prices.Find(symbol) is null).ToArray())
            _ending.Remove(symbol);
        foreach (var (symbol, series) in _ending)
            guards.Commit(CorporateActionRules.Due(
                Valuation.Book, series, Valuation.Prices.Find(symbol)?.LastSession, writer.Now));
        return changed;
    }

    async Task<bool> AskAsync(IReadOnlyList<string> symbols)
    {
        var changed = false;
        foreach (var some in symbols.Chunk(FanOut))
        {
            var answers = await Task.WhenAll(
                some.Select(async symbol => (Symbol: symbol, Update: await AskAsync(symbol))));
            var corrections = answers.SelectMany(answer =>
                answer.Update.Series is { } series ? Valuation.Book.Corrections.Unseen(series) : []).ToArray();
            var before = corrections.Length == 0 ? null : Valuation.Tail?.ValueAtRisk;
            var news = answers.Select(answer => Valuation.Prices.Learn(answer.Symbol, answer.Update, writer.Now))
                .OfType<Priced>().ToArray();
            foreach (var series in answers.Select(answer => answer.Update.Series).OfType<PriceSeries>())
                if (series.Actions.Any(action => action.Kind == CorporateActionKind.Delisting))
                    _ending[series.Symbol] = series;
            guards.Commit([.. Actions(answers.Select(answer => answer.Update), news), .. news]);
            writer.Commit(CorrectionRules.Mark(Valuation, corrections, before, writer.Now));
            changed |= news.Any(priced => Valuation.Book.Exposures.ContainsKey(priced.Symbol));
        }

        return changed;
    }

    /// <summary>What corporate actions do to the book, before the prices in their units: one unit with them, so that
    /// equity never jumps.</summary>
    IEnumerable<BookEvent> Actions(IEnumerable<SeriesUpdate> updates, Priced[] news) =>
        from update in updates
        let series = update.Series
        where series is not null && news.Any(priced => priced.Symbol == series.Symbol)
        from change in CorporateActionRules.Due(
            Valuation.Book, series, Valuation.Prices.Find(series.Symbol)?.LastSession, writer.Now)
        select change;

    async Task<SeriesUpdate> AskAsync(string symbol)
    {
        try
        {
            return await sourceOf(symbol).GetSeriesAsync(Valuation.Prices.VersionOf(symbol));
        }
        catch (Exception failure) // whatever fails there, orders that reduce a position must go on
        {
            LogNoAnswer(failure, symbol);
            return new(SeriesStatus.Unavailable, null);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "No answer about the prices of {Symbol}; those at hand stay and age.")]
    partial void LogNoAnswer(Exception failure, string symbol);
}
