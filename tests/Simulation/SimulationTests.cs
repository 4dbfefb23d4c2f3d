using System.Globalization;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)] // rest is rest of the whole process

namespace Trading.Simulation.Tests;

/// <summary>Runs of the whole backend: SIMULATION_SEED=n repeats one, SIMULATION_SEEDS and SIMULATION_STEPS ask for
/// more, SIMULATION_REPEATS says how often each is run once more and compared to the byte, and SIMULATION_TRACES=folder
/// keeps what happened in each.</summary>
public sealed class SimulationTests(SimulationTests.FirstRuns first, ITestOutputHelper output)
    : IClassFixture<SimulationTests.FirstRuns>
{
    const int FirstSeed = 20260105;

    static readonly int Steps = Setting("SIMULATION_STEPS") ?? 200;

    static readonly int[] Seeds = Setting("SIMULATION_SEED") is { } one
        ? [one]
        : [.. Enumerable.Range(FirstSeed, Setting("SIMULATION_SEEDS") ?? 20)];

    [Fact]
    public void Books_KeepEveryInvariant_WhateverHappensAndFails()
    {
        var reports = first.Reports;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{reports.Count} seeds of {Steps} steps in {first.Took.TotalSeconds:0.0} s: "
            + $"{reports.Sum(run => run.Events)} events, {reports.Sum(run => run.Decisions)} decisions "
            + $"of which {reports.Sum(run => run.Approvals)} approved, "
            + $"{reports.Sum(run => run.Acknowledged)} acknowledged, {reports.Sum(run => run.Faults)} faults, "
            + $"{reports.Sum(run => run.Retries)} tries that failed."));
        first.Failures.ShouldBeEmpty();
        reports.Sum(run => run.Approvals).ShouldBeGreaterThan(reports.Count * Steps / 20);
        reports.Sum(run => run.Faults).ShouldBeGreaterThan(reports.Count * Steps / 40);
    }

    [Fact]
    public async Task EverySeed_GivesTheSameJournal_ToTheByte()
    {
        var repeats = Setting("SIMULATION_REPEATS") ?? 1;
        foreach (var one in first.Reports.SelectMany(report => Enumerable.Repeat(report, repeats)))
        {
            var other = await Task.Run(() => Schedule.RunAsync(one.Seed, Steps));
            other.Journal.ShouldBe(one.Journal, $"Seed {one.Seed} went two ways: {Parting(one.Trace, other.Trace)}");
        }
    }

    /// <summary>Where two runs part, with what came before.</summary>
    static string Parting(IReadOnlyList<string> one, IReadOnlyList<string> other)
    {
        var equal = one.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        return $"""
            {string.Join('\n', one.Take(equal).TakeLast(30))}
            --- then once
            {string.Join('\n', one.Skip(equal).Take(5))}
            --- and once
            {string.Join('\n', other.Skip(equal).Take(5))}
            """;
    }

    static int? Setting(string name) => Environment.GetEnvironmentVariable(name) is { } text
        && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    /// <summary>Every seed once, for all tests.</summary>
    public sealed class FirstRuns : IAsyncLifetime
    {
        internal List<RunReport> Reports { get; } = [];

        /// <summary>The first as a whole, of the others what and where.</summary>
        internal List<string> Failures { get; } = [];

        internal TimeSpan Took { get; private set; }

        public async ValueTask InitializeAsync()
        {
            var begun = TimeProvider.System.GetTimestamp();
            foreach (var seed in Seeds)
                try
                {
                    Reports.Add(await Task.Run(() => Schedule.RunAsync(seed, Steps)));
                }
                catch (SimulationFailedException failure)
                {
                    Failures.Add(Failures.Count == 0 ? failure.ToString() : failure.Message.Split('\n')[0]);
                }

            Took = TimeProvider.System.GetElapsedTime(begun);
            var folder = Environment.GetEnvironmentVariable("SIMULATION_TRACES");
            if (!string.IsNullOrEmpty(folder)) await KeepAsync(folder);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;

        async Task KeepAsync(string folder)
        {
            Directory.CreateDirectory(folder);
            foreach (var run in Reports)
                await File.WriteAllLinesAsync(Path.Combine(folder, $"{run.Seed}.txt"), [.. run.Trace, .. run.Journal]);
        }
    }
}
