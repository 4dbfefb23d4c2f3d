using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class SyntheticSourceTests
{
    static readonly SyntheticOptions Spoilt = new() { Seed = 5, Symbols = 3, GapRate = 0.02, BadTickRate = 0.03, Start = new(2020, 1, 1) };

    readonly ManualTimeProvider _clock = new(new(2026, 1, 5, 20, 59, 59, TimeSpan.Zero)); // a Monday, a second before the close

    SyntheticSource Source(SyntheticMarket market, BarInterval interval = BarInterval.OneDay) => new(market, interval, _clock);

    static Task<BarAnswer> AskAsync(SyntheticSource source, string symbol = "SYN1", DateTimeOffset? from = null, DateTimeOffset? to = null, BarInterval interval = BarInterval.OneDay) =>
        source.FetchAsync(new(symbol, interval, from, to), default);

    [Fact]
    public async Task ABar_AppearsWhenItsSessionHasEnded()
    {
        var source = Source(new(new() { GapRate = 0 }));
        (await AskAsync(source)).Bars[^1].Time.ShouldBe(new(2026, 1, 2, 0, 0, 0, TimeSpan.Zero));

        _clock.Advance(TimeSpan.FromSeconds(1));

        var answer = await AskAsync(source);
        (answer.Bars[^1].Time, answer.AsOf).ShouldBe((new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero), _clock.GetUtcNow()));
        answer.Bars.ShouldAllBe(bar => bar.Time.DayOfWeek != DayOfWeek.Saturday && bar.Time.DayOfWeek != DayOfWeek.Sunday);
        (answer.Known, answer.Currency, answer.Terms!.LotSize).ShouldBe((true, "USD", 1m));
    }

    [Fact]
    public async Task GivenBars_AreTheTruth_ButForWhatTheTruthCallsMissingOrBad()
    {
        var market = new SyntheticMarket(Spoilt);
        var given = (await AskAsync(Source(market))).Bars;
        var truth = market.Truth("SYN1", market.Grid.Ended(_clock.GetUtcNow()))!;
        var bad = truth.BadBars.ToDictionary(bar => bar.Time, bar => bar.Kind);

        given.Select(bar => bar.Time).ShouldBe(truth.Bars.Select(bar => bar.Time).Except(truth.Missing));
        var changed = given.Except(truth.Bars).Select(bar => bar.Time).ToHashSet();
        changed.ShouldBe(bad.Keys, ignoreOrder: true);
        bad.Values.Distinct().Count().ShouldBe(5, "every kind is among them");
        truth.Missing.Length.ShouldBeGreaterThan(20);
        foreach (var bar in given.Where(bar => bad.GetValueOrDefault(bar.Time, (BadTick)(-1)) == BadTick.Crossed)) bar.Low.ShouldBeGreaterThan(bar.High);
        foreach (var bar in given.Where(bar => bad.GetValueOrDefault(bar.Time, (BadTick)(-1)) == BadTick.NotPositive)) bar.Close.ShouldBeLessThanOrEqualTo(0);
    }

    [Fact]
    public async Task Range_IsFromInclusiveToExclusive_AndPartsMakeTheWhole()
    {
        var source = Source(new(Spoilt));
        var all = (await AskAsync(source)).Bars;
        var (from, to) = (all[100].Time, all[200].Time);

        (await AskAsync(source, from: from, to: to)).Bars.ShouldBe(all[100..200]);
        (await AskAsync(source, to: to)).Bars.ShouldBe(all[..200]);
        (await AskAsync(source, from: to)).Bars.ShouldBe(all[200..]);
        (await AskAsync(source, from: to, to: from)).Bars.ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatIsGiven_NeverChangesWithTime()
    {
        var source = Source(new(Spoilt));
        var before = await AskAsync(source);

        _clock.Advance(TimeSpan.FromDays(200));

        var after = await AskAsync(source);
        after.Bars[..before.Bars.Length].ShouldBe(before.Bars);
        after.Actions.Take(before.Actions.Length).ShouldBe(before.Actions);
        after.Bars.Length.ShouldBeGreaterThan(before.Bars.Length + 100);
    }

    [Fact]
    public async Task MinutesOfAllDays_FollowEachOther()
    {
        var market = new SyntheticMarket(new() { Interval = BarInterval.OneMinute, AlwaysOpen = true, GapRate = 0, Start = new(2026, 1, 1) });

        var bars = (await AskAsync(Source(market, BarInterval.OneMinute), interval: BarInterval.OneMinute)).Bars;

        bars.Length.ShouldBe(4 * 1_440 + 20 * 60 + 59);
        for (var bar = 1; bar < bars.Length; bar++) (bars[bar].Time - bars[bar - 1].Time).ShouldBe(TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task AnotherSymbolOrInterval_IsUnknown()
    {
        var source = Source(new(Spoilt));

        (await AskAsync(source, "SYN4")).Known.ShouldBeFalse();
        (await AskAsync(source, interval: BarInterval.OneHour)).Known.ShouldBeFalse();
    }

    [Fact]
    public async Task BeforeItsStart_ThereIsNothingYet()
    {
        var answer = await AskAsync(Source(new(new() { Start = new(2026, 6, 1) })));

        (answer.Known, answer.Bars.IsEmpty, answer.AsOf).ShouldBe((true, true, null));
    }

    [Fact]
    public void Weekends_AreSkipped_WhateverDayTheMarketStarts()
    {
        for (var day = 1; day <= 7; day++)
        {
            var grid = new SyntheticGrid(new(2024, 1, day), BarInterval.OneDay, alwaysOpen: false); // the first is a Monday
            var starts = Enumerable.Range(0, 30).Select(bar => grid.Start(bar)).ToArray();

            starts[0].Day.ShouldBe(day <= 5 ? day : 8);
            starts.ShouldAllBe(start => start.DayOfWeek != DayOfWeek.Saturday && start.DayOfWeek != DayOfWeek.Sunday);
            starts.Zip(starts.Skip(1), (a, b) => (b - a).Days).ShouldAllBe(days => days == 1 || days == 3);
        }
    }
}
