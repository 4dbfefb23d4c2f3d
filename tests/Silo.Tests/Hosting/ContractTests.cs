using System.Reflection;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Hosting.Tests;

/// <summary>What crosses from silo to silo: every contract, with every member set.</summary>
public sealed class ContractTests
{
    static readonly Type[] Contracts =
        [.. typeof(IPortfolioGrain).Assembly.GetTypes().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)))];

    [Fact]
    public void EveryContract_SurvivesTheWire()
    {
        using var services = new ServiceCollection().AddSerializer(serializer => serializer.AddLibraryMessages()).BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();

        foreach (var contract in Contracts)
        {
            var sent = Samples.Of(contract.IsGenericTypeDefinition ? contract.MakeGenericType(typeof(SignalDecision)) : contract);
            var received = serializer.Deserialize<object>(serializer.SerializeToArray<object>(sent));

            received.ShouldBeOfType(sent.GetType());
            JsonSerializer.Serialize(received).ShouldBe(JsonSerializer.Serialize(sent), contract.Name);
        }

        Contracts.Length.ShouldBeGreaterThan(20);
    }

    [Fact]
    public void EveryContract_HasANameOfItsOwn_ThatOutlivesARenaming()
    {
        var grains = typeof(IPortfolioGrain).Assembly.GetTypes()
            .Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)));

        var names = Contracts.Where(type => !type.IsEnum).Concat(grains)
            .Select(type => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? $"{type} has no alias").ToArray();

        names.ShouldAllBe(name => name.StartsWith("trading.", StringComparison.Ordinal));
        names.ShouldBeUnique();
    }
}
