using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Journal;
using Trading.Learning;
using Trading.MarketData;

namespace Trading.Models;

/// <summary>Keeps the versions of one symbol's model. A training runs in a worker and comes back to the grain as one
/// assignment; questions are answered beside it by the version in use. The reminder and its missed ticks are judged by the
/// age of the newest version.</summary>
public sealed partial class ModelGrain(
    [PersistentState("model", "trading")] IPersistentState<ModelRecord> stored,
    ModelHistories histories,
    ModelTrainers trainers,
    TrainingWorkers workers,
    IJournal journal,
    IOptions<ModelOptions> options,
    TimeProvider clock,
    ILogger<ModelGrain> log) : Grain, IModelGrain, IRemindable
{
    const string Reminder = "retrain";

    TrialLedger _ledger = null!;
    TrainingRun? _running;
    LoadedModels? _loaded;
    LatestFeatures? _latest;
    PriceSeries? _series;

    string Symbol => this.GetPrimaryKeyString();
    TimeSpan Interval => TimeSpan.FromSeconds(options.Value.RetrainInterval);
    TrainingStatus Status => ModelRules.Status(Symbol, stored.State, _running);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _ledger = new(journal, Symbol);
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
        if (options.Value.TrainAtStart) Begin("start", always: false);
    }

    public Task ReceiveReminder(string reminderName, TickStatus status)
    {
        Begin("reminder", always: false);
        return Task.CompletedTask;
    }

    public Task<TrainingStatus> RetrainAsync(string reason)
    {
        Begin(reason, always: true);
        return Task.FromResult(Status);
    }

    public async Task<Outcome<TrainingStatus>> TrainAsync(TrainingRequest request)
    {
        var outcome = LabelChoices.Asked(stored.State, request.Label, isTraining: _running is not null);
        if (outcome.Value is not { } record) return new(outcome.Kind, null, outcome.Errors);
        if (record.Label != stored.State.Label) await SaveAsync(record);
        Begin(request.Reason, always: true);
        return Outcome.Done(Status);
    }

    public Task<TrainingStatus> CancelAsync()
    {
        _running?.Cancel?.Invoke();
        return Task.FromResult(Status);
    }

    public async Task<ModelPrediction> GetPredictionAsync()
    {
        var update = await histories.ReadSeriesAsync(Symbol, _series?.Version ?? 0);
        if (update.Status == SeriesStatus.Unknown) (_series, _latest) = (null, null);
        if (update.Series is { } series)
        {
            var history = await histories.ReadAsync(series);
            (_series, _latest, _loaded) = (series, history.Latest(), null);
        }

        return ModelRules.Predict(Symbol, _series, _latest, stored.State, _loaded ??= Load(), Status,
            TimeSpan.FromSeconds(options.Value.MaxModelAge), clock.GetUtcNow());
    }

    public Task<ModelPerformance> GetPerformanceAsync() =>
        Task.FromResult(ModelRules.Performance(Symbol, stored.State, Status));

    public Task<Outcome<WalkForwardForecasts>> GetForecastsAsync() =>
        Task.FromResult(ModelForecasts.Of(Symbol, stored.State));

    public Task<ModelVersions> GetVersionsAsync() => Task.FromResult(ModelRules.Versions(Symbol, stored.State, Status));

    public async Task<ModelTrials> GetTrialsAsync()
    {
        await _ledger.LoadAsync(CancellationToken.None);
        return _ledger.View;
    }

    public Task<Outcome<ModelVersions>> PromoteAsync(ModelCommand command) =>
        ChangeAsync(ModelPromotion.Promote(stored.State, command, options.Value.CacheSize, clock.GetUtcNow()));

    public Task<Outcome<ModelVersions>> RollBackAsync(ModelCommand command) =>
        ChangeAsync(ModelPromotion.RollBack(stored.State, command, clock.GetUtcNow()));

    async Task<Outcome<ModelVersions>> ChangeAsync(Outcome<ModelRecord> outcome)
    {
        if (outcome.Value is not { } record) return new(outcome.Kind, null, outcome.Errors);
        await SaveAsync(record);
        return Outcome.Done(ModelRules.Versions(Symbol, stored.State, Status));
    }

    LoadedModels Load()
    {
        if (_latest is null) return LoadedModels.None;
        var (champion, problem) = ModelTraining.Load(stored.State.Model, trainers, _latest.Ids);
        if (problem is not null) LogUnusable(Symbol, problem);
        return new(champion, ModelTraining.Load(stored.State.Challenger, trainers, _latest.Ids).Predictor, problem);
    }

    /// <summary>Nobody knows what is stored where a write fails: the activation goes, and the next one reads.</summary>
    async Task SaveAsync(ModelRecord record)
    {
        (stored.State, _loaded) = (record, null);
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The model of {Symbol} says nothing: {Problem}")]
    partial void LogUnusable(string symbol, string problem);
}
