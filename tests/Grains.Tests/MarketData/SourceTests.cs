using FsCheck;
using FsCheck.Fluent;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class CsvSourceTests
{
    readonly ManualTimeProvider _clock = new();

    [Fact]
    public async Task Series_IsTheWholeFile_AsOldAsItsLastClose()
    {
        var source = new CsvSource(Histories.Counting(10), _clock);

        var series = (await source.FetchAsync("A", 0, default)).Series.ShouldNotBeNull();

        (series.Version, series.LastPrice, series.Sector).ShouldBe((10, 10m, "Tests"));
        series.Provenance.ShouldBe(new("csv", new(2020, 1, 10, 21, 0, 0, TimeSpan.Zero), _clock.GetUtcNow()));
    }

    [Fact]
    public async Task SecondQuestion_IsUnchanged_AndAnUnknownTickerUnknown()
    {
        var source = new CsvSource(Histories.Counting(10), _clock);

        (await source.FetchAsync("A", 10, default)).Status.ShouldBe(SeriesStatus.Unchanged);
        (await source.FetchAsync("NONE", 0, default)).Status.ShouldBe(SeriesStatus.Unknown);
    }

    [Fact]
    public async Task CloseThatIsStillToCome_IsNotClaimed()
    {
        var clock = new ManualTimeProvider(new(2020, 1, 10, 15, 0, 0, TimeSpan.Zero));

        var series = (await new CsvSource(Histories.Counting(10), clock).FetchAsync("A", 0, default)).Series!;

        series.Provenance.AsOf.ShouldBe(clock.GetUtcNow());
    }
}

