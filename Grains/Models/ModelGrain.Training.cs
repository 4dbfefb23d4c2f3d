using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Trading.Learning;

namespace Trading.Models;

/// <summary>What runs beside the turns: the review of the versions, and the training where one is due.</summary>
public sealed partial class ModelGrain
{
    void Begin(string reason, bool always)
    {
        if (_running is not null) return;
        _running = new(new(clock.GetUtcNow(), reason, Failure: null), always);
        _ = RunAsync(_running); // ends in an assignment on this grain's scheduler; whatever fails ends in the status
    }

    async Task RunAsync(TrainingRun run)
    {
        using var cancellation = new CancellationTokenSource();
        run.Cancel = cancellation.Cancel;
        try
        {
            await WorkAsync(run, cancellation.Token);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            LogCancelled(Symbol);
        }
        catch (Exception failure) // the store, or the journal: the activation goes, and the next one reads
        {
            LogLost(failure, Symbol);
            DeactivateOnIdle();
        }
        finally
        {
            run.Cancel = null;
            _running = null;
        }
    }

    async Task WorkAsync(TrainingRun run, CancellationToken cancellation)
    {
        await _ledger.LoadAsync(cancellation);
        var spec = options.Value.ToSpec(ModelRules.Asked(stored.State));
        ImmutableArray<CountingTrainer> counting = [.. trainers.Usable.Select(trainer => new CountingTrainer(trainer))];
        TrainingOutcome? outcome = null;
        try
        {
            var update = await histories.ReadSeriesAsync(Symbol, newerThan: 0);
            if (update.Series is not { } series)
                outcome = Problem("unknown", $"There is no series of {Symbol}: it is {update.Status.ToString().ToLowerInvariant()}.");
            else
            {
                var history = await histories.ReadAsync(series);
                await ReviewAsync(history, cancellation);
                if (run.Always || ModelRules.IsDue(stored.State, clock.GetUtcNow(), Interval) || stored.State.Drift is { Act: true })
                    outcome = await workers.RunAsync(() => ModelTraining.Train(
                        history, spec, counting, _ledger.Tally, run, cancellation), cancellation);
            }
        }
        catch (Exception failure) when (!cancellation.IsCancellationRequested) // a trainer is a plug-in: whatever fails in it, the version in use stays
        {
            LogFailed(failure, Symbol);
            outcome = Problem("failed", $"The training failed: {failure.Message}");
        }
        finally
        {
            // What was tried counts, whatever became of it.
            if (outcome?.Report is null) await _ledger.AppendAsync(TrialLedger.Of(counting, clock.GetUtcNow()));
        }

        cancellation.ThrowIfCancellationRequested();
        if (outcome is not null) await EndAsync(outcome, run.Attempt);
    }

    async Task EndAsync(TrainingOutcome outcome, TrainingAttempt attempt)
    {
        var now = clock.GetUtcNow();
        if (outcome.Report is not { } report)
        {
            await SaveAsync(stored.State with
            {
                Last = attempt with { Failure = string.Join(" ", outcome.Problems.Select(problem => problem.Message)) },
            });
            return;
        }

        await _ledger.AppendAsync(TrialLedger.Of(report, now));
        await SaveAsync(ModelPromotion.After(stored.State, report, attempt, options.Value.CacheSize, now));
        LogTrained(Symbol, stored.State.Events[0].Version, stored.State.Events[0].Kind, stored.State.Events[0].Reason);
    }

    async Task ReviewAsync(ModelHistory history, CancellationToken cancellation)
    {
        if (stored.State.Model?.Evidence is null) return;
        var record = stored.State;
        var review = await workers.RunAsync(
            () => ModelTraining.Review(history, record, trainers, options.Value, cancellation), cancellation);
        var after = ModelPromotion.After(stored.State, review, options.Value.CacheSize, clock.GetUtcNow());
        if (after != stored.State) await SaveAsync(after);
    }

    static TrainingOutcome Problem(string rule, string message) => new(null, [new("training", rule, message)]);

    [LoggerMessage(Level = LogLevel.Information, Message = "The training of {Symbol} was ended early.")]
    partial void LogCancelled(string symbol);

    [LoggerMessage(Level = LogLevel.Error, Message = "The training of {Symbol} failed; the version in use stays.")]
    partial void LogFailed(Exception failure, string symbol);

    [LoggerMessage(Level = LogLevel.Error, Message = "The training of {Symbol} could not be stored.")]
    partial void LogLost(Exception failure, string symbol);

    [LoggerMessage(Level = LogLevel.Information, Message = "Version {Version} of the model of {Symbol} is {Kind}: {Reason}")]
    partial void LogTrained(string symbol, int version, ModelEventKind kind, string reason);
}
