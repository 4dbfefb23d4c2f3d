using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Trading.Silo.Tests;

/// <summary>The whole program, to be asked by several tests.</summary>
public sealed class ProgramFixture : IAsyncLifetime
{
    const string Many = "100000000";

    internal GuardedProgram Program { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Program = await GuardedProgram.StartAsync(
        $"edge:requests_per_minute={Many}", $"edge:burst={Many}",
        $"edge:emergency_per_minute={Many}", $"edge:emergency_burst={Many}");

    public ValueTask DisposeAsync() => Program.DisposeAsync();
}

/// <summary>Whatever a request is like, its refusal has the one form, and nothing fails inside. Requests are sent byte by
/// byte, since a client would put them right.</summary>
public sealed class ProblemTests(ProgramFixture fixture) : IClassFixture<ProgramFixture>
{
    [Theory]
    [InlineData("GET", "/%00", 400)]
    [InlineData("GET", "/api/data/bars/IBM%00", 400)]
    [InlineData("POST", "/api/risk/validate-signal%00", 400)]
    [InlineData("GET", "/api/portfolios/%00/positions", 400)]
    [InlineData("GET", "/api/risk/report?portfolio=%00", 400)]
    [InlineData("GET", "/api/risk/report?%00=1", 400)]
    [InlineData("GET", "/api/audit?subject=a%00b", 400)]
    [InlineData("GET", "/api/data/bars/IBM?from=2025-01-01%00", 400)]
    [InlineData("POST", "/api/risk/validate-signal?portfolio=default%00", 400)]
    [InlineData("POST", "/api/data/ingest?symbol=%00", 400)]
    [InlineData("GET", "/api/risk/report?portfolio=default&portfolio=default", 400)]
    [InlineData("GET", "/api/data/bars/IBM?limit=1&limit=2", 400)]
    [InlineData("GET", "/api/data/bars/IBM?adjusted=true&ADJUSTED=true", 400)]
    [InlineData("GET", "/api/alerts?state=firing&state=firing", 400)]
    [InlineData("GET", "/api/system/metrics?hours=1&hours=2", 400)]
    [InlineData("GET", "/api/audit?kind=change&kind=denied", 400)]
    [InlineData("GET", "/api/dashboard/stream?rate=1&rate=2", 400)]
    [InlineData("GET", "/api/backtests/compare?first=a&first=b&second=c", 400)]
    [InlineData("POST", "/api/risk/validate-signal?portfolio=default&portfolio=default", 400)]
    [InlineData("POST", "/api/data/validate?symbol=A&symbol=B", 400)]
    [InlineData("GET", "/nowhere", 404)]
    [InlineData("OPTIONS", "/nowhere", 404)]
    [InlineData("GET", "/api/data/bars/%ff%fe", 400)]
    [InlineData("GET", "/api/data/bars/..%2f..%2fetc", 400)]
    [InlineData("GET /api/risk", "report", 400)]
    public async Task Address_ThatIsNone_IsAProblem(string method, string path, int status)
    {
        var answer = await SendAsync($"{method} {path} HTTP/1.1", "Content-Type: application/json", "Content-Length: 0");

        answer.ShouldBeProblem(status);
    }

    [Theory]
    [InlineData("/api/data/bars/{0}", 414)]
    [InlineData("/api/risk/report?portfolio={0}", 414)]
    public async Task Address_ThatIsTooLong_IsAProblem(string path, int status)
    {
        var address = string.Format(CultureInfo.InvariantCulture, path, new string('x', 10_000));

        var answer = await SendAsync($"GET {address} HTTP/1.1");

        answer.ShouldBeProblem(status);
    }

    [Fact]
    public async Task Headers_ThatCannotBeRead_AreAProblem()
    {
        (await SendAsync("GET /api/risk/report HTTP/1.1", "no colon")).ShouldBeProblem(400);
        (await SendAsync("GET /api/risk/report HTTP/1.1", "X-Long: " + new string('x', 40_000))).ShouldBeProblem(431);
        (await SendAsync("POST /api/risk/stress HTTP/1.1", "Content-Length: many")).ShouldBeProblem(400);
        (await SendAsync("POST /api/risk/stress HTTP/1.1", "Content-Type: application/json", "Transfer-Encoding: gzip"))
            .ShouldBeProblem(400);
    }

