using System.Collections.Immutable;
using NSubstitute;
using NSubstitute.ClearExtensions;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Api.Tests;

public sealed class ValidateSignalTests(ApiHost api) : IClassFixture<ApiHost>
{
    const string Path = "/api/risk/validate-signal";

    [Fact]
    public async Task Signal_ThatMayTrade_IsAnsweredWithTheDecision()
    {
        api.Risk.ValidateAsync(new Order("IBM", Side.Buy, 1000m, null, 0.85, null) { By = ApiHost.Caller }).Returns(Outcome.Done(Samples.Approval));

        var reply = await api.PostAsync(Path, """{"symbol":"IBM","action":"BUY","position_size":1000.0,"confidence":0.85}""");

        reply.Status.ShouldBe(200);
        reply.ContentType.ShouldBe("application/json");
        reply.Text.ShouldBe("""
            {"decision_id":"default:7","portfolio":"default","client_order_id":"order-1","symbol":"IBM","action":"BUY","quantity":1000,"confidence":0.85,"limit_price":null,
            "reference_price":182.5,"approved":true,"reserved_price":182.5,"expires_at":"2026-01-05T12:05:00+00:00","max_allowed_quantity":5000,"violations":[],
            "before":{"equity":1000000,"cash":990000.5,"gross_exposure":10000,"net_exposure":10000,"value_at_risk_95":0.011,
            "expected_shortfall_97_5":0.014,"position_weight":0.01,"sector_weight":null,"drawdown":0,"value_at_risk_99":null,"daily_loss":null},
            "after":{"equity":1000000,"cash":990000.5,"gross_exposure":10000,"net_exposure":10000,"value_at_risk_95":0.011,
            "expected_shortfall_97_5":0.014,"position_weight":0.01,"sector_weight":null,"drawdown":0,"value_at_risk_99":null,"daily_loss":null},
            "headroom":[],"limits_version":1,"risk_method":"historical/order_statistic/252d/1d","decided_at":"2026-01-05T12:00:00+00:00"}
            """.ReplaceLineEndings(""));
    }

    [Fact]
    public async Task Signal_TellsWhoeverListens_WhenItPassedEachLayer()
    {
        using var told = new ToldEvents(DecisionEvents.SourceName);
        var timed = RecordedDecision.Of(Samples.Approval.Read() with { DecisionId = "default:70707" });
        api.Risk.ValidateAsync(new Order("TIMED", Side.Buy, 1m, null, null, null) { By = ApiHost.Caller }).Returns(Outcome.Done(timed));

        await api.PostAsync(Path, """{"symbol":"TIMED","action":"BUY","position_size":1}""");

        await Wait.UntilAsync(() => told.Of("Answered").Any(one => one.Text("decision") == "default:70707"));
        var answered = told.Of("Answered").Single(one => one.Text("decision") == "default:70707");
        long[] moments = [.. new[] { "began", "identified", "read", "called", "decided" }.Select(answered.At)];
        moments.ShouldBeInOrder();
        moments[0].ShouldBePositive();
    }

    [Fact]
    public async Task Signal_ThatMayOnlyReduce_SaysSoToTheBook()
    {
        api.Risk.ValidateAsync(new Order("IBM", Side.Sell, 7m, null, null, null) { ReduceOnly = true, By = ApiHost.Caller }).Returns(Outcome.Done(Samples.Approval));

        var reply = await api.PostAsync(Path, """{"symbol":"IBM","action":"SELL","position_size":7,"reduce_only":true}""");

        reply.Status.ShouldBe(200);
    }

    [Fact]
    public async Task Signal_ThatIsRefused_IsAnAnswerWithBothNumbers()
    {
        api.Risk.ValidateAsync(new Order("AAPL", Side.Sell, 3m, "order-2", null, 10.5m) { By = ApiHost.Caller }).Returns(Outcome.Done(Samples.Refusal));

        var reply = await api.PostAsync(Path,
            """{"limit_price":10.50,"client_order_id":"order-2","position_size":3,"action":"SELL","symbol":" aapl ","confidence":null,"portfolio":"default"}""");

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("violations").GetRawText().ShouldBe(
            """[{"code":"value_at_risk_95","observed":0.035,"limit":0.03,"unit":"fraction","detail":"Value at risk after the trade is over its limit."}]""");
        reply.Json.GetProperty("headroom").GetRawText().ShouldBe(
            """[{"code":"expected_shortfall_97_5","observed":0.04,"limit":0.05,"headroom":0.01,"unit":"fraction"}]""");
    }

    [Fact]
    public async Task Signal_WithValuesThatAreMalformed_IsABadRequestWithEveryField()
    {
        api.Risk.ValidateAsync(new Order("IBM", Side.Buy, -5m, null, 7, null) { By = ApiHost.Caller }).Returns(Outcome.Invalid<RecordedDecision>(
            new FieldError("position_size", "positive", "position_size must be more than zero units; it is -5."),
            new FieldError("confidence", "range", "confidence must be a number from 0 to 1; it is 7.")));

        var reply = await api.PostAsync(Path, """{"symbol":"IBM","action":"BUY","position_size":-5,"confidence":7}""");

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(["position_size positive", "confidence range"]);
        reply.Text.ShouldContain("position_size must be more than zero units; it is -5.");
    }

