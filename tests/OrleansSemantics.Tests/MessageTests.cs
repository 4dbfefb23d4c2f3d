using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace Trading.OrleansSemantics.Tests;

/// <summary>What silos of two releases rely on when they send each other messages.</summary>
public sealed class MessageTests
{
    [Fact]
    public void AMember_ThatMayBeAbsentNow_IsReadAsBefore_AndTheOtherWayRound()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var (before, now) = (services.GetRequiredService<Serializer<Before>>(), services.GetRequiredService<Serializer<Now>>());

        now.Deserialize(before.SerializeToArray(new(12.5m, "IBM"))).ShouldBe(new(12.5m, "IBM"));
        before.Deserialize(now.SerializeToArray(new(12.5m, "IBM"))).ShouldBe(new(12.5m, "IBM"));
        now.Deserialize(now.SerializeToArray(new(null, "IBM"))).ShouldBe(new(null, "IBM"));
    }
}

[GenerateSerializer, Alias("orleans-semantics.tests.before")]
public sealed record Before(decimal Amount, string Symbol);

[GenerateSerializer, Alias("orleans-semantics.tests.now")]
public sealed record Now(decimal? Amount, string Symbol);
