using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class SymbolDataGrainTests
{
    static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    readonly ManualTimeProvider _clock = new();
    readonly ScriptedSource _source;

    public SymbolDataGrainTests() => _source = new(_clock);

    Task<TestSilo> StartAsync() => TestSilo.StartAsync(time: _clock, services: services => services
        .AddSingleton<ISymbolFeeds>(new ScriptedFeeds(_source))
        .AddSingleton(Options.Create(new MarketDataOptions { RefreshInterval = Refresh.TotalSeconds, CacheTtl = 60 })));

    static ISymbolDataGrain Grain(TestSilo silo, string symbol = "A") => silo.Grains.GetGrain<ISymbolDataGrain>(symbol);

    static async Task<long?> VersionAsync(TestSilo silo) => (await Grain(silo).GetSeriesAsync(0)).Series?.Version;

    [Fact]
    public async Task UnknownSymbol_IsUnknown_AndLeavesNothingBehind()
    {
        await using var silo = await StartAsync();

        (await Grain(silo, "NONE").GetSeriesAsync(0)).ShouldBe(new(SeriesStatus.Unknown, null));
        (await Grain(silo, "NONE").GetQualityAsync()).ShouldBe(DataQuality.Nothing("NONE", SeriesStatus.Unknown));

        // Every activation opens one feed: a growing count shows that none stays.
        await silo.TickUntilAsync(async () => (await Grain(silo, "NONE").GetSeriesAsync(0)).Status == SeriesStatus.Unknown && _source.Opened("NONE") >= 3);
    }

    [Fact]
    public async Task FirstQuestions_HoweverMany_AreOneFetch()
    {
        await using var silo = await StartAsync();
        var gate = new TaskCompletionSource();
        _source.Gate = gate.Task;

        var questions = Enumerable.Range(0, 300).Select(_ => Grain(silo).GetSeriesAsync(0).AsTask()).ToArray();
        gate.SetResult();
        var answers = await Task.WhenAll(questions);

        answers.ShouldAllBe(answer => answer.Status == SeriesStatus.Updated && answer.Series!.Version == 5);
        _source.Fetches.ShouldBe(1);
    }

    [Fact]
    public async Task CallerWithTheNewestVersion_HearsUnchanged_WithoutAFetch()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);

        (await Grain(silo).GetSeriesAsync(5)).ShouldBe(new(SeriesStatus.Unchanged, null));
        (await Grain(silo).GetSeriesAsync(4)).Status.ShouldBe(SeriesStatus.Updated);
        _source.Fetches.ShouldBe(1);
    }

    [Fact]
    public async Task NewSession_ArrivesWithARefresh()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);

        _source.Sessions = 6;
        await silo.TickUntilAsync(async () => await VersionAsync(silo) == 6);
    }

    [Fact]
    public async Task EveryRefresh_Ends_BeforeTimeGoesOn_HoweverLongItsSourceTakes()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);
        var (asked, started) = (_source.Fetches, _clock.GetUtcNow());
        _source.Delay = TimeSpan.FromMilliseconds(20);

        await silo.TickUntilAsync(() => _source.Fetches == asked + 10);

        (_clock.GetUtcNow() - started).ShouldBe(10 * Refresh);
    }

    [Fact]
    public async Task SymbolThatNobodyAsksAbout_IsForgotten_AndFetchedAnewByTheNextQuestion()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);
        _source.Opened("A").ShouldBe(1);

        _clock.Advance(TimeSpan.FromSeconds(61));
        await silo.TickUntilAsync(async () => await VersionAsync(silo) == 5 && _source.Opened("A") == 2);
    }

    [Fact]
    public async Task QuestionDuringARefresh_IsAnsweredFromWhatIsHeld()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);
        var gate = new TaskCompletionSource();
        _source.Gate = gate.Task;

        await silo.TickUntilAsync(() => _source.Fetches >= 2);

        (await VersionAsync(silo)).ShouldBe(5);
        gate.SetResult();
    }

    [Fact]
    public async Task FailingSource_LeavesTheLastSeries_WhichAges_UntilItReturns()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);
        var asked = _clock.GetUtcNow();

        _source.Failure = new HttpRequestException("no route");
        await silo.TickUntilAsync(() => _source.Fetches >= 4);
        var quality = await Grain(silo).GetQualityAsync();
        (quality.Status, quality.Version, quality.AgeSeconds).ShouldBe((SeriesStatus.Updated, 5, (_clock.GetUtcNow() - asked).TotalSeconds));

        (_source.Sessions, _source.Failure) = (6, null);
        await silo.TickUntilAsync(async () => await VersionAsync(silo) == 6);
    }

    [Fact]
    public async Task SourceThatFailsAtFirst_IsUnavailable_AndAskedAgainOnlyAfterAWhile()
    {
        await using var silo = await StartAsync();
        _source.Failure = new HttpRequestException("no route");

        (await Grain(silo).GetSeriesAsync(0)).ShouldBe(new(SeriesStatus.Unavailable, null));
        (await Grain(silo).GetQualityAsync()).Status.ShouldBe(SeriesStatus.Unavailable);
        _source.Fetches.ShouldBe(1);

        _source.Failure = null;
        _clock.Advance(Refresh);
        (await VersionAsync(silo)).ShouldBe(5);
    }

    [Fact]
    public async Task SourceThatHangs_IsUnavailable_AfterItsTime()
    {
        await using var silo = await StartAsync();
        _source.Gate = new TaskCompletionSource().Task;

        var question = Grain(silo).GetSeriesAsync(0).AsTask();
        await Wait.UntilAsync(() => _source.Fetches == 1);
        _clock.Advance(TimeSpan.FromSeconds(10)); // the question itself may wait longer

        (await question).Status.ShouldBe(SeriesStatus.Unavailable);
    }
}

/// <summary>Answers for the symbol A what a test tells it to.</summary>
sealed class ScriptedSource(TimeProvider clock) : ISeriesScript
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<string, int> _opened = new();
    int _fetches;

    public int Fetches => _fetches;
    public int Sessions { get; set; } = 5;
    public Exception? Failure { get; set; }

    /// <summary>Activations of a symbol that have asked: each asks first for whatever there is.</summary>
    public int Opened(string symbol) => _opened.GetValueOrDefault(symbol);

    /// <summary>What an answer waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>How long an answer takes in real time.</summary>
    public TimeSpan Delay { get; set; }

    public async ValueTask<SeriesUpdate> FetchAsync(string symbol, long newerThan, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _fetches);
        if (newerThan == 0) _opened.AddOrUpdate(symbol, 1, (_, count) => count + 1);
        await Gate.WaitAsync(cancellation);
        if (Delay > TimeSpan.Zero) await Task.Delay(Delay, TimeProvider.System, cancellation);
        if (Failure is not null) throw Failure;
        if (symbol != "A") return new(SeriesStatus.Unknown, null);
        if (Sessions <= newerThan) return new(SeriesStatus.Unchanged, null);
        var now = clock.GetUtcNow();
        var days = Enumerable.Range(1, Sessions);
        return new(SeriesStatus.Updated, new(
            "A", null, [.. days.Select(day => new DateOnly(2020, 1, 1).AddDays(day))], [.. days.Select(day => (decimal)day)], new("scripted", now, now), Sessions));
    }
}
