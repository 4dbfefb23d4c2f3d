namespace Trading.Portfolios;

/// <summary>Values a book anew: when prices are refreshed, and from the positions and prices alone at every full
/// recalculation.</summary>
sealed class Revaluation(BookWriter writer, PriceFeed feed, GuardWriter guards, AnalysisRunner analyst)
{
    readonly Forecaster _forecaster = new(writer.Valuation);

    /// <summary>When the book was valued last.</summary>
    public DateTimeOffset At { get; private set; }

    PortfolioOptions Options => writer.Valuation.Options;

    public void StartTimers(IGrainBase grain)
    {
        At = writer.Now;
        Every(Options.PriceRefresh, RefreshPricesAsync);
        Every(Options.CalculationFrequency, RecalculateAsync);

        void Every(double seconds, Func<CancellationToken, Task> callback) => grain.RegisterGrainTimer(
            callback,
            new()
            {
                DueTime = TimeSpan.FromSeconds(seconds),
                Period = TimeSpan.FromSeconds(seconds),
                Interleave = true
            });
    }

    async Task RefreshPricesAsync(CancellationToken cancellation)
    {
        writer.BeginTurn();
        var changed = await feed.RefreshAsync();
        writer.BeginTurn();
        if (changed) Note();
        guards.Watch();
        BookMetrics.Publish(writer.Valuation, writer.Now);
        await writer.Durable;
    }

    async Task RecalculateAsync(CancellationToken cancellation)
    {
        writer.BeginTurn();
        writer.Recalculate();
        analyst.Begin();
        Note();
        guards.Watch();
        BookMetrics.Recalculated(writer.Valuation, writer.Now);
        await writer.Durable;
    }

    void Note()
    {
        At = writer.Now;
        writer.RaiseHighWaterMark();
        if (_forecaster.Next(At) is { } forecast) writer.Commit(forecast);
    }
}