    [Theory]
    [InlineData("/api/risk/report", "GET, HEAD")]
    [InlineData("/api/risk/update-limits", "POST")]
    [InlineData("/api/portfolios", "GET, POST, HEAD")]
    [InlineData("/api/portfolios/default", "GET, HEAD")]
    [InlineData("/api/alerts/silences", "POST")]
    [InlineData("/api/backtests/x/result", "GET, HEAD")]
    [InlineData("/health", "GET, HEAD")]
    public async Task Method_ThatAPathDoesNotHave_IsAProblemThatNamesThoseThatItHas(string path, string allow)
    {
        foreach (var method in new[] { "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW" })
        {
            var answer = await SendAsync($"{method} {path} HTTP/1.1", "Content-Length: 0");

            answer.ShouldBeProblem(405);
            answer.Headers["Allow"].Split(", ").Order().ShouldBe(allow.Split(", ").Order(), method);
        }
    }

    [Theory]
    [InlineData("/api/risk/update-limits")]
    [InlineData("/api/risk/validate-signal")]
    [InlineData("/api/risk/validate-signals")]
    [InlineData("/api/portfolios")]
    [InlineData("/api/portfolios/default/fills")]
    [InlineData("/api/alerts/silences")]
    [InlineData("/api/security/users")]
    [InlineData("/api/auth/token")]
    [InlineData("/api/ml/promote")]
    [InlineData("/api/data/instruments/IBM")]
    public async Task Body_OfAContentTypeThatIsNotJson_IsAProblem(string path)
    {
        string[] types =
        [
            "text/", "/json", "application/", ";", "json", "application/json; charset=utf-7",
            "application/json; charset=", "application/json, text/plain", "application/jsön",
            "multipart/form-data; boundary=", new string('a', 5_000),
        ];
        foreach (var type in types)
            (await SendAsync($"POST {path} HTTP/1.1", $"Content-Type: {type}", "Content-Length: 2", "", "{}"))
                .ShouldBeProblem(415);
        (await SendAsync($"POST {path} HTTP/1.1", "Content-Length: 2", "", "{}")).ShouldBeProblem(415);
        (await SendAsync($"POST {path} HTTP/1.1", "Content-Type:", "Content-Length: 2", "", "{}")).ShouldBeProblem(415);
    }

    [Theory]
    [InlineData("/api/data/validate")]
    [InlineData("/api/data/ingest")]
    [InlineData("/api/portfolios/default/heartbeat")]
    [InlineData("/api/alerts/alertmanager")]
    public async Task ContentTypeThatIsOdd_NeverFailsInside(string path)
    {
        string[] types =
            ["Content-Type: text/", "Content-Type: application/json; charset=utf-7", "Content-Type: ;", "X-None: 1"];
        foreach (var type in types)
        {
            var answer = await SendAsync($"POST {path} HTTP/1.1", type, "Content-Length: 2", "", "{}");

            answer.Status.ShouldBeLessThan(500, $"{type}: {answer.Body}");
            if (answer.Status >= 400) answer.ShouldBeProblem(answer.Status);
        }
    }

    [Theory]
    [InlineData("{}", "strategies")]
    [InlineData("null", "")]
    [InlineData("{\"symbols\":null}", "symbols")]
    [InlineData("{\"symbols\":[null,\"IBM\"],\"strategies\":[null]}", "strategies[0]")]
    [InlineData("{\"symbols\":[\"IBM\"],\"strategies\":[{}]}", "strategies[0].name")]
    [InlineData("{\"symbols\":[\"IBM\"],\"strategies\":[{\"name\":\"buy_and_hold\",\"parameters\":null}]}", "parameters")]
    [InlineData("{\"symbols\":[\"\"],\"strategies\":[{\"name\":\"buy_and_hold\"}]}", "symbols")]
    [InlineData("{\"symbols\":[\"IBM\"],\"strategies\":[{\"name\":\"buy_and_hold\"}],\"costs\":null}", "costs")]
    [InlineData("{\"symbols\":[\"IBM\"],\"strategies\":[{\"name\":\"buy_and_hold\"}],\"scenario\":{\"kind\":null}}", "kind")]
    public async Task TestThatIsIncomplete_IsAProblem_AloneAndInASweep(string test, string field)
    {
        var alone = await PostAsync("/api/backtests", $"{{\"test\":{test}}}");
        var swept = await SweepAsync("{\"least\":2,\"most\":4,\"step\":1}");
        var unranged = await SweepAsync("null");

        foreach (var answer in new[] { alone, swept, unranged }) answer.ShouldBeProblem(400);
        alone.Body.ShouldContain(field);

        Task<RawAnswer> SweepAsync(string range) =>
            PostAsync("/api/backtests", $"{{\"sweep\":{{\"test\":{test},\"ranges\":{{\"fast\":{range}}}}}}}");
    }

