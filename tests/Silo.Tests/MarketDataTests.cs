using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>Bars that somebody brings, in the real program: in over HTTP, through the rules into the store, and out again.</summary>
public sealed class MarketDataTests(StartedProgram running) : IClassFixture<StartedProgram>
{
    readonly TradingProcess _program = running.Program;

    [Fact]
    public async Task Bars_AreKept_Corrected_AndReadAsTheyWereKnown()
    {
        var ingested = await SendAsync("ingest?source=desk", Bars("ACME"));
        (Counts(ingested, "accepted"), Counts(ingested, "quarantined"), Counts(ingested, "unchanged")).ShouldBe((60, 0, 0));
        Counts(await SendAsync("ingest?source=desk", Bars("ACME")), "unchanged").ShouldBe(60);

        var first = (await _program.GetAsync("/api/data/bars/acme?limit=1")).GetProperty("bars")[0];
        (first.GetProperty("source").GetString(), first.GetProperty("verdict").GetString()).ShouldBe(("desk", "accept"));
        var (time, known, close) = (first.GetProperty("time").GetDateTimeOffset(), first.GetProperty("known_at").GetString()!, first.GetProperty("close").GetDecimal());
        var corrected = await SendAsync("ingest", Bar("ACME", time, close + 0.5m));
        Counts(corrected, "corrected").ShouldBe(1);

        (await CloseAsync("")).ShouldBe(close + 0.5m);
        (await CloseAsync($"&as_of={Uri.EscapeDataString(known)}")).ShouldBe(close);

        async Task<decimal> CloseAsync(string more) => (await _program.GetAsync($"/api/data/bars/acme?limit=1{more}")).GetProperty("bars")[0].GetProperty("close").GetDecimal();
    }

    [Fact]
    public async Task DoubtfulBar_WaitsInQuarantine_UntilAPersonReleasesIt()
    {
        var last = Days(61)[^1];
        var wick = $$"""{"symbol":"WICK","date":"{{last:yyyy-MM-dd}}","open":100,"high":101,"low":4,"close":100.5,"volume":1000}""";
        Counts(await SendAsync("ingest", Bars("WICK") + wick + "\n"), "quarantined").ShouldBe(1);

        var held = (await _program.GetAsync("/api/data/quarantine?symbol=wick")).EnumerateArray().ShouldHaveSingleItem();
        held.GetProperty("bar").GetProperty("rule").GetString().ShouldBe("wick");
        (await _program.GetAsync("/api/data/quality/WICK")).GetProperty("quality").GetProperty("quarantined").GetInt32().ShouldBe(1);
        (await _program.GetAsync("/api/data/bars/WICK?adjusted=true")).GetProperty("bars").GetArrayLength().ShouldBe(60);

        var released = await _program.PostAsync("/api/data/quarantine/WICK/release", new { time = $"{last:yyyy-MM-dd}", by = "ada", reason = "seen on the tape" });

        (released.GetProperty("verdict").GetString(), released.GetProperty("note").GetString()).ShouldBe(("accept", "released by ada: seen on the tape"));
        (await _program.GetAsync("/api/data/quarantine?symbol=WICK")).GetArrayLength().ShouldBe(0);
        (await _program.GetAsync("/api/data/bars/WICK?adjusted=true")).GetProperty("bars").GetArrayLength().ShouldBe(61);
    }

    [Fact]
    public async Task BadRow_StopsTheIntake_OrIsPassedOver_AndTheAnswerSaysWhatWasStored()
    {
        const string csv = "date,open,high,low,close,volume\n2025-01-02,10,11,9,10,5\n2025-01-03,10,eleven,9,10,5\n2025-01-06,10,11,9,10,5\n";

        var (status, stopped) = await TrySendAsync("ingest?symbol=BAD", csv);

        (status, stopped.GetProperty("errors")[0].GetProperty("line").GetInt32(), stopped.GetProperty("ingested").GetProperty("receipt").GetProperty("accepted").GetInt32())
            .ShouldBe((HttpStatusCode.BadRequest, 3, 1));
        var skipped = await SendAsync("ingest?symbol=BAD&on_error=skip", csv);
        (Counts(skipped, "unchanged"), Counts(skipped, "accepted"), skipped.GetProperty("rows").GetProperty("bad").GetInt32()).ShouldBe((1, 1, 1));
    }

