using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class NewsPollerTests : IAsyncDisposable
{
    const string Secret = "s3cr3t-key";

    readonly ManualTimeProvider _clock = new();
    readonly FeedServer _server = new();
    readonly LogLines _log = new();
    readonly List<ServiceProvider> _made = [];

    public async ValueTask DisposeAsync()
    {
        foreach (var services in _made) await services.DisposeAsync();
        await _server.DisposeAsync();
    }

    static string Rss(params (string Id, string Title)[] items) => "<rss version='2.0'><channel><title>Wire</title>"
        + string.Concat(items.Select(item => $"<item><title>{item.Title}</title><guid isPermaLink='false'>{item.Id}</guid><pubDate>Mon, 05 Jan 2026 11:00:00 GMT</pubDate></item>"))
        + "</channel></rss>";

    NewsFeed Feed(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["market_data:news:feeds:0:name"] = "wire",
            ["market_data:news:feeds:0:address"] = _server.Address + "/rss?token=" + Secret,
            ["market_data:news:feeds:0:key"] = Secret,
            ["market_data:news:timeout"] = "5",
            ["market_data:news:max_response_bytes"] = "2000",
        };
        foreach (var (key, value) in settings) all["market_data:news:" + key] = value;
        var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(all).Build())
            .AddSingleton<TimeProvider>(_clock)
            .AddSingleton<IInstrumentDirectory>(InstrumentDirectory.Empty)
            .AddLogging(log => log.SetMinimumLevel(LogLevel.Trace).AddProvider(_log))
            .AddFeeds()
            .BuildServiceProvider();
        _made.Add(services);
        var options = services.GetRequiredService<IOptions<NewsOptions>>().Value;
        return new(options.Feeds[0], options, services.GetRequiredService<FeedClient>(), new(InstrumentDirectory.Empty), _clock);
    }

    static async Task<NewsFeedState> StateAsync(NewsFeed feed)
    {
        (await feed.AskAsync(default)).ShouldBeEmpty();
        return feed.State;
    }

    [Fact]
    public async Task Answer_GivesItems_WithTheKeyInItsHeader()
    {
        _server.Says(Rss(("1", "<![CDATA[<i>$IBM</i> rises]]>")));
        var feed = Feed();

        var item = (await feed.AskAsync(default)).ShouldHaveSingleItem();

        item.Symbols.ShouldBe(["IBM"]);
        (item with { Symbols = [] }).ShouldBe(new("wire/1", new(2026, 1, 5, 11, 0, 0, TimeSpan.Zero), "$IBM rises", "Wire", null, [], _clock.GetUtcNow()));
        feed.State.ShouldBe(new("wire", FeedStatus.Answering, _clock.GetUtcNow(), _clock.GetUtcNow(), _clock.GetUtcNow().AddMinutes(5), 1, null));
        _server.Requests.Single().ShouldContain("X-Api-Key: " + Secret);
    }

    [Fact]
    public async Task Unchanged_IsAskedForByTagAndTime_AndGivesNothing()
    {
        _server.Says(Rss(("1", "a")), 200, "ETag: \"v1\"", "Last-Modified: Mon, 05 Jan 2026 11:30:00 GMT");
        var feed = Feed();
        await feed.AskAsync(default);
        _server.Says("", 304);

        (await StateAsync(feed)).ShouldSatisfyAllConditions(state => state.Status.ShouldBe(FeedStatus.Answering), state => state.Items.ShouldBe(1));
        await feed.AskAsync(default);

        _server.Requests.Count.ShouldBe(3);
        foreach (var request in _server.Requests.Skip(1))
        {
            request.ShouldContain("If-None-Match: \"v1\"");
            request.ShouldContain("If-Modified-Since: Mon, 05 Jan 2026 11:30:00 GMT");
        }
    }

    [Fact]
    public async Task AnswerThatCannotBeRead_IsAskedForAgain_AndNotTakenForKnown()
    {
        _server.Says("<rss", 200, "ETag: \"bad\"");
        var feed = Feed();

        (await StateAsync(feed)).Status.ShouldBe(FeedStatus.Failing);
        await StateAsync(feed);

        _server.Requests[1].ShouldNotContain("If-None-Match");
    }

    [Theory]
    [InlineData("Retry-After: 3600", 3600)]
    [InlineData("Retry-After: Mon, 05 Jan 2026 13:00:00 GMT", 3600)]
    [InlineData("Retry-After: 1", 300)]
    [InlineData("Retry-After: 99999999", 86400)]
    [InlineData("X: y", 300)]
    public async Task FeedThatAsksToBeLeftAlone_IsLeftAlone(string header, int seconds)
    {
        _server.Says("", 429, header);

        var state = await StateAsync(Feed());

        (state.Status, state.NextAt).ShouldBe((FeedStatus.RateLimited, _clock.GetUtcNow().AddSeconds(seconds)));
    }

    [Theory]
    [InlineData(500, "the server failed with 500")]
    [InlineData(403, "refused with 403")]
    [InlineData(404, "refused with 404")]
    public async Task Refusal_IsAProblemOfTheFeed(int status, string problem)
    {
        _server.Says("<html>", status);

        (await StateAsync(Feed())).ShouldSatisfyAllConditions(
            state => state.Status.ShouldBe(FeedStatus.Failing), state => state.Problem.ShouldBe("wire: " + problem), state => state.AnsweredAt.ShouldBeNull());
    }

    [Fact]
    public async Task HalfAnAnswer_AnAnswerTooLarge_AndNone_GiveNothing()
    {
        _server.BreaksOff(Rss(("1", "a")));
        (await StateAsync(Feed())).Problem!.ShouldStartWith("wire: no answer");

        _server.Says(Rss(("1", new('x', 3_000))));
        (await StateAsync(Feed())).Problem.ShouldBe("wire: the answer is larger than 2000 bytes");

        (await StateAsync(Feed(("feeds:0:address", "http://127.0.0.1:9/rss")))).Problem!.ShouldStartWith("wire: no answer");
    }

    [Fact]
    public async Task SlowAnswer_IsGivenUpAfterItsTime()
    {
        _server.SaysNothing();
        var feed = Feed();
        var asking = feed.AskAsync(default);
        await _server.ArrivedAsync();

        _clock.Advance(TimeSpan.FromSeconds(5));

        (await asking).ShouldBeEmpty();
        feed.State.Problem.ShouldBe("wire: no whole answer within 5 seconds");
    }

    [Fact]
    public async Task Key_IsNowhereInStatesAndLogs()
    {
        foreach (var status in new[] { 200, 401, 429, 500 })
        {
            _server.Says("nonsense", status);
            var feed = Feed();
            await feed.AskAsync(default);
            feed.State.ToString().ShouldNotContain(Secret);
        }

        _log.Lines.ShouldNotContain(line => line.Contains(Secret, StringComparison.Ordinal));
    }

    [Fact]
    public async Task KeyInAHeader_IsNotSentOnToAnotherAddress()
    {
        _server.Says("", 302, "Location: " + _server.Address + "/elsewhere");
        (await StateAsync(Feed())).Problem.ShouldBe("wire: refused with 302");
        _server.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Desk_FollowsEachFeedAtItsInterval_AndKeepsWhatItSaid()
    {
        _server.Says(Rss(("1", "first $IBM")));
        Feed();
        var poller = _made[0].GetRequiredService<NewsPoller>();
        using var asked = new SemaphoreSlim(0);
        poller.Asked += () => asked.Release();
        await poller.StartAsync(default);
        (await asked.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBeTrue();
        poller.Find(new(null, null, 10)).Items.Length.ShouldBe(1);

        _server.Says(Rss(("1", "first $IBM"), ("2", "second")));
        do _clock.Advance(TimeSpan.FromMinutes(5)); // again where the poller had not yet begun to wait
        while (!await asked.WaitAsync(TimeSpan.FromSeconds(5)));
        poller.Find(new(null, null, 10)).Items.Length.ShouldBe(2);

        poller.Find(new("IBM", null, 10)).Items.ShouldHaveSingleItem().Id.ShouldBe("wire/1");
        poller.Find(new(null, null, 10)).Feeds.ShouldHaveSingleItem().Status.ShouldBe(FeedStatus.Answering);
        await poller.StopAsync(default);
    }

    [Fact]
    public void EveryBrokenSetting_IsNamedAtOnce_AndNoAddressIsShown()
    {
        var refused = Should.Throw<OptionsValidationException>(() => Feed(
            ("feeds:0:name", ""), ("feeds:0:address", "ftp://" + Secret), ("feeds:0:format", "json"), ("feeds:0:interval", "1"), ("keep", "1"), ("timeout", "NaN"), ("max_response_bytes", "0")));

        refused.Failures.Select(failure => failure["market_data:news:".Length..].Split(' ')[0])
            .ShouldBe(["feeds:0:name", "feeds:0:address", "feeds:0:fields", "feeds:0:interval", "keep", "timeout", "max_response_bytes"]);
        refused.Message.ShouldNotContain(Secret);
    }

    sealed class LogLines : ILoggerProvider, ILogger
    {
        public System.Collections.Concurrent.ConcurrentQueue<string> Lines { get; } = [];
        public ILogger CreateLogger(string categoryName) => this;
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;
        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue(formatter(state, exception) + exception);

        public void Dispose() { }
    }
}
