namespace Trading.Operations.Tests;

/// <summary>The archive against every reading kept in a list.</summary>
public sealed class MetricsArchiveTests
{
    static readonly DateTimeOffset Start = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1, 10)]
    [InlineData(24, 60)]
    [InlineData(720, 900)]
    public void EveryStep_HasMeanAndMaximumOfItsReadings(int hours, int stepSeconds)
    {
        var (archive, all) = Filled(new Random(7), days: 3);
        var now = all[^1].At;

        var (step, times, series) = archive.Read(hours, now);

        step.ShouldBe(stepSeconds);
        times.Length.ShouldBe(hours * 3_600 / stepSeconds);
        var cpu = series.Single(one => one.Name == ReadingNames.CpuUsage);
        for (var i = 0; i < times.Length; i++)
        {
            var inside = all.Where(one => one.At >= times[i] && one.At < times[i].AddSeconds(step)).Select(one => one.Value).ToArray();
            if (inside.Length == 0) cpu.Mean[i].ShouldBeNull();
            else cpu.Mean[i]!.Value.ShouldBe(inside.Average(), 1e-9);
            if (inside.Length > 0) cpu.Max[i]!.Value.ShouldBe(inside.Max(), 1e-9);
        }

        series.Single(one => one.Name == ReadingNames.ErrorRate).Mean.ShouldAllBe(value => value == null);
    }

    [Fact]
    public void StoredArchive_IsReadAgain_AndGoesOn()
    {
        var (archive, all) = Filled(new Random(3), days: 1);
        var now = all[^1].At;

        var stored = archive.Save();
        var again = MetricsArchive.Load(stored);
        var later = now.AddMinutes(2);
        again.Add(later, [new(ReadingNames.CpuUsage, 0.25)]);

        stored.Length.ShouldBeLessThan(1_000_000);
        var (before, after) = (archive.Read(24, now).Series[1].Mean, again.Read(24, now).Series[1].Mean);
        before.Zip(after).ShouldAllBe(pair => pair.First.HasValue == pair.Second.HasValue
            && (!pair.First.HasValue || Math.Abs(pair.First.Value - pair.Second!.Value) < 1e-6));
        again.Read(24, later).Series[1].Mean[^1].ShouldBe(0.25);
    }

    [Fact]
    public void Availability_CountsSilenceAsDown_FromTheFirstReadingOn()
    {
        var archive = new MetricsArchive();
        for (var minute = 0; minute < 120; minute++)
            if (minute is < 30 or >= 45) // a quarter of an hour of silence
                archive.Add(Start.AddMinutes(minute), [new(ReadingNames.Ready, minute is >= 60 and < 66 ? 0 : 1)]);

        var measured = archive.Measure(hours: 24, objective: 0.999, Start.AddMinutes(120));

        measured.Observed!.Value.ShouldBe((120 - 15 - 6) / 120.0, 1e-9);
        measured.KnownSince.ShouldBe(Start);
        measured.BudgetMinutes.ShouldBe(43.2, 1e-9);
        measured.DownMinutes!.Value.ShouldBe(21, 1e-9);
        measured.BudgetLeft!.Value.ShouldBe(1 - 21 / 43.2, 1e-9);
    }

    [Fact]
    public void WhatIsNotKnown_IsPassedOver()
    {
        var archive = new MetricsArchive();
        archive.Add(Start, [new("no such name", 1), new(ReadingNames.CpuUsage, double.NaN)]);

        archive.Read(1, Start).Series.ShouldAllBe(series => series.Mean.All(value => value == null));
        archive.Measure(24, 0.999, Start).Observed.ShouldBeNull();
        MetricsArchive.Load([]).Read(1, Start).Series.Length.ShouldBe(ReadingNames.All.Length);
    }

    static (MetricsArchive Archive, List<(DateTimeOffset At, double Value)> All) Filled(Random random, int days)
    {
        var archive = new MetricsArchive();
        var all = new List<(DateTimeOffset At, double Value)>();
        for (var at = Start; at < Start.AddDays(days); at = at.AddSeconds(random.Next(4, 200)))
        {
            all.Add((at, random.NextDouble()));
            archive.Add(at, [new(ReadingNames.CpuUsage, all[^1].Value), new(ReadingNames.Ready, 1)]);
        }

        return (archive, all);
    }
}