    [Theory]
    [InlineData("{\"ac\u202eton\":\"BUY\"}")]
    [InlineData("{\"symbol\":\"I\u202eBM\",\"action\":\"\u2066SELL\",\"position_size\":1}")]
    [InlineData("{\"symbol\":\"IBM\",\"action\":\"\\u202eBUY\",\"position_size\":1}")]
    public async Task MarkThatTurnsTheDirection_IsNeverRepeatedAsItIs(string body)
    {
        var answer = await PostAsync("/api/risk/validate-signal", body);

        answer.ShouldBeProblem(400);
        answer.Body.ShouldNotContain('\u202e');
        answer.Body.ShouldNotContain('\u2066');
    }

    Task<RawAnswer> PostAsync(string path, string body) => SendAsync(
        $"POST {path} HTTP/1.1", "Content-Type: application/json", $"Content-Length: {Encoding.UTF8.GetByteCount(body)}", "", body);

    [Fact]
    public async Task Head_IsGetWithoutItsBody_AtEveryEndpoint()
    {
        var document = JsonDocument.Parse((await SendAsync("GET /openapi/v1.json HTTP/1.1")).Body).RootElement;
        var described = document.GetProperty("paths").EnumerateObject()
            .Where(path => path.Value.TryGetProperty("get", out _) && path.Name != "/api/dashboard/stream")
            .Select(path => path.Name
                .Replace("{symbol}", "IBM", StringComparison.Ordinal).Replace("{id}", "default", StringComparison.Ordinal)
                .Replace("{decision_id}", "default:1", StringComparison.Ordinal)
                .Replace("{series}", "GDP", StringComparison.Ordinal));
        string[] paths =
        [
            .. described, "/", "/dashboard", "/sign-in", "/nowhere", "/api/nowhere", "/api/risk/update-limits",
            "/api/risk/report?portfolio=%00",
        ];
        foreach (var path in paths)
        {
            var (head, get) = (await SendAsync($"HEAD {path} HTTP/1.1"), await SendAsync($"GET {path} HTTP/1.1"));

            head.Status.ShouldBe(get.Status, path);
            head.Body.ShouldBeEmpty(path);
            string[] own = ["Content-Length", "Transfer-Encoding", "Date", "X-Correlation-ID"];
            head.Headers.Where(header => !own.Contains(header.Key))
                .ShouldBe(get.Headers.Where(header => !own.Contains(header.Key)), path);
        }

        paths.Length.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task Head_OfAnUnknownPath_OfOneForPostAlone_OfTheStream_AndOfNobody()
    {
        (await SendAsync("HEAD /api/nowhere HTTP/1.1")).ShouldBeHead(404, RawAnswer.Problem);
        var post = await SendAsync("HEAD /api/risk/update-limits HTTP/1.1");
        post.ShouldBeHead(405, RawAnswer.Problem);
        post.Headers["Allow"].ShouldBe("POST");
        (await SendAsync("HEAD /api/dashboard/stream HTTP/1.1")).ShouldBeHead(200, "text/event-stream");
        (await SendAsync("HEAD /api/risk/report HTTP/1.1", "Authorization: Bearer nobody")).ShouldBeHead(401, RawAnswer.Problem);
    }

    Task<RawAnswer> SendAsync(params string[] lines) =>
        RawAnswer.OfAsync(fixture.Program.Http.BaseAddress!, fixture.Program.Tokens["Developer"], lines);
}
