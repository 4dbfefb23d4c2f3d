using System.Collections.Immutable;
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
            var sent = Sample(contract.IsGenericTypeDefinition ? contract.MakeGenericType(typeof(SignalDecision)) : contract);
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

    /// <summary>A value in which nothing is null, empty or the default of its type.</summary>
    static object Sample(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Sample(underlying);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type == typeof(string)) return "π ≠ 3";
        if (type == typeof(bool)) return true;
        if (type == typeof(DateOnly)) return new DateOnly(2026, 1, 5);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 1, 5, 12, 0, 0, 123, TimeSpan.FromHours(1));
        if (type == typeof(decimal)) return 12_345.678901234567m;
        if (type.IsPrimitive) return Convert.ChangeType(1.25, type, System.Globalization.CultureInfo.InvariantCulture);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? SampleArray(type.GetGenericArguments()[0])
            : SampleRecord(type);
    }

    static object SampleArray(Type element)
    {
        var items = Array.CreateInstance(element, 2);
        items.SetValue(Sample(element), 0);
        items.SetValue(Sample(element), 1);
        return typeof(ImmutableArray).GetMethods()
            .Single(method => method.Name == nameof(ImmutableArray.Create)
                && method.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    static object SampleRecord(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        var record = constructor.Invoke([.. constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType))]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(each => each.CanWrite))
            property.SetValue(record, Sample(property.PropertyType));
        return record;
    }
}
