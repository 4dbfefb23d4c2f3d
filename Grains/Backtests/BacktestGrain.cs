using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.Backtests;

[GenerateSerializer, Alias("trading.backtest-record")]
public sealed record BacktestRecord
{
    [Id(0)] public BacktestRequest? Request { get; init; }
    [Id(1)] public BacktestJob? Job { get; init; }

    /// <summary>Where its files are, in the folder of its id: by the request and the moment at which it came, so that a
    /// job of the same id in another store finds none of them. Null for those of earlier builds.</summary>
    [Id(2)] public string? Folder { get; init; }
}

/// <summary>Keeps one job. Its work is done by workers outside the turn; a reminder begins it again where the silo
/// went with it, and a sweep goes on with the trials that are not stored yet.</summary>
public sealed partial class BacktestGrain(
    [PersistentState("backtest", "trading")] IPersistentState<BacktestRecord> stored, BacktestRuns runs,
        BacktestWorkers workers, BacktestFiles files, SweepParts parts,
    StrategyCatalog catalog, IOptions<BacktestOptions> options, TimeProvider clock, ILogger<BacktestGrain> log)
    : Grain, IBacktestGrain, IRemindable
{
    const string Reminder = "resume";
    static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    BacktestRun? _run;

    string Id => this.GetPrimaryKeyString();
    string Folder => stored.State.Folder is { } own ? Path.Combine(Id, own) : Id;
    BacktestJob? Job => stored.State.Job;
    BacktestJob Shown => _run is not { } run || Job!.State != BacktestState.Running ? Job!
        : run.HasBegun ? Job with { Progress = run.Progress }
        : Job with { State = BacktestState.Queued, StartedAt = null };

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Job is { IsOpen: true })
        {
            workers.Reopen();
            Begin();
        }

        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _run?.Stop();
        return Task.CompletedTask;
    }

    public Task ReceiveReminder(string reminderName, TickStatus status) => Task.CompletedTask; // being active, it works

    public Task<Outcome<BacktestJob>> GetAsync() => Task.FromResult(
        Job is null ? Outcome.NotFound<BacktestJob>("id", $"There is no backtest '{Id}'.") : Outcome.Done(Shown));

    public async Task<Outcome<byte[]>> GetPartAsync(BacktestPart part)
    {
        if (Job is null) return Outcome.NotFound<byte[]>("id", $"There is no backtest '{Id}'.");
        if (Job.State != BacktestState.Done)
            return Outcome.Conflict<byte[]>("id", "not_done",
                $"The backtest '{Id}' is {Job.State.ToString().ToLowerInvariant()}.");
        return await files.ReadAsync(Folder, BacktestFiles.Name(part), CancellationToken.None) is { } content
            ? Outcome.Done(content)
            : Outcome.NotFound<byte[]>("part", "It has no such part.");
    }

    public async Task<Outcome<BacktestJob>> SubmitAsync(BacktestRequest request)
    {
        if (Job is not null)
            return stored.State.Request == request
                ? Outcome.Done(Shown)
                : Outcome.Conflict<BacktestJob>("id", "taken", $"'{Id}' is another backtest.");
        if (BacktestRequests.Check(request, catalog) is { IsEmpty: false } errors) return Outcome.Invalid<BacktestJob>(
            errors);
        if (!workers.TryOpen())
            return Outcome.Busy<BacktestJob>("id", $"{options.Value.MaxOpenJobs} backtests wait or run already.");
        var listed = await GrainFactory.GetGrain<IBacktestDirectoryGrain>(GrainKeys.Directory).AddAsync(Id);
        if (!listed.IsDone)
        {
            workers.Close();
            return new(listed.Kind, null, listed.Errors);
        }

        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        var trials = request.Sweep is null ? 1 : SweepTrials.Of(BacktestRequests.Sweep(request), catalog).Length;
        var now = clock.GetUtcNow();
        stored.State = new()
        {
            Request = request,
            Folder = BacktestRequests.Folder(request, now),
            Job = new(Id, BacktestState.Queued, 0, now, null, null, null, trials, null, null, null),
        };
        await stored.WriteStateAsync();
        Begin();
        return Outcome.Done(Shown);
    }

    public async Task<Outcome<BacktestJob>> CancelAsync()
    {
        if (Job is null) return Outcome.NotFound<BacktestJob>("id", $"There is no backtest '{Id}'.");
        if (!Job.IsOpen) return Outcome.Done(Job);
        _run?.Stop();
        await EndAsync(Job with { State = BacktestState.Cancelled });
        return Outcome.Done(Job);
    }

    void Begin()
    {
        _run = new(clock);
        _ = WorkAsync(_run); // ends in an assignment on this grain's scheduler; whatever fails ends in the job
    }

    async Task WorkAsync(BacktestRun run)
    {
        using var stop = new CancellationTokenSource();
        (run.Cancel, run.Stopped) = (stop.Cancel, stop.Token);
        try
        {
            // A job of an earlier build begins anew: its trials passed no gate.
            stored.State = stored.State with
            {
                Folder = stored.State.Folder ?? BacktestRequests.Folder(stored.State.Request!, Job!.SubmittedAt),
            };
            await SaveAsync(Job! with { State = BacktestState.Running, StartedAt = Job.StartedAt ?? clock.GetUtcNow() });
            var summary = stored.State.Request!.Sweep is null
                ? await runs.TestAsync(Folder, BacktestRequests.Test(stored.State.Request), null, run, run.Stopped)
                : await SweepAsync(run);
            if (Job is { IsOpen: true })
                await EndAsync(Job with
                {
                    State = BacktestState.Done, Progress = 1, Hash = summary.Hash, TotalReturn = summary.TotalReturn,
                        Sharpe = summary.Sharpe,
                });
        }
        catch (OperationCanceledException) when (run.Stopped.IsCancellationRequested)
        {
            LogStopped(Id); // by somebody, who ended it, or with the activation: the next one begins it again
        }
        catch (Exception failure)
        {
            LogFailed(failure, Id);
            if (Job is { IsOpen: true }) await EndAsync(
                Job with { State = BacktestState.Failed, Failure = failure.Message });
        }
        finally
        {
            workers.Close();
            _run = null;
            run.Cancel = null;
            run.End();
        }
    }

    async Task<BacktestSummary> SweepAsync(BacktestRun run)
    {
        run.Report(0); // its lanes wait for workers of all silos
        var json = stored.State.Request!.Sweep!;
        var report = await new SweepWork(
            Folder, json, lane => GrainFactory.GetGrain<IBacktestWorkerGrain>($"{Id}/{lane}"), parts, files, catalog,
            options.Value).RunAsync(run);
        var test = BacktestRequests.Sweep(json).Test;
        test = test with
        {
            Strategies = test.Strategies.SetItem(0, test.Strategies[0] with { Parameters = report.Best[0].Parameters }),
        };
        return await runs.TestAsync(Folder, test, report, run, run.Stopped) with { Hash = report.Hash };
    }

    async Task EndAsync(BacktestJob job)
    {
        await SaveAsync(job with { EndedAt = clock.GetUtcNow() });
        BacktestMetrics.End(job.State, _run?.Seconds);
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    async Task SaveAsync(BacktestJob job)
    {
        stored.State = stored.State with { Job = job };
        await stored.WriteStateAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "The work on backtest {Id} stops.")]
    partial void LogStopped(string id);

    [LoggerMessage(Level = LogLevel.Error, Message = "Backtest {Id} failed.")]
    partial void LogFailed(Exception failure, string id);
}
