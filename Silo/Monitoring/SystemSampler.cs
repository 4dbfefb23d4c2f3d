using Microsoft.Extensions.Diagnostics.HealthChecks;
using Trading.Alerts;
using Trading.Api;
using Trading.MarketData;
using Trading.Models;
using Trading.Operations;
using Trading.Portfolios;

namespace Trading.Monitoring;

/// <summary>Looks at the process and its parts now and then, and tells the history of it. What fails here is told once and
/// tried again: nothing waits for it.</summary>
sealed partial class SystemSampler(
    MonitoringOptions options, MachineUsage machine, RequestReadings requests, SystemGauges gauges, HealthReader health,
    Readiness readiness, SourceChain sources, ModelSymbols models, IGrainFactory grains, ILocalSiloDetails silo, TimeProvider clock,
    IHostApplicationLifetime lifetime, ILogger<SystemSampler> log)
    : BackgroundService
{
    static readonly TimeSpan ModelsEvery = TimeSpan.FromMinutes(1);

    /// <summary>How long the history may take to answer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    DateTimeOffset _modelsAt;
    bool _failing;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        machine.Read(); // from here on the use of the processors is counted
        // A process that ends is not unwell: its grains answer no more.
        using var ends = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping, stoppingToken);
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(options.SampleInterval), clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ends.Token)) await TrySampleAsync(ends.Token);
        }
        catch (Exception) when (ends.IsCancellationRequested)
        {
        }
    }

    async Task TrySampleAsync(CancellationToken cancellation)
    {
        try
        {
            if (readiness.IsReady) await SampleAsync(cancellation);
            _failing = false;
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested)
        {
            if (!_failing) LogFailure(failure);
            _failing = true;
        }
    }

    async Task SampleAsync(CancellationToken cancellation)
    {
        machine.Read();
        var report = await health.ReadAsync(cancellation);
        cancellation.ThrowIfCancellationRequested();
        if (report.Status != (gauges.LastHealth?.Status ?? HealthStatus.Healthy)) Tell(report);
        gauges.LastHealth = report;
        var sample = new SystemSample(silo.Name, clock.GetUtcNow(), [.. Readings()]);
        await grains.GetGrain<IMonitorGrain>(GrainKeys.Monitor).ReportAsync(sample).WaitAsync(Patience, clock, cancellation);
        await grains.GetGrain<IAlertGrain>(GrainKeys.Alerts).ObserveAsync([.. Observations(report)]).WaitAsync(Patience, clock, cancellation);
        if (clock.GetUtcNow() - _modelsAt < ModelsEvery) return;
        _modelsAt = clock.GetUtcNow();
        gauges.LastModels = await Task.WhenAll(models.Symbols.Select(symbol =>
            grains.GetGrain<IModelGrain>(GrainKeys.Symbol(symbol)).GetPerformanceAsync().WaitAsync(Patience, clock, cancellation)));
    }

    /// <summary>What the rules of alerts are held against: of the machine, of each book, part, source
    /// and model.</summary>
    IEnumerable<Observation> Observations(HealthReport report)
    {
        foreach (var (metric, value) in new[]
        {
            ("api_response_time", requests.Answers.Quantiles?[1]), ("error_rate", requests.ErrorRate),
            ("system_cpu_usage", machine.Cpu), ("system_memory_usage", machine.Memory),
        })
            if (value is { } known) yield return new(metric, "host", Environment.MachineName, known);
        foreach (var book in BookMetrics.Active)
        {
            if (book.ValueAtRisk95 is { } risk) yield return new("portfolio_var_95", "portfolio", book.Portfolio, risk);
            yield return new("active_positions_over_limit", "portfolio", book.Portfolio, book.Positions - options.ActivePositionsLimit);
        }

        foreach (var (part, entry) in report.Entries)
        {
            yield return new("health_status", "part", part, 2 - (int)entry.Status);
            yield return new("health_degraded", "part", part, entry.Status == HealthStatus.Degraded ? 1 : 0);
        }

        foreach (var source in sources.Report().Where(source => !source.Serves.IsEmpty))
            yield return new("source_distrusted", "source", source.Source, source.State == SourceState.Trusted ? 0 : 1);
        foreach (var model in gauges.LastModels)
            if (ModelReadings.Of(ModelReadings.RetrainingDue, model) is { } due)
                yield return new(ModelReadings.RetrainingDue, "symbol", model.Symbol, due);
    }

    void Tell(HealthReport report) => LogHealth(report.Status, string.Join(", ", report.Entries
        .Where(part => part.Value.Status != HealthStatus.Healthy).Select(part => $"{part.Key}: {part.Value.Description ?? "no answer"}")));

    IEnumerable<Reading> Readings()
    {
        var (answers, decisions, commits) = (requests.Answers, requests.Decisions, requests.Commits);
        BookReading[] books = [.. BookMetrics.Active];
        (string Name, double? Value)[] all =
        [
            (ReadingNames.Ready, gauges.LastHealth is { Status: HealthStatus.Unhealthy } ? 0 : 1),
            (ReadingNames.CpuUsage, machine.Cpu),
            (ReadingNames.MemoryUsage, machine.Memory),
            (ReadingNames.ProcessMemory, Environment.WorkingSet),
            (ReadingNames.ResponseTimeMedian, answers.Quantiles?[0]),
            (ReadingNames.ResponseTime, answers.Quantiles?[1]),
            (ReadingNames.ResponseTimeTail, answers.Quantiles?[2]),
            (ReadingNames.RequestRate, answers.Rate),
            (ReadingNames.ErrorRate, requests.ErrorRate),
            (ReadingNames.DecisionRate, decisions.Rate),
            (ReadingNames.DecisionLatencyMedian, decisions.Quantiles?[0]),
            (ReadingNames.DecisionLatencyTail, decisions.Quantiles?[1]),
            (ReadingNames.CommitTime, commits.Quantiles?[0]),
            (ReadingNames.ActivePositions, books.Max(book => (double?)book.Positions)),
            (ReadingNames.ValueAtRisk95, books.Max(book => book.ValueAtRisk95)),
            (ReadingNames.Drawdown, books.Max(book => book.Drawdown)),
            (ReadingNames.Equity, books.FirstOrDefault(book => book.Portfolio == GrainKeys.DefaultPortfolio)?.Equity),
            (ReadingNames.DataAge, books.Max(book => book.OldestPriceSeconds)),
        ];
        return all.Where(one => one.Value is not null).Select(one => new Reading(one.Name, one.Value!.Value));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system is {Status}. {Parts}")]
    partial void LogHealth(HealthStatus status, string parts);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The system could not be measured; it is tried again.")]
    partial void LogFailure(Exception failure);
}
