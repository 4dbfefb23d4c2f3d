using System.Collections.Immutable;
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

    /// <summary>Whether the symbol and its rate were asked for, so that nothing must be waited for. Notes the interest
    /// in it.</summary>
    public bool IsAtHand(string symbol) => !Valuation.Prices.IsMissing(symbol, writer.Now)
        && (Valuation.Prices.ForeignCurrencyOf(symbol) is not { } currency
            || !Valuation.Prices.MissingPairs([currency], writer.Now).Any());

    /// <summary>Makes sure that the symbol was asked for; returns at once where it was.</summary>
    public Task EnsureAsync(string symbol) =>
        IsAtHand(symbol) ? Task.CompletedTask : EnsureAsync([symbol]);

    /// <summary>Makes sure that the symbols were asked for; returns at once where they were.</summary>
    public async Task EnsureAsync(IEnumerable<string> symbols)
    {
        string[] all = [.. symbols];
        await AskAsync([.. all.Where(symbol => Valuation.Prices.IsMissing(symbol, writer.Now))]);
        await EnsureRatesAsync(Valuation.Prices.CurrenciesOf(all)); // which currencies, their answers say
    }

    /// <summary>Makes sure that the rate of a currency was asked for; returns at once where it was.</summary>
    public Task EnsureRateAsync(string currency) => EnsureRatesAsync([currency]);

    async Task<bool> EnsureRatesAsync(IEnumerable<string> currencies)
    {
        string[] all = [.. currencies];
        var changed = await AskAsync([.. Valuation.Prices.FirstMissingPairs(all, writer.Now)]);
        return changed | await AskAsync([.. Valuation.Prices.MissingPairs(all, writer.Now)]);
    }

    /// <summary>Asks for what is newer than the prices at hand, in the order of the symbols: what is recorded does
    /// not depend on whether the book was loaded from a snapshot.</summary>
    /// <returns>True where the price of a symbol held, or a rate of one, changed.</returns>
    public async Task<bool> RefreshAsync()
    {
        var (prices, book) = (Valuation.Prices, Valuation.Book);
        prices.Trim(writer.Now);
        string[] symbols = [.. prices.Priced.Union(book.Exposures.Keys).Order(StringComparer.Ordinal)];
        var changed = await AskAsync([.. symbols.Union(prices.WantedPairs(Currencies())).Order(StringComparer.Ordinal)]);
        changed |= await EnsureRatesAsync(Currencies());
        foreach (var symbol in _ending.Keys.Where(symbol => prices.Quoted(symbol) is null).ToArray())
            _ending.Remove(symbol);
        await AskAsync([.. _ending.Values.SelectMany(Successors).Where(symbol => prices.IsMissing(symbol, writer.Now))]);
        foreach (var (_, series) in _ending) guards.Commit(Due(series));
        return changed;

        IEnumerable<string> Currencies() => prices.CurrenciesOf(symbols).Union(book.Awaiting.Select(cash => cash.Currency));
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
                if (series.Actions.Any(CorporateActionRules.IsEnd))
                    _ending[series.Symbol] = series;
            guards.Commit(CommitActions(answers.Select(answer => answer.Update.Series).OfType<PriceSeries>(), news));
            writer.Commit(CorrectionRules.Mark(Valuation, corrections, before, writer.Now));
            writer.Commit(ConversionRules.Due(Valuation, writer.Now));
            changed |= news.Any(priced => Valuation.IsValuedBy(priced.Symbol));
        }

        return changed;
    }

    /// <summary>What corporate actions do to the book, before the prices in their units: one unit with them, so that
    /// equity never jumps. One symbol after another, the earliest action first: what a change of symbol leaves is what
    /// the actions of its successor find.</summary>
    /// <returns>The prices of symbols without actions.</returns>
    ImmutableArray<BookEvent> CommitActions(IEnumerable<PriceSeries> answers, Priced[] news)
    {
        var acting = (
            from series in answers
            let priced = news.FirstOrDefault(priced => priced.Symbol == series.Symbol)
            where priced is not null
            let due = Due(series)
            where !due.IsEmpty
            orderby CorporateActionRules.DayOf(due[0]), series.Symbol
            select (series, priced)).ToArray();
        foreach (var (series, priced) in acting) guards.Commit([.. Due(series), priced]);
        return [.. news.Except(acting.Select(one => one.priced))];
    }

    static IEnumerable<string> Successors(PriceSeries series) =>
        series.Actions.Select(action => action.NewSymbol).OfType<string>();

    ImmutableArray<BookEvent> Due(PriceSeries series) => CorporateActionRules.Due(
        Valuation.Book, series, Valuation.Prices.Quoted(series.Symbol)?.LastSession, writer.Now,
        FillRates.Of(Valuation, series.Symbol, feeCurrency: null),
        symbol => Valuation.Prices.Quoted(symbol) is null
            ? null
            : FillRates.Of(Valuation, symbol, feeCurrency: null));

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
