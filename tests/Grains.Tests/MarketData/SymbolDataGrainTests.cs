using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Storage;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class SymbolDataGrainTests
{
    static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);
    readonly ManualTimeProvider _clock = new();
    readonly CountingStorage _storage = new();
    readonly ScriptedSource _source;

    public SymbolDataGrainTests() => _source = new(_clock);

    Task<TestSilo> StartAsync(IMarketDataSource? source = null) => TestSilo.StartAsync(time: _clock, services: services => services
        .AddSingleton(source ?? _source)
        .AddSingleton(Options.Create(new MarketDataOptions { RefreshInterval = Refresh.TotalSeconds }))
        .AddKeyedSingleton<IGrainStorage>("trading", _storage));

    static ISymbolDataGrain Grain(TestSilo silo, string symbol = "A") => silo.Grains.GetGrain<ISymbolDataGrain>(symbol);

    static async Task<long?> VersionAsync(TestSilo silo) => (await Grain(silo).GetSeriesAsync(0)).Series?.Version;

    /// <summary>Lets refresh after refresh fall due until something is true.</summary>
    Task RefreshUntilAsync(Func<Task<bool>> isTrue) => UntilAsync(isTrue, () => _clock.Advance(Refresh));

    static async Task UntilAsync(Func<Task<bool>> isTrue, Action between)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await isTrue())
        {
            Stopwatch.GetElapsedTime(started).ShouldBeLessThan(TimeSpan.FromSeconds(30));
            between();
            await Task.Yield();
        }
    }

    [Fact]
    public async Task UnknownSymbol_IsUnknown_AndLeavesNothingBehind()
    {
        await using var silo = await StartAsync();

        (await Grain(silo, "NONE").GetSeriesAsync(0)).ShouldBe(new(SeriesStatus.Unknown, null));
        (await Grain(silo, "NONE").GetQualityAsync()).ShouldBe(SeriesQuality.NoReport("NONE", SeriesStatus.Unknown));

        // Every activation reads its state once: a growing count shows that none stays.
        await RefreshUntilAsync(async () => (await Grain(silo, "NONE").GetSeriesAsync(0)).Status == SeriesStatus.Unknown && _storage.Reads >= 3);
        _storage.Writes.ShouldBe(0);
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
    public async Task NewSession_ArrivesWithARefresh_AndIsRememberedOnce()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);

        _source.Sessions = 6;
        await RefreshUntilAsync(async () => await VersionAsync(silo) == 6);
        var fetches = _source.Fetches;
        await RefreshUntilAsync(() => Task.FromResult(_source.Fetches >= fetches + 3));

        _storage.Writes.ShouldBe(2);
    }

    [Fact]
    public async Task QuestionDuringARefresh_IsAnsweredFromWhatIsHeld()
    {
        await using var silo = await StartAsync();
        await Grain(silo).GetSeriesAsync(0);
        var gate = new TaskCompletionSource();
        _source.Gate = gate.Task;

        await RefreshUntilAsync(() => Task.FromResult(_source.Fetches >= 2));

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
        await RefreshUntilAsync(() => Task.FromResult(_source.Fetches >= 4));
        var quality = await Grain(silo).GetQualityAsync();
        (quality.Status, quality.Version, quality.AgeSeconds).ShouldBe((SeriesStatus.Updated, 5, (_clock.GetUtcNow() - asked).TotalSeconds));

        (_source.Sessions, _source.Failure) = (6, null);
        await RefreshUntilAsync(async () => await VersionAsync(silo) == 6);
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
        await UntilAsync(() => Task.FromResult(_source.Fetches == 1), () => { });
        _clock.Advance(TimeSpan.FromSeconds(10)); // the question itself may wait longer

        (await question).Status.ShouldBe(SeriesStatus.Unavailable);
    }

    [Fact]
    public async Task Replay_GoesOnAfterARestart_WhereItStood()
    {
        var history = Histories.Counting(40);
        ReplaySource Replay() => new(history, new DateOnly(2020, 1, 4), TimeSpan.FromSeconds(15), _clock);
        long before;
        await using (var first = await StartAsync(Replay()))
        {
            await Grain(first).GetSeriesAsync(0);
            _clock.Advance(TimeSpan.FromSeconds(15 * 6));
            await RefreshUntilAsync(async () => await VersionAsync(first) >= 10);
            before = (await VersionAsync(first))!.Value;
        }

        await using var second = await StartAsync(Replay());

        (await VersionAsync(second)).ShouldBe(before);
        (await Grain(second, "B").GetSeriesAsync(0)).Series!.Version.ShouldBe(before);
    }

    [Fact]
    public async Task VersionOfAnotherSource_IsNotComparedWith()
    {
        _source.Sessions = 30;
        await using (var first = await StartAsync())
            await Grain(first).GetSeriesAsync(0);

        await using var second = await StartAsync(new ReplaySource(Histories.Counting(40), new DateOnly(2020, 1, 4), TimeSpan.FromSeconds(15), _clock));

        (await VersionAsync(second)).ShouldBe(4);
    }

    [Fact]
    public async Task Quality_NamesSectorAgeAndProvenance()
    {
        await using var silo = await StartAsync(new CsvSource(Histories.Sample, _clock));

        var quality = await Grain(silo, "IBM").GetQualityAsync();

        (quality.Symbol, quality.Sector, quality.Observations, quality.LastPrice).ShouldBe(("IBM", "Information Technology", 2_529, 84.5m));
        (quality.Completeness, quality.Freshness, quality.Provenance!.Source).ShouldBe((1, 0, "csv"));
        quality.Anomalies.ShouldNotBeEmpty();
    }
}

/// <summary>Answers for the symbol A what a test tells it to.</summary>
sealed class ScriptedSource(TimeProvider clock) : IMarketDataSource
{
    int _fetches;

    public string Name => "scripted";
    public int Fetches => _fetches;
    public int Sessions { get; set; } = 5;
    public Exception? Failure { get; set; }

    /// <summary>What an answer waits for.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public async ValueTask<SourceAnswer> FetchAsync(string symbol, long newerThan, CancellationToken cancellation)
    {
        Interlocked.Increment(ref _fetches);
        await Gate.WaitAsync(cancellation);
        if (Failure is not null) throw Failure;
        if (symbol != "A") return SourceAnswer.Unknown;
        if (Sessions <= newerThan) return SourceAnswer.Unchanged;
        var now = clock.GetUtcNow();
        var series = Histories.Series(Enumerable.Range(1, Sessions).Select(day => (decimal)day)) with { Provenance = new(Name, now, now) };
        return SourceAnswer.Updated(series, new(series.Dates, []));
    }
}

/// <summary>Grain state that outlives a silo, with a count of what was asked of it.</summary>
sealed class CountingStorage : IGrainStorage
{
    readonly System.Collections.Concurrent.ConcurrentDictionary<(string, GrainId), object> _states = new();
    int _reads, _writes;

    public int Reads => _reads;
    public int Writes => _writes;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _reads);
        grainState.RecordExists = _states.TryGetValue((stateName, grainId), out var state);
        if (grainState.RecordExists) (grainState.State, grainState.ETag) = ((T)state!, "1");
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        Interlocked.Increment(ref _writes);
        _states[(stateName, grainId)] = grainState.State!;
        (grainState.ETag, grainState.RecordExists) = ("1", true);
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) => throw new NotSupportedException();
}
