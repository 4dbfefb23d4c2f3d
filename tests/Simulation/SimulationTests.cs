using System.Globalization;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)] // rest is rest of the whole process

namespace Trading.Simulation.Tests;

/// <summary>Runs of the whole backend: SIMULATION_SEED=n repeats one, SIMULATION_SEEDS and SIMULATION_STEPS ask for more.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    const int FirstSeed = 20260105;

    static readonly int Steps = Setting("SIMULATION_STEPS") ?? 200;

    [Fact]
    public async Task Books_KeepEveryInvariant_WhateverHappensAndFails()
    {
        IEnumerable<int> seeds = Setting("SIMULATION_SEED") is { } one ? [one] : Enumerable.Range(FirstSeed, Setting("SIMULATION_SEEDS") ?? 20);
        var reports = new List<RunReport>();
        var begun = TimeProvider.System.GetTimestamp();
        var failures = new List<string>();
        foreach (var seed in seeds)
            try
            {
                reports.Add(await Task.Run(() => Schedule.RunAsync(seed, Steps)));
            }
            catch (SimulationFailedException failure)
            {
                failures.Add(failures.Count == 0 ? failure.ToString() : failure.Message.Split('\n')[0]);
            }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{reports.Count} seeds of {Steps} steps in {TimeProvider.System.GetElapsedTime(begun).TotalSeconds:0.0} s: {reports.Sum(run => run.Events)} events, "
            + $"{reports.Sum(run => run.Decisions)} decisions of which {reports.Sum(run => run.Approvals)} approved, {reports.Sum(run => run.Acknowledged)} acknowledged, "
            + $"{reports.Sum(run => run.Faults)} faults, {reports.Sum(run => run.Retries)} tries that failed."));
        failures.ShouldBeEmpty();
        reports.Sum(run => run.Approvals).ShouldBeGreaterThan(reports.Count * Steps / 20);
        reports.Sum(run => run.Faults).ShouldBeGreaterThan(reports.Count * Steps / 40);
    }

    [Fact]
    public async Task Seed_GivesTheSameJournal_ToTheByte()
    {
        var seed = Setting("SIMULATION_SEED") ?? FirstSeed;
        var (one, other) = (await Task.Run(() => Schedule.RunAsync(seed, Steps)), await Task.Run(() => Schedule.RunAsync(seed, Steps)));
        var (first, second) = (one.Head.Split('\n'), other.Head.Split('\n'));
        first.Zip(second).FirstOrDefault(pair => pair.First != pair.Second).ShouldBe(default);
        first.Length.ShouldBe(second.Length);
    }

    static int? Setting(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