public sealed class ReplaySourceTests
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);
    readonly ManualTimeProvider _clock = new();
    readonly DateTimeOffset _start;

    public ReplaySourceTests() => _start = _clock.GetUtcNow();

    ReplaySource Replay(int sessions = 10, int start = 4) => new(Histories.Counting(sessions), new DateOnly(2020, 1, start), Interval, _clock);

    static PriceSeries Now(ReplaySource source) => source.FetchAsync("A", 0, default).AsTask().Result.Series.ShouldNotBeNull();

    static async Task<PriceSeries> SeriesAsync(ReplaySource source, string symbol = "A") =>
        (await source.FetchAsync(symbol, 0, default)).Series.ShouldNotBeNull();

    [Fact]
    public async Task Start_ReleasesEverythingUpToTheStartSession()
    {
        var series = await SeriesAsync(Replay());

        (series.Version, series.LastSession, series.LastPrice).ShouldBe((4, new DateOnly(2020, 1, 4), 4m));
        series.Dates.Length.ShouldBe(4);
        series.Provenance.ShouldBe(new("replay", _start, _start));
    }

    [Fact]
    public async Task StartOnADayWithoutASession_BeginsAtTheNextOne_AndNoStartInTheMiddle()
    {
        var history = Histories.Parse("date,A\n2020-01-02,1\n2020-01-03,2\n2020-01-06,3\n2020-01-07,4\n");

        (await SeriesAsync(new(history, new DateOnly(2020, 1, 4), Interval, _clock))).LastSession.ShouldBe(new DateOnly(2020, 1, 6));
        (await SeriesAsync(new(history, new DateOnly(1990, 1, 1), Interval, _clock))).Version.ShouldBe(1);
        (await SeriesAsync(new(history, null, Interval, _clock))).Version.ShouldBe(3);
        Should.Throw<ArgumentOutOfRangeException>(() => new ReplaySource(history, new DateOnly(2020, 1, 8), Interval, _clock)).Message.ShouldContain("replay_start");
    }

    [Fact]
    public async Task OneSession_IsReleasedEveryInterval_AtItsOwnInstant()
    {
        var source = Replay();

        _clock.Advance(Interval - TimeSpan.FromTicks(1));
        (await source.FetchAsync("A", 4, default)).Status.ShouldBe(SeriesStatus.Unchanged);

        _clock.Advance(TimeSpan.FromSeconds(40));
        var series = await SeriesAsync(source);
        (series.Version, series.LastPrice).ShouldBe((7, 7m));
        series.Provenance.AsOf.ShouldBe(_start + (3 * Interval));
        series.Provenance.ReceivedAt.ShouldBe(_clock.GetUtcNow());
    }

    [Fact]
    public async Task AskingOften_ReleasesNothingSooner()
    {
        var source = Replay();
        for (var second = 0; second < 35; second++)
        {
            await source.FetchAsync("A", 0, default);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        (await SeriesAsync(source)).Version.ShouldBe(6);
    }

    [Fact]
    public async Task AllSymbols_ShareOneClockAndOneCalendar()
    {
        var source = Replay();
        _clock.Advance(Interval);

        var (a, b) = (await SeriesAsync(source), await SeriesAsync(source, "B"));

        (a.Version, b.Version, b.LastPrice).ShouldBe((5, 5, 105m));
        (a.Dates == b.Dates).ShouldBeTrue("the dates are one array");
    }

    [Fact]
    public async Task CallerThatHasSeenMore_MovesTheReplayForwardForAll()
    {
        var source = Replay();

        (await source.FetchAsync("A", 8, default)).Status.ShouldBe(SeriesStatus.Unchanged);

        (await SeriesAsync(source, "B")).Version.ShouldBe(8);
        _clock.Advance(Interval);
        (await SeriesAsync(source)).Version.ShouldBe(9);
    }

    [Fact]
    public async Task UnknownSymbol_MovesNothing()
    {
        var source = Replay();

        (await source.FetchAsync("NONE", 9, default)).Status.ShouldBe(SeriesStatus.Unknown);

        (await SeriesAsync(source)).Version.ShouldBe(4);
    }

    /// <summary>Waits of up to 40 s, with now and then a caller that has seen up to twice the file.</summary>
    [Fact]
    public void WhateverTheQuestions_VersionsNeverShrink_AndNothingIsReleasedInTheFuture() =>
        Prop.ForAll<(byte Wait, byte Seen, bool Resumes)[]>(steps =>
        {
            var clock = new ManualTimeProvider();
            var source = new ReplaySource(Histories.Counting(40), new DateOnly(2020, 1, 4), Interval, clock);
            var last = Now(source);
            foreach (var (wait, seen, resumes) in steps)
            {
                clock.Advance(TimeSpan.FromSeconds(wait % 40));
                var known = resumes ? seen % 80 : 0;
                source.FetchAsync("B", known, default).AsTask().IsCompletedSuccessfully.ShouldBeTrue();
                var series = Now(source);
                series.Version.ShouldBeInRange(Math.Max(last.Version, Math.Min(known, 40)), 40);
                series.Provenance.AsOf.ShouldBeInRange(last.Provenance.AsOf, clock.GetUtcNow());
                series.LastPrice.ShouldBe(series.Version);
                last = series;
            }
        }).QuickCheckThrowOnFailure();

    [Fact]
    public async Task End_StaysOnTheLastSession_WhichGrowsOld()
    {
        var source = Replay();
        _clock.Advance(TimeSpan.FromDays(30));

        var series = await SeriesAsync(source);

        (series.Version, series.Provenance.AsOf).ShouldBe((10, _start + (6 * Interval)));
        (await source.FetchAsync("A", 10, default)).Status.ShouldBe(SeriesStatus.Unchanged);
    }

    [Fact]
    public async Task VersionBeyondTheEnd_DoesNotMakeTheLastSessionYoungAgain()
    {
        var source = Replay();
        await source.FetchAsync("A", 99, default);
        var released = (await SeriesAsync(source)).Provenance.AsOf;
        _clock.Advance(TimeSpan.FromHours(1));

        await source.FetchAsync("A", 99, default);

        (await SeriesAsync(source)).Provenance.AsOf.ShouldBe(released);
    }
}
