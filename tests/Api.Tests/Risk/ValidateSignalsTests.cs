using System.Collections.Immutable;
using NSubstitute;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class ValidateSignalsTests(ApiHost api) : IClassFixture<ApiHost>
{
    const string Path = "/api/risk/validate-signals";
    const string Signal = """{"symbol":"IBM","action":"BUY","position_size":1}""";

    [Fact]
    public async Task Batch_IsAnsweredInOrder_WithMalformedSignalsInTheirPlace()
    {
        api.Risk.ValidateManyAsync(Arg.Is<ImmutableArray<Order>>(orders => orders.Length == 3 && orders[1].Quantity == -5m))
            .Returns(Outcome.Done<ImmutableArray<RecordedDecision>>([Samples.Approval, Samples.Malformed, Samples.Refusal]));

        var reply = await api.PostAsync(Path, $$"""[{{Signal}},{"symbol":"IBM","action":"BUY","position_size":-5},{{Signal}}]""");

        reply.Status.ShouldBe(200);
        reply.Json.EnumerateArray().Select(decision => decision.GetProperty("approved").GetBoolean()).ShouldBe([true, false, false]);
        reply.Json[1].GetProperty("violations")[0].GetProperty("code").GetString().ShouldBe("malformed");
    }

    [Fact]
    public async Task Batch_WithItemsOfTheWrongShape_NamesTheirPlacesAndDecidesNothing()
    {
        api.Risk.ClearReceivedCalls();

        var reply = await api.PostAsync(Path, $$"""[{{Signal}},{"symbol":"IBM","action":"HOLD","position_size":1},3,{"symbol":"IBM"}]""");

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(["[1].action one_of", "[2] type", "[3].action required", "[3].position_size required"]);
        await api.Risk.DidNotReceiveWithAnyArgs().ValidateManyAsync(default);
    }

    [Fact]
    public async Task Batch_ThatBreaksOff_NamesThePlace()
    {
        var reply = await api.PostAsync(Path, $$"""[{{Signal}},{"symbol":"IBM","action":BUY}]""");

        reply.Errors.ShouldBe(["$[1].action json"]);
    }

    [Fact]
    public async Task Batch_OfTenThousand_Fits_AndOneMoreIsRefused()
    {
        api.Risk.ValidateManyAsync(Arg.Is<ImmutableArray<Order>>(orders => orders.Length == 10_000)).Returns(call =>
            Outcome.Done(call.Arg<ImmutableArray<Order>>().Select(_ => Samples.Refusal).ToImmutableArray()));
        var longest = $$"""{"symbol":"{{new string('A', 64)}}","action":"BUY","position_size":{{new string('9', 28)}},"confidence":0.{{new string('1', 20)}},"client_order_id":"{{new string('x', 64)}}","limit_price":{{new string('9', 28)}},"portfolio":"default"}""";

        var fits = await api.PostAsync(Path, $"[{string.Join(',', Enumerable.Repeat(longest, 10_000))}]");
        var tooMany = await api.PostAsync(Path, $"[{string.Join(',', Enumerable.Repeat(Signal, 10_001))}]");

        fits.Status.ShouldBe(200);
        fits.Json.GetArrayLength().ShouldBe(10_000);
        tooMany.Status.ShouldBe(400);
        tooMany.Errors.ShouldBe(["$ max_items"]);
        tooMany.Text.ShouldContain("at most 10000 items; it holds 10001");
    }

    [Fact]
    public async Task Batch_OfNothingSound_ListsABoundedNumberOfErrors()
    {
        var reply = await api.PostAsync(Path, $"[{string.Join(',', Enumerable.Repeat("{}", 5_000))}]");

        reply.Errors.Length.ShouldBe(100);
        reply.Errors[^1].ShouldBe("$ more");
    }

    [Fact]
    public async Task Batch_OfSeveralBooks_IsRefused()
    {
        var reply = await api.PostAsync(Path, $$"""[{"symbol":"IBM","action":"BUY","position_size":1,"portfolio":"alpha"},{{Signal}}]""");

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(["[1].portfolio one_book"]);
    }

    [Fact]
    public async Task Batch_ThatIsEmpty_IsAnsweredEmpty()
    {
        api.Risk.ValidateManyAsync(Arg.Is<ImmutableArray<Order>>(orders => orders.IsEmpty)).Returns(Outcome.Done<ImmutableArray<RecordedDecision>>([]));

        (await api.PostAsync(Path, "[]")).Text.ShouldBe("[]");
    }
}
