using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>Keeps one symbol's model. A training runs in a worker and comes back to the grain as one assignment; questions are answered
/// beside it by the model before it. The reminder and its missed ticks are judged by the age of the stored model.</summary>
public sealed partial class ModelGrain(
    [PersistentState("model", "trading")] IPersistentState<ModelRecord> stored,
    IModelTrainer trainer,
    TrainingWorkers workers,
    IOptions<ModelOptions> options,
    TimeProvider clock,
    ILogger<ModelGrain> log) : Grain, IModelGrain, IRemindable
{
    const string Reminder = "retrain";

    TrainingRun? _running;
    IFittedModel? _model;
    PriceSeries? _series;

    string Symbol => this.GetPrimaryKeyString();
    TimeSpan Interval => TimeSpan.FromSeconds(options.Value.RetrainInterval);
    bool IsDue => ModelRules.IsDue(stored.State, clock.GetUtcNow(), Interval);
    TrainingStatus Status => ModelRules.Status(Symbol, stored.State, _running is { } run ? (run.Attempt, run.Progress) : null);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (stored.State.Model is { } model && model.Method == trainer.Method && model.Features.SequenceEqual(Features.Names))
            _model = trainer.Load(model.Saved);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _running?.Cancel?.Invoke();
        return Task.CompletedTask;
    }

    public async Task StartAsync()
    {
        await this.RegisterOrUpdateReminder(Reminder, ModelRules.DueIn(stored.State, clock.GetUtcNow(), Interval), Interval);
        if (_model is null || IsDue) Begin("start");
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (_model is null || IsDue) Begin("reminder");
        return Task.CompletedTask;
    }

    public Task<TrainingStatus> RetrainAsync(string reason)
    {
        Begin(reason);
        return Task.FromResult(Status);
    }

    public async Task<ModelPrediction> GetPredictionAsync()
    {
        var update = await GrainFactory.GetGrain<ISymbolDataGrain>(Symbol).GetSeriesAsync(_series?.Version ?? 0);
        _series = update.Status == SeriesStatus.Unknown ? null : update.Series ?? _series;
        return ModelRules.Predict(Symbol, _series, _model, stored.State.Model?.TrainedThrough, Status);
    }

    public Task<ModelPerformance> GetPerformanceAsync() => Task.FromResult(
        ModelRules.Performance(Symbol, stored.State.Model?.Method ?? trainer.Method, stored.State.Model?.Scores, Status));

    void Begin(string reason)
    {
        if (_running is not null) return;
        _running = new(new(clock.GetUtcNow(), reason, Failure: null));
        _ = TrainAsync(_running); // ends in an assignment on this grain's scheduler; whatever fails ends in the status
    }

    async Task TrainAsync(TrainingRun run)
    {
        using var cancellation = new CancellationTokenSource();
        run.Cancel = cancellation.Cancel;
        try
        {
            var outcome = await LearnAsync(run, cancellation.Token);
            cancellation.Token.ThrowIfCancellationRequested();
            stored.State = ModelRules.After(stored.State, outcome, trainer.Method, run.Attempt, clock.GetUtcNow());
            _model = outcome.Value?.Model ?? _model;
            await stored.WriteStateAsync();
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogCancelled(Symbol);
        }
        catch (Exception failure) // nobody knows what is stored: the activation goes, and the next one reads
        {
            LogLost(failure, Symbol);
            DeactivateOnIdle();
        }
        finally
        {
            _running = null;
        }
    }

    async Task<Outcome<WalkForwardResult>> LearnAsync(TrainingRun run, CancellationToken cancellation)
    {
        try
        {
            var update = await GrainFactory.GetGrain<ISymbolDataGrain>(Symbol).GetSeriesAsync(0);
            return update.Series is { } series
                ? await workers.RunAsync(() => WalkForward.Train(series, trainer, options.Value.Folds, run, cancellation), cancellation)
                : Outcome.NotFound<WalkForwardResult>("symbol", $"There is no series of {Symbol}: it is {update.Status.ToString().ToLowerInvariant()}.");
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested) // a trainer is a plug-in: whatever fails in it, the model before stays
        {
            LogFailed(failure, Symbol);
            return Outcome.Conflict<WalkForwardResult>("training", "failed", $"The training failed: {failure.Message}");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The training of {Symbol} ends, since its grain goes.")]
    partial void LogCancelled(string symbol);

    [LoggerMessage(Level = LogLevel.Error, Message = "The training of {Symbol} failed; the model before it stays in use.")]
    partial void LogFailed(Exception failure, string symbol);

    [LoggerMessage(Level = LogLevel.Error, Message = "The training of {Symbol} could not be stored.")]
    partial void LogLost(Exception failure, string symbol);
}
