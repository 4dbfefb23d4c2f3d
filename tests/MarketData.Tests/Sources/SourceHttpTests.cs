using System.Text;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class SourceHttpTests : IAsyncLifetime
{
    readonly ManualTimeProvider _clock = new();
    LocalServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await LocalServer.StartAsync();
    public async ValueTask DisposeAsync() => await _server.DisposeAsync();

    SourceHttp Http(int retries = 0, int maxBytes = 1024 * 1024) => new("test", Recorded.Client, new KrakenOptions
    {
        BaseAddress = _server.Address, Retries = retries, RequestsPerMinute = 60, Timeout = 5, MaxResponseBytes = maxBytes,
    }, _clock);

    static async Task<SourceException> FailsAsync(Task<HttpReply> asking) => await Should.ThrowAsync<SourceException>(asking);

    [Fact]
    public async Task SlowAnswer_IsGivenUpAtItsTime()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer = context =>
        {
            arrived.SetResult();
            return LocalServer.Hangs(context);
        };

        var asking = Http().GetAsync("/", 1, default);
        await arrived.Task;
        _clock.Advance(TimeSpan.FromSeconds(5));

        var failed = await FailsAsync(asking);
        failed.Failure.ShouldBe(SourceFailure.Unreachable);
        failed.Message.ShouldContain("within 5 seconds");
    }

    [Fact]
    public async Task AnswerThatBreaksOff_IsNoAnswer()
    {
        _server.Answer = LocalServer.Breaks(Encoding.UTF8.GetBytes("""{"whole":"not"}"""));

        (await FailsAsync(Http().GetAsync("/", 1, default))).Failure.ShouldBe(SourceFailure.Unreachable);
    }

    [Fact]
    public async Task DeadServer_IsUnreachable()
    {
        var http = Http();
        await _server.DisposeAsync();

        (await FailsAsync(http.GetAsync("/", 1, default))).Failure.ShouldBe(SourceFailure.Unreachable);
    }

    [Theory]
    [InlineData("<html>Checking your browser</html>")]
    [InlineData("{\"half\":")]
    [InlineData("{\"twice\":1,\"twice\":2}")]
    [InlineData("")]
    public async Task AnswerThatIsNoJson_IsNonsense(string body)
    {
        _server.Answer = LocalServer.Says(body);

        (await FailsAsync(Http().GetAsync("/", 1, default))).Failure.ShouldBe(SourceFailure.Nonsense);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task AnswerOverTheBound_IsNonsense_WhetherItSaysItsLengthOrNot(bool saysLength)
    {
        var body = Encoding.UTF8.GetBytes($"[{new string('1', 5000)}]");
        _server.Answer = async context =>
        {
            if (saysLength) context.Response.ContentLength = body.Length;
            await context.Response.Body.WriteAsync(body);
        };

        (await FailsAsync(Http(maxBytes: 4096).GetAsync("/", 1, default))).Message.ShouldContain("larger than 4096 bytes");
    }

    [Theory]
    [InlineData(429, "7", 7)]
    [InlineData(418, "120", 120)]
    [InlineData(429, null, 60)]
    [InlineData(418, null, 300)]
    [InlineData(429, "Mon, 05 Jan 2026 12:00:30 GMT", 30)]
    public async Task SourceThatAsksToBeLeftAlone_IsLeftAloneForSoLong(int status, string? retryAfter, double seconds)
    {
        _server.Answer = LocalServer.Limits(status, retryAfter);
        var http = Http();

        var failed = await FailsAsync(http.GetAsync("/", 1, default));
        failed.Failure.ShouldBe(SourceFailure.RateLimited);
        failed.RetryAfter.ShouldBe(TimeSpan.FromSeconds(seconds));

        _server.Answer = LocalServer.Says("{}");
        _clock.Advance(TimeSpan.FromSeconds(seconds - 1));
        (await FailsAsync(http.GetAsync("/", 1, default))).RetryAfter.ShouldBe(TimeSpan.FromSeconds(1));
        _server.Asked.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(1));
        (await http.GetAsync("/", 1, default)).Dispose();
        _server.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task BudgetThatIsUsedUp_KeepsRequestsAtHome()
    {
        _server.Answer = LocalServer.Says("{}");
        var http = Http();

        (await http.GetAsync("/", 60, default)).Dispose();
        var failed = await FailsAsync(http.GetAsync("/", 30, default));
        _clock.Advance(failed.RetryAfter!.Value);
        (await http.GetAsync("/", 30, default)).Dispose();

        failed.RetryAfter.ShouldBe(TimeSpan.FromSeconds(30));
        _server.Asked.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData(500, SourceFailure.ServerError)]
    [InlineData(503, SourceFailure.ServerError)]
    [InlineData(302, SourceFailure.Refused)]
    public async Task StatusWithoutAnAnswer_SaysWhatItMeans(int status, SourceFailure failure)
    {
        _server.Answer = LocalServer.Says("{}", status);

        (await FailsAsync(Http().GetAsync("/", 1, default))).Failure.ShouldBe(failure);
    }

    [Fact]
    public async Task RefusalWithJson_IsForTheSourceToRead_AndOneWithoutIsRefused()
    {
        _server.Answer = LocalServer.Says("""{"code":7}""", 400);
        using (var reply = await Http().GetAsync("/", 1, default))
        {
            reply.Accepted.ShouldBeFalse();
            reply.Root["code"].Integer().ShouldBe(7);
        }

        _server.Answer = LocalServer.Says("<html>", 403);
        (await FailsAsync(Http().GetAsync("/", 1, default))).Failure.ShouldBe(SourceFailure.Refused);
    }

    [Fact]
    public async Task ServersFailure_IsAskedAgainAfterAWhile()
    {
        var clock = new NoticingClock(_clock);
        _server.Answer = context => (_server.Asked.Count == 1 ? LocalServer.Says("{}", 503) : LocalServer.Says("{}"))(context);
        var http = new SourceHttp("test", Recorded.Client, new KrakenOptions { BaseAddress = _server.Address, Retries = 1, Timeout = 30 }, clock);

        var asking = http.GetAsync("/", 1, default);
        await clock.PassAsync(TimeSpan.FromMilliseconds(1), TimeSpan.FromSeconds(2), CancellationToken.None);

        using var reply = await asking;
        reply.Accepted.ShouldBeTrue();
        _server.Asked.Count.ShouldBe(2);
    }

    [Fact]
    public async Task CallerThatGoes_IsNoFailureOfTheSource()
    {
        var arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _server.Answer = context =>
        {
            arrived.SetResult();
            return LocalServer.Hangs(context);
        };
        using var stop = new CancellationTokenSource();

        var asking = Http().GetAsync("/", 1, stop.Token);
        await arrived.Task;
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
    }
}
