using Microsoft.Extensions.Logging;
using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>Keeps a book's newest analysis. A worker makes it from an immutable copy, away from the turns of the book,
/// and it comes back as one assignment; until then the one before it stands, which says of when it is. One at a time
/// for a book.</summary>
sealed partial class AnalysisRunner(
    BookValuation valuation, Func<string, ISymbolDataGrain> sourceOf, TimeProvider clock, ILogger log)
{
    /// <summary>For all books of the process: half of its processors stay with decisions.</summary>
    static readonly SemaphoreSlim Free = new(Math.Max(1, Environment.ProcessorCount / 2));

    /// <summary>Whole series of the symbols held; shared with their source, not copied.</summary>
    readonly Dictionary<string, PriceSeries> _histories = [];

    Task _running = Task.CompletedTask;
    DateTimeOffset _startedAt;
    RiskAnalysis? _latest;

    /// <summary>Why the newest analysis came to nothing; null where it did not.</summary>
    public ReportWarning? Failure { get; private set; }

    AnalysisOptions Options => valuation.Options.Analysis;

    /// <summary>Starts an analysis, unless one is under way.</summary>
    public void Begin()
    {
        if (!_running.IsCompleted) return;
        _startedAt = clock.GetUtcNow();
        _running = AnalyseAsync();
    }

    /// <summary>The newest, after a bounded wait for a newer one; null where nothing can be measured or the first one
    /// takes longer.</summary>
    public async Task<RiskAnalysis?> CurrentAsync()
    {
        var isCurrent = _latest?.Sequence == valuation.Book.Sequence;
        if (!isCurrent && (_latest is null || (clock.GetUtcNow() - _startedAt).TotalSeconds >= Options.MinInterval))
            Begin();
        try
        {
            await _running.WaitAsync(TimeSpan.FromSeconds(Options.Wait), clock);
        }
        catch (TimeoutException)
        {
            // It comes when it is done; whoever asks then finds it.
        }

        return _latest;
    }

    /// <summary>The book's own forecasts are judged as they are now, also where there is nothing left to
    /// measure.</summary>
    public async Task<BacktestReport> BacktestAsync()
    {
        var analysis = await CurrentAsync();
        var (forecasts, options) = (valuation.Book.Forecasts.All, valuation.Options);
        return AnalysisReports.Backtest(
            valuation, analysis, await RunAsync(() => Backtests.Realised(forecasts, options)), Failure);
    }

    /// <param name="shocks">Null for the configured events.</param>
    public async Task<Outcome<StressReport>> StressAsync(StressShocks? shocks)
    {
        if (shocks is null)
            return Outcome.Done(AnalysisReports.Stress(valuation, await CurrentAsync(), clock.GetUtcNow(), Failure));
        await RefreshAsync();
        var input = RiskInput.Of(valuation, _histories, clock.GetUtcNow());
        if (StressValidator.Check(shocks, input?.Held) is { IsEmpty: false } errors)
            return Outcome.Invalid<StressReport>(errors);
        if (input is null) return Outcome.Done(AnalysisReports.Stress(valuation, null, clock.GetUtcNow(), null));
        var (result, factor) = await RunAsync(() => RiskAnalyses.Stress(input, shocks));
        return Outcome.Done(AnalysisReports.Stress(valuation, input, result, factor));
    }

    async Task AnalyseAsync()
    {
        try
        {
            await RefreshAsync();
            _latest = RiskInput.Of(valuation, _histories, clock.GetUtcNow()) is { } input
                ? await RunAsync(() => RiskAnalyses.Run(input))
                : null;
            Failure = null;
        }
        catch (Exception failure) // whatever fails there, the book goes on; the report says of when its analysis is
        {
            Failure = new("analysis_failed", null, $"The newest analysis failed: {failure.Message}");
            LogFailed(failure, valuation.Book.Portfolio);
        }
    }

    /// <summary>Asks for what is newer than the histories at hand, all at once.</summary>
    async Task RefreshAsync()
    {
        string[] held =
            [.. valuation.Book.Holdings.Where(holding => holding.Quantity != 0).Select(holding => holding.Symbol)];
        held = [.. held.Union(valuation.Prices.WantedPairs(valuation.Prices.CurrenciesOf(held)))];
        foreach (var gone in _histories.Keys.Except(held).ToList())
            _histories.Remove(gone);
        var updates = await Task.WhenAll(
            held.Select(symbol =>
                sourceOf(symbol).GetSeriesAsync(_histories.GetValueOrDefault(symbol)?.Version ?? 0).AsTask()));
        foreach (var series in updates.Select(update => update.Series).OfType<PriceSeries>()
            .Where(series => !series.Closes.IsEmpty))
            _histories[series.Symbol] = series;
    }

    /// <summary>Waits for a free worker, then for the work.</summary>
    static async Task<T> RunAsync<T>(Func<T> work)
    {
        await Free.WaitAsync().ConfigureAwait(false);
        try
        {
            return await Task.Run(work).ConfigureAwait(false);
        }
        finally
        {
            Free.Release();
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The analysis of {Portfolio} failed; the one before it stays.")]
    partial void LogFailed(Exception failure, string portfolio);
}
