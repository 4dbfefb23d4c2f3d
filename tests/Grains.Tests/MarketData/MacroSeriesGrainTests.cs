using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class MacroSeriesGrainTests : IAsyncDisposable
{
    const string Secret = "s3cr3t-key";
    static readonly MacroQuery All = new(null, null, null);

    readonly ManualTimeProvider _clock = new();
    readonly FeedServer _server = new();
    TestSilo? _silo;

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.DisposeAsync();
        await _server.DisposeAsync();
    }

    async Task<IMacroSeriesGrain> SeriesAsync(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["market_data:macro:address"] = _server.Address + "/fred",
            ["market_data:macro:format"] = "json",
            ["market_data:macro:key"] = Secret,
            ["market_data:macro:timeout"] = "5",
        };
        foreach (var (key, value) in settings) all["market_data:macro:" + key] = value;
        _silo = await TestSilo.StartAsync(services => services
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(all).Build())
            .AddFeeds()
            .AddSingleton<IInstrumentDirectory>(InstrumentDirectory.Empty), time: _clock);
        return _silo.Grains.GetGrain<IMacroSeriesGrain>("DGS10");
    }

    void Says(params (string Date, string Value)[] observations) =>
        _server.Says($"{{\"observations\":[{string.Join(',', observations.Select(item => $"{{\"date\":\"{item.Date}\",\"value\":\"{item.Value}\"}}"))}]}}");

    [Fact]
    public async Task Series_IsAskedForOnce_WhileItIsFresh_HoweverManyAsk()
    {
        Says(("2024-01-01", "."), ("2024-01-02", "3.95"));
        var grain = await SeriesAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => grain.GetAsync(All)));

        answers.ShouldAllBe(series => series.Status == MacroStatus.Fresh && series.Observations.Length == 2);
        (answers[0].Observations[0].Value, answers[0].Source, answers[0].ReceivedAt).ShouldBe((null, "fred", _clock.GetUtcNow()));
        _server.Requests.ShouldHaveSingleItem().ShouldStartWith($"GET /fred?series_id=DGS10&file_type=json&api_key={Secret} ");
        _clock.Advance(TimeSpan.FromHours(1));
        await grain.GetAsync(All);
        _server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Revision_LeavesWhatWasKnownBefore()
    {
        Says(("2024-01-01", "1"));
        var grain = await SeriesAsync();
        await grain.GetAsync(All);
        var before = _clock.GetUtcNow();
        _clock.Advance(TimeSpan.FromHours(2));
        Says(("2024-01-01", "2"));

        (await grain.GetAsync(All)).ShouldSatisfyAllConditions(series => series.Observations.Single().Value.ShouldBe(2), series => series.Revisions.ShouldBe(1));
        (await grain.GetAsync(All with { AsOf = before })).Observations.Single().Value.ShouldBe(1);
    }

    [Fact]
    public async Task PublisherThatFails_LeavesWhatIsKnown_AndIsNotAskedAtOnceAgain()
    {
        Says(("2024-01-01", "1"));
        var grain = await SeriesAsync();
        await grain.GetAsync(All);
        _clock.Advance(TimeSpan.FromHours(1));
        _server.Says("", 429, "Retry-After: 120");

        var series = await grain.GetAsync(All);
        (series.Status, series.Observations.Length, series.Problem).ShouldBe((MacroStatus.Stale, 1, "fred: 429: asked to wait"));
        _clock.Advance(TimeSpan.FromSeconds(119));
        await grain.GetAsync(All);
        _server.Requests.Count.ShouldBe(2);

        Says(("2024-01-01", "1"));
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await grain.GetAsync(All)).Status.ShouldBe(MacroStatus.Fresh);
    }

    [Fact]
    public async Task NothingKnown_AndNoAnswer_IsUnavailable_AndTheKeyIsNotShown()
    {
        _server.Says("{\"error_code\":400,\"error_message\":\"Bad Request.  The value for variable api_key is not registered.\"}", 400);
        var grain = await SeriesAsync();

        var series = await grain.GetAsync(All);

        (series.Status, series.Problem).ShouldBe((MacroStatus.Unavailable, "fred: refused with 400"));
        _server.BreaksOff("{\"observations\":[]}");
        _clock.Advance(TimeSpan.FromSeconds(30));
        (await grain.GetAsync(All)).Problem!.ShouldNotContain(Secret);
    }

    [Fact]
    public async Task SlowPublisher_IsGivenUp()
    {
        _server.SaysNothing();
        var asking = (await SeriesAsync()).GetAsync(All);
        await _server.ArrivedAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));

        (await asking).Problem.ShouldBe("fred: no whole answer within 5 seconds");
    }

    [Fact]
    public async Task SeriesThatThePublisherDoesNotHave_IsUnknown()
    {
        _server.Says("{\"error_code\":400,\"error_message\":\"Bad Request.  The series does not exist.\"}", 400);

        (await (await SeriesAsync()).GetAsync(All)).Status.ShouldBe(MacroStatus.Unknown);
    }

    [Fact]
    public async Task Csv_IsAskedForByItsOwnForm_WithoutTheKey()
    {
        _server.Says("observation_date,DGS10\n2024-01-02,3.95\n");

        (await (await SeriesAsync(("format", "csv"))).GetAsync(All)).Observations.Single().Value.ShouldBe(3.95m);

        _server.Requests.Single().ShouldStartWith("GET /fred?id=DGS10 ");
    }

    [Fact]
    public async Task Vintages_AreAskedForAndKept()
    {
        _server.Says("""
            {"observations":[{"realtime_start":"2024-02-01","date":"2024-01-01","value":"1.0"},{"realtime_start":"2024-03-01","date":"2024-01-01","value":"1.1"}]}
            """);
        var grain = await SeriesAsync(("vintages", "true"));

        (await grain.GetAsync(All with { AsOf = new(2024, 2, 15, 0, 0, 0, TimeSpan.Zero) })).Observations.Single().Value.ShouldBe(1.0m);
        _server.Requests.Single().ShouldContain("&realtime_start=1776-07-04&realtime_end=9999-12-31&");
    }

    [Fact]
    public async Task WithoutAPublisher_NothingIsAsked()
    {
        var series = await (await SeriesAsync(("address", ""))).GetAsync(All);

        (series.Status, series.Problem).ShouldBe((MacroStatus.Unavailable, "none: no publisher is configured (market_data:macro:address)"));
    }

    [Fact]
    public async Task News_IsAskedThroughItsGrain()
    {
        await SeriesAsync();

        var page = await _silo!.Grains.GetGrain<INewsGrain>(GrainKeys.News).GetAsync(new(null, null, 10));

        (page.Items.IsEmpty, page.Feeds.IsEmpty).ShouldBe((true, true));
    }

    [Fact]
    public void EveryBrokenSetting_IsNamedAtOnce_AndNoAddressIsShown()
    {
        var wrong = new MacroOptions { Address = "https://x/?api_key=" + Secret, Format = "xml", Vintages = true, CacheTtl = 0, Timeout = 0, MaxResponseBytes = 1 };

        var refused = wrong.Validate(null, wrong);

        refused.Failures!.Select(failure => failure["market_data:macro:".Length..].Split(' ')[0]).ShouldBe(["address", "format", "cache_ttl", "timeout", "max_response_bytes"]);
        refused.FailureMessage!.ShouldNotContain(Secret);
    }
}