    [Fact]
    public async Task Validation_OfAFiveMegabyteBody_FindsWhatIsWrong_AndStoresNothing()
    {
        var csv = new StringBuilder("time,open,high,low,close,volume\n");
        var start = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        for (var minute = 0; csv.Length < 5 << 20; minute++)
            csv.Append(CultureInfo.InvariantCulture, $"{start.AddMinutes(minute):yyyy-MM-ddTHH:mm:ssZ},100.25,100.75,{(minute == 50_000 ? "120" : "99.75")},{(minute == 70_000 ? "?" : $"100.{10 + minute % 7}")},12\n");

        var report = await SendAsync("validate?symbol=BTCUSDT&interval=1m", csv.ToString());

        report.GetProperty("rows").GetProperty("errors").EnumerateArray().ShouldHaveSingleItem().GetProperty("line").GetInt32().ShouldBe(70_002);
        var symbol = report.GetProperty("symbols").EnumerateArray().ShouldHaveSingleItem();
        symbol.GetProperty("rejected").GetInt32().ShouldBe(1);
        symbol.GetProperty("rules").EnumerateArray().Select(rule => rule.GetProperty("rule").GetString()).ShouldBe(["impossible_bar", "gap"], ignoreOrder: true);
        (await _program.GetAsync("/api/data/bars/BTCUSDT?interval=1m")).GetProperty("bars").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task BodyOf200000Rows_IsTakenAsItComes()
    {
        using var content = new PushContent(async (body, _) =>
        {
            var random = new Random(7);
            var (time, price) = (new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc), 100.0);
            await using var writer = new StreamWriter(body, leaveOpen: true);
            for (var row = 0; row < 200_000; row++)
            {
                var close = price * Math.Exp(0.001 * (random.NextDouble() - 0.5));
                var (high, low) = (1.0001 * Math.Max(price, close), 0.9999 * Math.Min(price, close));
                writer.Write(string.Create(CultureInfo.InvariantCulture,
                    $$"""{"symbol":"{{(row % 2 == 0 ? "ETHUSDT" : "SOLUSDT")}}","time":"{{time.AddMinutes(row / 2):O}}","open":{{price:F4}},"high":{{high:F4}},"low":{{low:F4}},"close":{{close:F4}},"volume":3}""") + "\n");
                if (row % 2 == 1) price = close;
            }
        });

        using var response = await _program.Client.PostAsync(new Uri("/api/data/ingest?interval=1m", UriKind.Relative), content);

        var report = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        response.StatusCode.ShouldBe(HttpStatusCode.OK, report.ToString());
        (Counts(report, "accepted") + Counts(report, "quarantined") + Counts(report, "rejected")).ShouldBe(200_000);
        report.GetProperty("symbols").EnumerateArray().Select(symbol => symbol.GetProperty("symbol").GetString()).ShouldBe(["ETHUSDT", "SOLUSDT"]);
    }

    [Fact]
    public async Task Sources_AreListed()
    {
        var replay = (await _program.GetAsync("/api/data/sources")).EnumerateArray().Single(source => source.GetProperty("source").GetString() == "replay");

        (replay.GetProperty("state").GetString(), replay.GetProperty("breaker").GetString()).ShouldBe(("trusted", "closed"));
        replay.GetProperty("served").GetInt64().ShouldBeGreaterThanOrEqualTo(30);
    }

    [Fact]
    public async Task Import_BesideTheRunningProgram_IsLeftToIt()
    {
        var data = Directory.CreateDirectory(Path.Combine(running.Folder, "data")).FullName;
        await File.WriteAllTextAsync(Path.Combine(data, "acme.csv"), "date,open,high,low,close\n2025-01-02,1,1,1,1\n");

        var (exitCode, _, errors) = await TradingProcess.RunAsync(["data", "import", data, "--set", $"store:path={Path.Combine(running.Folder, "trading.db")}", "logging:file="]);

        exitCode.ShouldBe(1);
        errors.ShouldContain("trading.db");
        errors.ShouldContain("/api/data/ingest");
        (await _program.GetAsync("/health")).GetProperty("status").GetString().ShouldNotBeNull();
    }

    static int Counts(JsonElement report, string what) => report.GetProperty("receipt").GetProperty(what).GetInt32();

    async Task<JsonElement> SendAsync(string path, string body)
    {
        var (status, answer) = await TrySendAsync(path, body);
        status.ShouldBe(HttpStatusCode.OK, answer.ToString());
        return answer;
    }

    async Task<(HttpStatusCode Status, JsonElement Answer)> TrySendAsync(string path, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/x-ndjson");
        using var response = await _program.Client.PostAsync(new Uri($"/api/data/{path}", UriKind.Relative), content);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement);
    }

    /// <summary>Working days from the middle of a quarter without holidays.</summary>
    static DateTime[] Days(int count) =>
        [.. Enumerable.Range(0, 200).Select(day => new DateTime(2025, 7, 7).AddDays(day)).Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday) && day != new DateTime(2025, 9, 1)).Take(count)];

    static string Bars(string symbol) => string.Concat(Days(60).Select((day, index) => Bar(symbol, new(day, TimeSpan.Zero), 100m + index % 5 * 0.3m)));

    static string Bar(string symbol, DateTimeOffset time, decimal close) => string.Create(CultureInfo.InvariantCulture,
        $$"""{"symbol":"{{symbol}}","date":"{{time:yyyy-MM-dd}}","open":100,"high":{{close + 1}},"low":99,"close":{{close}},"volume":{{1_000 + time.Day}}}""") + "\n";

    /// <summary>A body that is made while it is sent.</summary>
    sealed class PushContent(Func<Stream, CancellationToken, Task> write) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream, CancellationToken.None);

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
