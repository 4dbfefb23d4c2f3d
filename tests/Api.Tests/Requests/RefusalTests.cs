using System.Net;
using System.Text;
using NSubstitute;
using Trading.Risk;

namespace Trading.Api.Tests;

/// <summary>What no endpoint may let through, whatever it is about.</summary>
public sealed class RefusalTests(ApiHost api) : IClassFixture<ApiHost>
{
    const string Signal = """{"symbol":"IBM","action":"BUY","position_size":1000.0,"confidence":0.85}""";

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("application/json; charset=utf-16")]
    public async Task Body_ThatIsNotSaidToBeJson_IsRefused(string? contentType)
    {
        var reply = await api.PostAsync("/api/risk/validate-signal", Signal, contentType);

        reply.Status.ShouldBe(415);
        reply.Errors.ShouldBe(["content-type json"]);
    }

    [Theory]
    [InlineData("application/json; charset=UTF-8")]
    [InlineData("Application/JSON")]
    public async Task Body_ThatIsSaidToBeJson_IsTakenInAnySpelling(string contentType)
    {
        api.Risk.ValidateAsync(Arg.Any<Order>()).Returns(Outcome.Done(Samples.Approval));

        (await api.PostAsync("/api/risk/validate-signal", Signal, contentType)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Body_BeyondTheBound_IsRefusedWithTheBound_WhetherItsLengthIsToldOrNot()
    {
        var body = $$"""{"symbol":"{{new string('A', 70_000)}}"}""";
        using var untold = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/risk/validate-signal", UriKind.Relative))
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { TransferEncodingChunked = true },
        };

        var told = await api.PostAsync("/api/risk/validate-signal", body);
        var streamed = await Reply.FromAsync(await api.Http.SendAsync(untold));

        told.Status.ShouldBe(413);
        told.Errors.ShouldBe(["$ max_bytes"]);
        told.Text.ShouldContain("65536 bytes");
        streamed.Text.ShouldBe(told.Text);
    }

    [Fact]
    public async Task Body_InManyPieces_IsReadWhole()
    {
        api.Risk.ValidateAsync(new Order("IBM", Side.Buy, 1000m, null, 0.85, null) { By = ApiHost.Caller }).Returns(Outcome.Done(Samples.Approval));
        using var pieces = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/risk/validate-signal", UriKind.Relative))
        {
            Content = new Trickle(Encoding.UTF8.GetBytes(Signal)) { Headers = { ContentType = new("application/json") } },
        };

        (await Reply.FromAsync(await api.Http.SendAsync(pieces))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/api/risk/nothing", 404, "There is nothing at this path.")]
    [InlineData("/api/risk/validate-signal", 405, "This path does not answer GET; it answers POST.")]
    public async Task Path_OrMethodThatDoesNotExist_IsAProblemToo(string path, int status, string detail)
    {
        var reply = await api.GetAsync(path);

        reply.Status.ShouldBe(status);
        reply.Errors.ShouldBeEmpty();
        reply.Json.GetProperty("detail").GetString().ShouldBe(detail);
        reply.Json.GetProperty("type").GetString().ShouldBe("about:blank");
        reply.Json.GetProperty("status").GetInt32().ShouldBe(status);
        reply.Json.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
    }

    [Fact]
    public async Task Bytes_ChangedAnywhereInABody_NeverFailInside()
    {
        api.Risk.ValidateAsync(Arg.Any<Order>()).Returns(Outcome.Done(Samples.Approval));
        var random = new Random(20260105);
        for (var trial = 0; trial < 2_000; trial++)
        {
            var body = Encoding.UTF8.GetBytes(Signal);
            for (var change = random.Next(1, 4); change > 0; change--) body[random.Next(body.Length)] = (byte)random.Next(256);

            var reply = await api.PostAsync("/api/risk/validate-signal", body);

            reply.Status.ShouldBeOneOf([200, 400], Encoding.Latin1.GetString(body));
            if (reply.Status == 400) reply.Errors.ShouldNotBeEmpty();
        }
    }

    /// <summary>A body that is sent byte by byte.</summary>
    sealed class Trickle(byte[] body) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            foreach (var each in body)
            {
                await stream.WriteAsync(new[] { each });
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
