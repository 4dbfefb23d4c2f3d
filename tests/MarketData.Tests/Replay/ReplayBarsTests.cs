using Microsoft.Extensions.Logging.Abstractions;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class ReplayBarsTests
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    readonly ManualTimeProvider _clock = new();
    readonly DateTimeOffset _start;

    public ReplayBarsTests() => _start = _clock.GetUtcNow();

    /// <summary>Ten sessions from 2020-01-01 on; A closes at the day's number, B a hundred higher.</summary>
    ReplayBars Replay(int start = 4) => new(HistoricalBars.Of(Histories.Counting(10)), InstrumentDirectory.Empty, new DateOnly(2020, 1, start), Interval, _clock);

    static DateTimeOffset Day(int day) => new(2020, 1, day, 0, 0, 0, TimeSpan.Zero);

    static Task<BarAnswer> AskAsync(ReplayBars source, string symbol = "A", DateTimeOffset? from = null, DateTimeOffset? to = null) =>
        source.FetchAsync(new(symbol, BarInterval.OneDay, from, to), default);

    static async Task<decimal> LastAsync(ReplayBars source, string symbol = "A") => (await AskAsync(source, symbol)).Bars[^1].Close;

    [Fact]
    public async Task Start_ReleasesEverythingUpToTheStartSession()
    {
        var answer = await AskAsync(Replay());

        (answer.Bars.Length, answer.Bars[^1], answer.AsOf).ShouldBe((4, Bar.OfClose(Day(4), 4m), _start));
    }

    [Fact]
    public async Task OneSession_IsReleasedEveryInterval_AtItsOwnInstant_ForAllSymbols()
    {
        var source = Replay();
        _clock.Advance(Interval - TimeSpan.FromTicks(1));
        (await LastAsync(source)).ShouldBe(4m);

        _clock.Advance(TimeSpan.FromSeconds(25));

        (await LastAsync(source)).ShouldBe(7m);
        (await LastAsync(source, "B")).ShouldBe(107m);
        (await AskAsync(source)).AsOf.ShouldBe(_start + 3 * Interval);
    }

    [Fact]
    public async Task CallerThatAsksFromLaterOn_MovesTheReplayForwardForAll_AndNeverAheadOfItself()
    {
        var source = Replay();

        (await AskAsync(source, from: Day(9))).Bars.ShouldBeEmpty("what lies before is known, and nothing is newer");
        (await LastAsync(source, "B")).ShouldBe(108m);
        for (var question = 0; question < 5; question++) await AskAsync(source, from: Day(9));
        (await LastAsync(source)).ShouldBe(8m);

        _clock.Advance(Interval);
        (await AskAsync(source, from: Day(9))).Bars.ShouldHaveSingleItem().Close.ShouldBe(9m);
    }

    [Fact]
    public async Task Range_IsCutFromWhatIsReleased() =>
        (await AskAsync(Replay(8), from: Day(2), to: Day(4))).Bars.Select(bar => bar.Close).ShouldBe([2m, 3m]);

    [Fact]
    public async Task End_StaysOnTheLastSession_WhichGrowsOld()
    {
        var source = Replay();
        _clock.Advance(TimeSpan.FromDays(30));

        (await LastAsync(source)).ShouldBe(10m);
        (await AskAsync(source)).AsOf.ShouldBe(_start + 6 * Interval);
        await AskAsync(source, from: Day(30));
        (await AskAsync(source)).AsOf.ShouldBe(_start + 6 * Interval);
    }

    [Fact]
    public async Task StartBehindTheEnd_IsRefused_AndNoneIsTheMiddle()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => Replay(11)).Message.ShouldContain("replay_start");
        (await LastAsync(new(HistoricalBars.Of(Histories.Counting(10)), InstrumentDirectory.Empty, null, Interval, _clock))).ShouldBe(6m);
    }

    [Fact]
    public async Task UnknownSymbolOrInterval_MovesNothing()
    {
        var source = Replay();

        (await AskAsync(source, "NONE", Day(9))).Known.ShouldBeFalse();
        (await source.FetchAsync(new("A", BarInterval.OneMinute, Day(9), null), default)).Known.ShouldBeFalse();
        (await LastAsync(source)).ShouldBe(4m);
    }

    [Fact]
    public async Task ActionsAndTerms_ComeWithTheBars_WhenTheirDayHasCome()
    {
        var split = new CorporateAction(new(2020, 1, 5), CorporateActionKind.Split, 2);
        var history = HistoricalBars.Of(Histories.Counting(10));
        var terms = new InstrumentTerms(LotSize: 10);
        var source = new ReplayBars(
            new(BarInterval.OneDay, history.Bars, new Dictionary<string, System.Collections.Immutable.ImmutableArray<CorporateAction>> { ["A"] = [split] }),
            new InstrumentDirectory([new("A", "Alpha", "Technology", terms)]), new(2020, 1, 4), Interval, _clock);

        (await AskAsync(source)).Actions.ShouldBeEmpty();
        _clock.Advance(Interval);
        var answer = await AskAsync(source);
        answer.Actions.ShouldBe([split]);
        answer.Terms.ShouldBe(terms);
    }

    [Fact]
    public async Task Folder_IsPlayedInStep_AlsoWhereSymbolsTradeOnDifferentDays()
    {
        using var temporary = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(temporary.Path, "a.csv"), "date,open,high,low,close\n2020-01-01,1,1,1,1\n2020-01-03,3,4,2,3\n");
        await File.WriteAllTextAsync(Path.Combine(temporary.Path, "b.csv"), "date,open,high,low,close\n2020-01-02,2,2,2,2\n");
        using var folder = new FolderSource(temporary.Path, InstrumentDirectory.Empty, Interval, _clock, NullLogger<FolderSource>.Instance);
        var source = new ReplayBars(await HistoricalBars.OfAsync(folder, BarInterval.OneDay, default), InstrumentDirectory.Empty, new(2020, 1, 1), Interval, _clock);

        (await AskAsync(source, "B")).ShouldSatisfyAllConditions(answer => answer.Known.ShouldBeTrue(), answer => answer.Bars.ShouldBeEmpty());
        _clock.Advance(Interval);
        (await LastAsync(source, "B")).ShouldBe(2m);
        _clock.Advance(Interval);
        (await AskAsync(source)).Bars[^1].ShouldBe(new(Day(3), 3, 4, 2, 3, null));
    }
}
