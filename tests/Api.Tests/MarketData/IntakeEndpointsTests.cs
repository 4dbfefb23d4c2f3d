using System.Text;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Trading.MarketData;

namespace Trading.Api.Tests;

public sealed class IntakeEndpointsTests : IAsyncLifetime
{
    readonly ApiHost _api = new();

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task Validation_IsAnsweredInFull()
    {
        _api.Intake.ValidateAsync(default!, default!, default).ReturnsForAnyArgs(Samples.Validation);

        (await _api.PostAsync("/api/data/validate", "any", "text/csv")).Text.ShouldBe("""
            {"interval":"1d","rows":{"good":2,"bad":1,"faults":[{"rule":"number","count":1}],
            "errors":[{"field":"close","rule":"number","message":"'x' is not a decimal number","line":3}]},"accepted":1,"quarantined":1,"rejected":0,
            "symbols":[{"symbol":"IBM","class":"equity","first":"2026-01-05T12:00:00+00:00","last":"2026-01-05T12:00:00+00:00",
            "scores":{"completeness":1,"consistency":0.5,"accuracy":null,"freshness":null},"accepted":1,"quarantined":1,"rejected":0,"confirmed":0,
            "rules":[{"rule":"jump","verdict":"quarantine","count":1}],"latest":[{"time":"2026-01-05T12:00:00+00:00","rule":"jump","verdict":"quarantine",
            "observed":0.31,"limit":0.25,"evidence":"The close moved by 31 %."}]}]}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Parameters_ReachTheIntake()
    {
        _api.Intake.ValidateAsync(default!, default!, default).ReturnsForAnyArgs(Samples.Validation);
        _api.Intake.IngestAsync(default!, default!, default).ReturnsForAnyArgs(Samples.Ingested);

        (await _api.PostAsync("/api/data/validate?interval=5m&symbol=ibm", "any", null)).Status.ShouldBe(200);
        (await _api.PostAsync("/api/data/ingest", "any", "application/x-ndjson")).Status.ShouldBe(200);
        (await _api.PostAsync("/api/data/ingest?interval=1h&symbol=ge&source=desk-7&on_error=skip", "any")).Status.ShouldBe(200);

        await _api.Intake.Received().ValidateAsync(Arg.Any<Stream>(), new(BarInterval.FiveMinutes, "IBM"), Arg.Any<CancellationToken>());
        await _api.Intake.Received().IngestAsync(Arg.Any<Stream>(), new(BarInterval.OneDay), Arg.Any<CancellationToken>());
        await _api.Intake.Received().IngestAsync(Arg.Any<Stream>(), new(BarInterval.OneHour, "GE", "desk-7") { SkipBadRows = true }, Arg.Any<CancellationToken>());
    }

    [Fact]
    public async Task Parameters_ThatBreakRules_AreAllNamed_BeforeTheBodyIsRead()
    {
        (await _api.PostAsync("/api/data/ingest?interval=1w&symbol=a%20b&source=Desk%207&on_error=ignore&limit=3", "any")).Errors
            .ShouldBe(["interval form", "symbol form", "source form", "on_error form", "limit unknown_parameter"], ignoreOrder: true);
        await _api.Intake.DidNotReceiveWithAnyArgs().IngestAsync(default!, default!, default);
    }

    [Fact]
    public async Task IngestThatStopped_IsAProblem_ThatSaysWhatWasStoredAllTheSame()
    {
        _api.Intake.IngestAsync(default!, default!, default).ReturnsForAnyArgs(Samples.Stopped);

        var reply = await _api.PostAsync("/api/data/ingest", "any", "text/csv");

        (reply.Status, reply.Errors[0]).ShouldBe((400, "close number"));
        reply.Json.GetProperty("detail").GetString().ShouldBe(
            "Reading stopped at line 3, close: 'x' is not a decimal number. The 2 rows before it were taken; bringing them again changes nothing.");
        reply.Json.GetProperty("ingested").GetProperty("receipt").GetProperty("accepted").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task IngestOfNothing_IsSaidInASentence()
    {
        _api.Intake.IngestAsync(default!, default!, default).ReturnsForAnyArgs(Samples.Stopped with
        {
            Problem = "there is no row", Rows = new(0, 0, [new("no_rows", 1)], [new("file", "no_rows", "there is no row")]),
        });

        (await _api.PostAsync("/api/data/ingest", "date,open\n", "text/csv")).Json.GetProperty("detail").GetString()
            .ShouldBe("Nothing was taken: there is no row.");
    }

    [Fact]
    public async Task IngestThatFailed_SaysWhatWasStoredAllTheSame()
    {
        _api.Intake.IngestAsync(default!, default!, default).ReturnsForAnyArgs(
            Samples.Ingested with { End = IngestEnd.Failed, Problem = "bars of IBM could not be stored" }, Samples.Ingested);

        var reply = await _api.PostAsync("/api/data/ingest", "any", "text/csv");

        (reply.Status, reply.ContentType).ShouldBe((500, "application/problem+json"));
        reply.Json.GetProperty("ingested").GetProperty("symbols").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Defect_StaysInside()
    {
        _api.Intake.ValidateAsync(default!, default!, default).ThrowsAsyncForAnyArgs(new InvalidOperationException("secret"));

        var reply = await _api.PostAsync("/api/data/validate", "any", "text/csv");

        reply.Status.ShouldBe(500);
        reply.Text.ShouldNotContain("secret");
    }

    [Fact]
    public async Task BodyOf64Megabytes_IsReadAsItComes_OnlyWhenItIsAskedFor()
    {
        var body = new EndlessBody(64 << 20);
        var ahead = 0L;
        _api.Intake.ValidateAsync(default!, default!, default).ReturnsForAnyArgs(async call =>
        {
            var (input, buffer, read) = (call.Arg<Stream>(), new byte[1 << 16], 0L);
            while (await input.ReadAsync(buffer) is > 0 and var count)
            {
                read += count;
                ahead = Math.Max(ahead, body.Sent - read);
            }

            return Samples.Validation with { Accepted = read };
        });

        using var content = new StreamContent(body);
        var reply = await Reply.FromAsync(await _api.Http.PostAsync(new Uri("/api/data/validate", UriKind.Relative), content));

        reply.Json.GetProperty("accepted").GetInt64().ShouldBe(64 << 20);
        ahead.ShouldBeLessThan(16 << 20);
    }

    /// <summary>A body made while it is sent.</summary>
    sealed class EndlessBody(long length) : Stream
    {
        static readonly byte[] Row = Encoding.ASCII.GetBytes("2026-01-05,1,1,1,1,1,IBM\n");
        long _sent;

        public long Sent => Volatile.Read(ref _sent);
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => Sent; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var given = (int)Math.Min(count, length - _sent);
            for (var i = 0; i < given; i++) buffer[offset + i] = Row[(_sent + i) % Row.Length];
            Volatile.Write(ref _sent, _sent + given);
            return given;
        }

        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
