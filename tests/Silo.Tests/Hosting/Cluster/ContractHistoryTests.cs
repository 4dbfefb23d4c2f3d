using System.Reflection;
using System.Text.RegularExpressions;
using Trading.Portfolios;
using Trading.Testing;

namespace Trading.Hosting.Tests;

/// <summary>In a rolling update silos of two releases call each other: what the previous release sends and asks for
/// must be understood. Its messages and methods are in Recorded/contracts.txt; a release records its own with
/// <c>RECORD_CONTRACTS=1 ./test hosting</c>, once the one before it runs nowhere any more.</summary>
public sealed partial class ContractHistoryTests
{
    static readonly string Recorded =
        Path.Combine(RepositoryFiles.Root, "tests/Silo.Tests/Hosting/Recorded/contracts.txt");

    [Fact]
    public async Task EveryMessageAndMethodOfThePreviousRelease_IsStillThere()
    {
        if (Environment.GetEnvironmentVariable("RECORD_CONTRACTS") == "1")
            await File.WriteAllLinesAsync(
                Recorded, Lines().Order(StringComparer.Ordinal), TestContext.Current.CancellationToken);

        var before = await File.ReadAllLinesAsync(Recorded, TestContext.Current.CancellationToken);

        // What may be absent now is written as before where it is there.
        var now = Lines().SelectMany(line => new[] { line, Nullable().Replace(line, "${type}") });
        before.Except(now).ShouldBeEmpty("the previous release sends or asks for these");
        before.Length.ShouldBeGreaterThan(100);
    }

    [Fact]
    public void WhatAddsToAMessage_HasADefault()
    {
        var before = File.ReadAllLines(Recorded).Select(line => line.Split(' ')[0]).ToHashSet();
        foreach (
            var (contract, parameter) in Messages()
            .SelectMany(contract => Positional(contract).Select(parameter => (contract, parameter))))
            if (before.Any(line => line.StartsWith($"{NameOf(contract)}#", StringComparison.Ordinal))
                && !before.Contains($"{NameOf(contract)}#{parameter.Position}"))
                parameter.HasDefaultValue.ShouldBeTrue(
                    $"{contract.Name}.{parameter.Name} is new, and a message of the previous release has none");
    }

    /// <summary>One for each member of a message (by number) and each method of a grain.</summary>
    static IEnumerable<string> Lines() =>
    [
        .. Messages().Where(type => !type.IsEnum)
            .SelectMany(
            type => Numbered(type).Select(member => $"{NameOf(type)}#{member.Number} {TypeName(member.Type)}")),
        .. Messages().Where(type => type.IsEnum)
            .SelectMany(
            type => Enum.GetNames(type)
            .Select(name =>
            $"{type.FullName}.{name} {Convert.ToInt64(Enum.Parse(type, name), System.Globalization.CultureInfo.InvariantCulture)}")),
        .. Contracts().Where(type => type.IsInterface && type.IsAssignableTo(typeof(IGrain)))
            .SelectMany(grain => grain.GetMethods()
            .Select(method =>
                $"{NameOf(grain)}.{method.Name}({string.Join(",", method.GetParameters().Select(parameter => TypeName(parameter.ParameterType)))}):{TypeName(method.ReturnType)}")),
    ];

    static IEnumerable<Type> Contracts() => typeof(IPortfolioGrain).Assembly.GetTypes();

    static IEnumerable<Type> Messages() =>
        Contracts().Where(type => type.IsDefined(typeof(GenerateSerializerAttribute)));

    /// <summary>Members with a number of their own, and those of the constructor, which are numbered by their
    /// place.</summary>
    static IEnumerable<(string Number, Type Type)> Numbered(Type type) =>
    [
        .. from member in type.GetMembers(
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
           let id = member.GetCustomAttribute<IdAttribute>()
           where id is not null
           select ($"id{id.Id}", member is PropertyInfo property ? property.PropertyType
               : ((FieldInfo)member).FieldType),
        .. Positional(type).Select(parameter => ($"{parameter.Position}", parameter.ParameterType)),
    ];

    static IEnumerable<ParameterInfo> Positional(Type type) =>
        type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)?.GetParameters() ?? [];

    static string NameOf(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName!;

    static string TypeName(Type type) => !type.IsGenericType ? NameOf(type)
        : $"{type.Name[..type.Name.IndexOf('`')]}<{string.Join(",", type.GetGenericArguments().Select(TypeName))}>";

    [GeneratedRegex("Nullable<(?<type>[^<>]+)>$")]
    private static partial Regex Nullable();
}
