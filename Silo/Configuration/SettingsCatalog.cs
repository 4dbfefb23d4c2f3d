using System.Collections.Immutable;
using System.Reflection;
using Microsoft.Extensions.Options;
using Trading.Alerts;
using Trading.Api;
using Trading.Hosting;
using Trading.MarketData;
using Trading.Models;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Configuration;

/// <summary>Every setting that there is, as the options classes say: their sections, the keys of their members, types and
/// defaults. A class is found by being registered; a new one needs nothing here but a constant <c>Section</c>.</summary>
sealed class SettingsCatalog
{
    /// <summary>Sections that a library reads in its own way.</summary>
    static readonly string[] Foreign = ["serilog"];

    readonly SettingObject _root;

    SettingsCatalog()
    {
        Services = new ServiceCollection();
        Areas(Services);
        Types = [.. Services.Select(service => service.ServiceType)
            .Where(type => type is { IsGenericType: true } && type.GetGenericTypeDefinition() == typeof(IConfigureOptions<>))
            .Select(type => type.GetGenericArguments()[0]).Where(SettingTree.IsOurs).Distinct()];
        _root = SettingTree.Of(Types.Select(type => (SectionOf(type), type)), Foreign);
    }

    public static SettingsCatalog Instance { get; } = new();

    public ImmutableArray<Type> Types { get; }

    /// <summary>The registrations, by which options are bound and checked without a host.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The first parts of all names.</summary>
    public IReadOnlySet<string> Roots => _root.Children.Keys.ToHashSet(StringComparer.OrdinalIgnoreCase);

    public SettingObject Root => _root;

    /// <summary>The node of a name; null where there is no such setting.</summary>
    public SettingNode? Find(string path)
    {
        SettingNode? node = _root;
        foreach (var part in path.Split(':')) node = node?.Child(part);
        return node;
    }

    /// <summary>The known name that looks most like this one; null where none does.</summary>
    public string? Nearest(string path) => EditDistance.Nearest(path, _root.Paths(""));

    /// <summary>The name of the section that an options class is bound to.</summary>
    public static string SectionOf(Type type) =>
        type.GetField("Section", BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static)?.GetRawConstantValue() as string
        ?? throw new InvalidOperationException($"{type} needs 'public const string Section' with the name of its section, so that its settings are known.");

    /// <summary>The options of a class, bound and checked.</summary>
    /// <exception cref="OptionsValidationException">They break a rule.</exception>
    public static object Value(IServiceProvider services, Type type)
    {
        var options = typeof(IOptions<>).MakeGenericType(type);
        return options.GetProperty(nameof(IOptions<object>.Value))!
            .GetValue(services.GetRequiredService(options), BindingFlags.DoNotWrapExceptions, null, null, null)!;
    }

    /// <summary>What <see cref="TradingHost"/> composes, as far as it has settings.</summary>
    static void Areas(IServiceCollection services)
    {
        services.AddLogging();
        services.AddMarketData().AddBarIntake().AddPortfolios().AddRisk().AddModels().AddOperations().AddAlerts().AddTradingApi();
        services.AddPaperBroker();
        services.AddHostOptions();
    }
}