    [Theory]
    [InlineData("""{}""", "symbol required|action required|position_size required")]
    [InlineData("""{"symbol":1,"action":"buy","position_size":"10","confidence":true,"size":3}""",
        "symbol type|action one_of|position_size type|confidence type|size unknown_member")]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":"NaN"}""", "position_size type")]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":"Infinity","confidence":"-Infinity"}""", "position_size type|confidence type")]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":1e400}""", "position_size range")]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":1,"confidence":1e400}""", "confidence range")]
    [InlineData("""{"symbol":null,"action":null,"position_size":null}""", "symbol required|action required|position_size required")]
    [InlineData("""{"symbol":"IBM","action":{"side":"BUY"},"position_size":[1]}""", "action type|position_size type")]
    [InlineData("""{"symbol":"IBM","symbol":"AAPL","action":"BUY","position_size":1}""", "symbol duplicate_member")]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":1,"portfolio":"Not An Id"}""", "portfolio form")]
    [InlineData("""{"symbol":"\ud800","action":"BUY","position_size":1,"\ud800":2}""", "symbol unicode|? unknown_member")]
    [InlineData("""{"\u0073ymbol":"IBM","action":"\u0042UY","position_size":1,"":2}""", " unknown_member")]
    [InlineData("""{"symbol":"IBM","action":"\ud800","position_size":1}""", "action one_of")]
    [InlineData("""{"Symbol":"IBM","action":"BUY","position_size":1}""", "Symbol unknown_member|symbol required")]
    [InlineData("""[]""", "$ type")]
    [InlineData("""null""", "$ type")]
    [InlineData(""" "BUY" """, "$ type")]
    public async Task Body_OfTheWrongShape_NamesEveryError(string body, string errors)
    {
        var reply = await api.PostAsync(Path, body);

        reply.Status.ShouldBe(400, reply.Text);
        reply.Errors.ShouldBe(errors.Split('|'));
    }

    [Theory]
    [InlineData("", 1, 0)]
    [InlineData("{", 1, 1)]
    [InlineData("""{"symbol":"IBM",}""", 1, 16)]
    [InlineData("{\n  \"symbol\": \"IBM\"\n  \"action\": \"BUY\" }", 3, 2)]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":NaN}""", 1, 47)]
    [InlineData("""{"symbol":"IBM","action":"BUY","position_size":1} {}""", 1, 50)]
    [InlineData("""{"a":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}""", 1, 20)]
    public async Task Body_ThatIsNoJson_NamesLineAndByte(string body, int line, int position)
    {
        var reply = await api.PostAsync(Path, body);

        reply.Status.ShouldBe(400);
        reply.Errors.Single().ShouldEndWith(" json");
        var error = reply.Json.GetProperty("errors")[0];
        error.GetProperty("field").GetString().ShouldStartWith("$");
        error.GetProperty("line").GetInt32().ShouldBe(line);
        error.GetProperty("message").GetString().ShouldStartWith($"Line {line}, byte {position}: ");
    }

    [Fact]
    public async Task Portfolio_ThatIsUnknown_IsNotFound()
    {
        var reply = await api.PostAsync(Path, """{"symbol":"IBM","action":"BUY","position_size":1,"portfolio":"nowhere"}""");

        reply.Status.ShouldBe(404);
        reply.Errors.ShouldBe(["portfolio unknown"]);
    }

    [Fact]
    public async Task Portfolio_NamedTwiceDifferently_IsRefused()
    {
        var reply = await api.PostAsync(Path + "?portfolio=default", """{"symbol":"IBM","action":"BUY","position_size":1,"portfolio":"nowhere"}""");

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(["portfolio one_book"]);
    }

    [Fact]
    public async Task Failure_InsideAGrain_ShowsNothingOfTheInsideAndIsNotTriedAgain()
    {
        var broken = api.Grain(Substitute.For<IRiskLimitGrain>(), "broken");
        broken.ValidateEachAsync(default).ReturnsForAnyArgs<ImmutableArray<Outcome<RecordedDecision>?>>(
            _ => throw new InvalidOperationException("secret inside"));

        var reply = await api.PostAsync(Path + "?portfolio=broken", """{"symbol":"IBM","action":"BUY","position_size":1}""");

        reply.Status.ShouldBe(500);
        reply.Errors.ShouldBeEmpty();
        reply.Text.ShouldNotContain("secret");
        reply.Text.ShouldContain("client_order_id");
        await broken.ReceivedWithAnyArgs(1).ValidateEachAsync(default);
        await broken.DidNotReceiveWithAnyArgs().ValidateAsync(default!);
        broken.ClearSubstitute();
    }
}
