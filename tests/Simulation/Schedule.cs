using System.Globalization;
using Trading.Portfolios;

namespace Trading.Simulation.Tests;

/// <summary>What came of one run.</summary>
/// <param name="Journal">The hash of every event of every stream: equal hashes are equal events, to the byte.</param>
/// <param name="Trace">What happened, line by line.</param>
sealed record RunReport(
    int Seed, int Events, int Decisions, int Approvals, int Acknowledged, int Faults, int Retries,
    IReadOnlyList<string> Journal, IReadOnlyList<string> Trace);

/// <summary>A run that broke an invariant, with what is needed to see it again.</summary>
sealed class SimulationFailedException(int seed, int step, IEnumerable<string> trace, Exception cause) : Exception(
    $"Seed {seed} failed at step {step}: {cause.Message}\nRepeat it with SIMULATION_SEED={seed} ./test simulation\nThe last steps:\n  {string.Join("\n  ", trace)}", cause);

/// <summary>A seeded schedule of what desks, persons, markets and machines do to a firm with four books, with faults in between. After
/// every step everything that was recorded and answered is held against the model.</summary>
sealed partial class Schedule : IAsyncDisposable
{
    /// <summary>Tries of one operation. A fault happens once, so that few are needed.</summary>
    const int MaxTries = 8;

    /// <summary>Lines of the trace that are told of a run that failed.</summary>
    const int TraceLength = 60;

    static readonly string[] Names = ["alpha", "beta", "gamma", "delta"];

    readonly int _seed;
    readonly Random _random;
    readonly World _world;
    readonly Audit _audit;
    readonly List<Func<Task>> _repeats = [];
    readonly bool _faulty;
    int _ids, _silo, _retries;

    Schedule(int seed, bool faulty)
    {
        (_seed, _faulty) = (seed, faulty);
        _random = new Random(seed);
        _world = new World(seed);
        _audit = new Audit(_world, Names);
    }

    static readonly (int Weight, string Name, Func<Schedule, Task> Act)[] Acts =
    [
        (34, "signal", run => run.SignalAsync()),
        (6, "batch", run => run.BatchAsync()),
        (18, "fill", run => run.FillAsync()),
        (5, "release", run => run.ReleaseAsync()),
        (3, "external fill", run => run.ExternalFillAsync()),
        (3, "late fill", run => run.LateFillAsync()),
        (2, "overfill", run => run.OverfillAsync()),
        (2, "corporate action", run => run.ActAsync()),
        (3, "end of a symbol", run => run.EndOfSymbolAsync()),
        (6, "exit", run => run.ExitAsync()),
        (3, "transfer", run => run.TransferAsync()),
        (6, "repeat", run => run.RepeatAsync()),
        (3, "twice at once", run => run.TwiceAtOnceAsync()),
        (12, "time", run => run.AdvanceAsync()),
        (8, "prices", run => run.PricesAsync()),
        (3, "feed", run => run.DisturbAsync()),
        (4, "limits", run => run.LimitsAsync()),
        (2, "override", run => run.OverrideAsync()),
        (2, "mode", run => run.ModeAsync()),
        (2, "stop", run => run.StopAsync()),
        (3, "resume", run => run.ResumeAsync()),
        (1, "firm", run => run.FirmAsync()),
        (2, "breaker", run => run.ResetAsync()),
        (2, "budget", run => run.BudgetAsync()),
        (2, "idle", run => run.IdleAsync()),
        (1, "restart", run => run.RestartAsync()),
        (1, "second silo", run => run.TwoSilosAsync()),
    ];

    public static async Task<RunReport> RunAsync(int seed, int steps, bool faulty = true)
    {
        await using var run = new Schedule(seed, faulty);
        var step = 0;
        try
        {
            await run.BeginAsync();
            for (step = 1; step <= steps; step++) await run.StepAsync(step);
            return await run.EndAsync();
        }
        catch (Exception cause)
        {
            throw new SimulationFailedException(seed, step, run._world.Trace.Lines.TakeLast(TraceLength), cause);
        }
    }

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    async Task StepAsync(int step)
    {
        var at = _random.Next(Acts.Sum(act => act.Weight));
        var (_, name, act) = Acts.First(act => (at -= act.Weight) < 0);
        var fault = _faulty && _random.Next(6) == 0 ? (Fault)_random.Next(1, 3) : Fault.None;
        Note($"{step} {_world.Now:HH:mm:ss} {name}{(fault == Fault.None ? "" : $" ({fault})")}");
        if (fault != Fault.None && _random.Next(4) == 0) _world.Storage.Arm(fault);
        else _world.Journal.Arm(fault, after: _random.Next(3));
        await act(this);
        await _world.SettleAsync();
        _world.Journal.Disarm();
        _world.Storage.Arm(Fault.None);
        await _audit.ReadAsync();
        await LookAsync(Any(Names));
        await CheckBudgetsAsync();
    }

    async Task<RunReport> EndAsync()
    {
        Note("the end");
        _world.Market.Heal();
        await _world.AdvanceAsync(TimeSpan.FromMinutes(2));
        foreach (var name in Names) await LookAsync(name);
        await _audit.VerifyAsync();
        while (_world.SiloCount > 0) await _world.StopSiloAsync();
        await _audit.ReadAsync();
        var (decisions, journal) = (0, new List<string>());
        foreach (var name in Names) decisions += await Replays.CheckAsync(_world.Journal.Truth, name);
        foreach (var stream in await _world.Journal.Truth.ListStreamsAsync("", CancellationToken.None))
            await foreach (var recorded in _world.Journal.Truth.ReadAsync(stream, 0, CancellationToken.None))
                journal.Add($"{stream}/{recorded.Sequence} {recorded.Type} {Convert.ToHexStringLower(recorded.Hash.Span)}");
        return new(_seed, _audit.Books.Values.Sum(book => (int)book.Sequence), decisions, _approvals, _audit.Acknowledged,
            _world.Journal.Faults + _world.Storage.Faults, _retries, journal, _world.Trace.Lines);
    }

    /// <summary>Asks until there is an answer, under the same ids. An exception leaves open what has happened.</summary>
    async Task<T> AskAsync<T>(Func<IGrainFactory, Task<T>> call)
    {
        for (var tries = 1; ; tries++)
        {
            try
            {
                return await call(_world.Grains(_silo));
            }
            catch (Exception failure) when (tries < MaxTries)
            {
                _retries++;
                Note($"  try {tries}: {failure.GetType().Name}: {failure.Message.Split('\n')[0]}");
                await _world.SettleAsync();
            }
        }
    }

    async Task LookAsync(string book)
    {
        var shown = await AskAsync(grains => grains.GetGrain<IPortfolioGrain>(book).GetSnapshotAsync());
        await _world.SettleAsync();
        await _audit.ReadAsync();
        _audit.Compare(shown.Value!);
    }

    void Note(string line) => _world.Trace.Note(line);

    string NextId(string kind) => string.Create(CultureInfo.InvariantCulture, $"{kind}{++_ids}");

    T Any<T>(IReadOnlyList<T> some) => some[_random.Next(some.Count)];

    bool Chance(int inHundred) => _random.Next(100) < inHundred;

    double Between(double least, double most) => least + (_random.NextDouble() * (most - least));
}
