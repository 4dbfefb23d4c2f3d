using Microsoft.Extensions.Logging;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>Asks for the prices that a book needs. Holds no turn: the book changes only when answers are in.</summary>
sealed partial class PriceFeed(BookWriter writer, Func<string, ISymbolDataGrain> sourceOf, ILogger log)
{
    /// <summary>Questions under way at once.</summary>
    const int FanOut = 64;

    BookValuation Valuation => writer.Valuation;

    /// <summary>Makes sure that the symbol was asked for; returns at once where it was.</summary>
    public Task EnsureAsync(string symbol) =>
        Valuation.Prices.IsMissing(symbol, writer.Now) || Valuation.Prices.ForeignCurrencyOf(symbol) is not null
            ? EnsureAsync([symbol])
            : Task.CompletedTask;

    /// <summary>Makes sure that the symbols were asked for; returns at once where they were.</summary>
    public async Task EnsureAsync(IEnumerable<string> symbols)
    {
        string[] all = [.. symbols];
        await AskAsync([.. all.Where(symbol => Valuation.Prices.IsMissing(symbol, writer.Now))]);
        await EnsureRatesAsync(Valuation.Prices.CurrenciesOf(all)); // which currencies, their answers say
    }

    /// <summary>Makes sure that the rate of a currency was asked for; returns at once where it was.</summary>
    public Task EnsureRateAsync(string currency) => EnsureRatesAsync([currency]);

    async Task EnsureRatesAsync(IEnumerable<string> currencies) =>
        await AskAsync([.. Valuation.Prices.MissingPairs(currencies, writer.Now)]);

    /// <summary>Asks for what is newer than the prices at hand, in the order of the symbols: what is recorded does not
    /// depend on whether the book was loaded from a snapshot.</summary>
    /// <returns>True where the price of a symbol held, or a rate of one, changed.</returns>
    public async Task<bool> RefreshAsync()
    {
        var (prices, book) = (Valuation.Prices, Valuation.Book);
        prices.Trim(writer.Now);
        string[] symbols = [.. prices.Priced.Union(book.Exposures.Keys).Order(StringComparer.Ordinal)];
        var changed = await AskAsync([.. symbols.Union(prices.WantedPairs(Currencies())).Order(StringComparer.Ordinal)]);
        return await AskAsync([.. prices.MissingPairs(Currencies(), writer.Now)]) || changed;

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
            writer.Commit(news);
            writer.Commit(CorrectionRules.Mark(Valuation, corrections, before, writer.Now));
            writer.Commit(ConversionRules.Due(Valuation, writer.Now));
            changed |= news.Any(priced => Valuation.IsValuedBy(priced.Symbol));
        }

        return changed;
    }

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
