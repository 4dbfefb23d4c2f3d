using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Trading.Secrets;

namespace Trading.Configuration;

/// <summary>A broken rule of the settings.</summary>
/// <param name="Path">The setting, or the file or variable that is no setting.</param>
/// <param name="Rule">A stable word: <c>unknown</c>, <c>type</c>, <c>form</c>, <c>value</c>, <c>relation</c>, <c>one_of</c>, <c>json</c>.</param>
/// <param name="Value">What stands there; null where nothing does, or where it is secret.</param>
/// <param name="Message">The whole of it in a sentence.</param>
public sealed record SettingsViolation(string Path, string Rule, string? Value, string Message);

/// <param name="Hash">Of the settings in effect, without secrets; null where they are not valid.</param>
public sealed record SettingsReport(bool Valid, string Environment, string? Hash, ImmutableArray<SettingsViolation> Violations);

/// <summary>Settings break rules; nothing was started.</summary>
sealed class SettingsException(SettingsReport report) : Exception($"{report.Violations.Length} settings are broken.")
{
    public SettingsReport Report => report;
}

/// <summary>Holds settings against every rule at once, without a host: names, types, the rules of each options class, and those
/// between classes.</summary>
static class SettingsCheck
{
    public static SettingsReport Run(SettingsLayers layers)
    {
        SettingsViolation[] unknown = [.. layers.Layers.SelectMany(Unknown)];
        SettingsViolation[] mistyped = [.. layers.Layers.SelectMany(layer => Mistyped(layer, layers))];
        // What cannot be read leaves its default behind, so that the other rules can be judged.
        using var services = Bind(layers.Build(mistyped.Select(violation => violation.Path)));
        ImmutableArray<SettingsViolation> violations =
        [
            .. layers.Faults, .. unknown, .. mistyped, .. Uncovered(layers), .. SettingsCatalog.Instance.Types.SelectMany(type => Broken(services, type)),
            .. SettingsRelations.Broken(services, layers.Environment, layers.HasMasterKey),
        ];
        return new(violations.IsEmpty, layers.Environment.Name(),
            violations.IsEmpty ? SettingsHash.Of(services) : null, [.. violations.Select(violation => Covered(violation, layers)).Distinct()]);
    }

    /// <summary>A rule repeats what it was given: what came from the vault, or is called like a secret, is taken out again.</summary>
    static SettingsViolation Covered(SettingsViolation violation, SettingsLayers layers)
    {
        foreach (var layer in layers.Layers)
            foreach (var (setting, value) in layer.Values)
                if (!string.IsNullOrEmpty(value) && (layer.Origin == VaultSettings.Origin || SettingsSecrets.IsSecret(setting)))
                    violation = violation with
                    {
                        Value = violation.Value?.Contains(value, StringComparison.Ordinal) == true ? null : violation.Value,
                        Message = violation.Message.Replace(value, "…", StringComparison.Ordinal),
                    };
        return violation;
    }

    /// <summary>The options that settings give.</summary>
    public static ServiceProvider Bind(IConfiguration settings)
    {
        var services = new ServiceCollection();
        foreach (var service in SettingsCatalog.Instance.Services) ((ICollection<ServiceDescriptor>)services).Add(service);
        services.AddSingleton(settings);
        return services.BuildServiceProvider();
    }

    static IEnumerable<SettingsViolation> Unknown(SettingsLayer layer) =>
        from setting in layer.Values.Keys.Order(StringComparer.Ordinal)
        where SettingsCatalog.Instance.Find(setting) is null
        let near = SettingsCatalog.Instance.Nearest(setting)
        select new SettingsViolation(setting, "unknown", null,
            $"{Shown(setting)} ({layer.Origin}) is no setting{(near is null ? "; trading config template lists them all." : $"; did you mean {near}?")}");

    /// <summary>Outside development no secret stands in a file or on a command line, where others read it.</summary>
    static IEnumerable<SettingsViolation> Uncovered(SettingsLayers layers) =>
        from layer in layers.Environment == TradingEnvironment.Development ? [] : layers.Layers
        where layer.IsOpen
        from setting in layer.Values
        where !string.IsNullOrEmpty(setting.Value) && SettingsSecrets.IsSecret(setting.Key)
        select new SettingsViolation(setting.Key, "secret", null,
            $"{Shown(setting.Key)} is a secret in the clear ({layer.Origin}); bring it with: trading secrets set {Shown(setting.Key)}");

    /// <summary>Of a value that a later layer replaces nothing is said.</summary>
    static IEnumerable<SettingsViolation> Mistyped(SettingsLayer layer, SettingsLayers layers)
    {
        foreach (var (setting, value) in layer.Values.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (layers.Find(setting)?.Origin != layer.Origin) continue;
            var words = SettingsCatalog.Instance.Find(setting) switch
            {
                SettingLeaf leaf => leaf.Refusal(value),
                SettingMany { IsMap: true } when !string.IsNullOrEmpty(value) => "a section of names with values",
                SettingMany when !string.IsNullOrEmpty(value) => $"a list ({setting}:0=…, {setting}:1=…)",
                SettingObject when !string.IsNullOrEmpty(value) => "a section",
                _ => null,
            };
            if (words is null) continue;
            var isSecret = SettingsSecrets.IsSecret(setting);
            yield return new(setting, "type", isSecret ? null : value,
                isSecret ? $"{setting} ({layer.Origin}) must be {words}." : $"{setting} is '{Shown(value)}' ({layer.Origin}); it must be {words}.");
        }
    }

    static IEnumerable<SettingsViolation> Broken(IServiceProvider services, Type type)
    {
        try
        {
            _ = SettingsCatalog.Value(services, type);
            return [];
        }
        catch (OptionsValidationException broken)
        {
            return broken.Failures.Select(failure => Named(failure, SettingsCatalog.SectionOf(type)));
        }
    }

    /// <summary>A failure's text begins with the name of the setting.</summary>
    static SettingsViolation Named(string failure, string section)
    {
        var first = failure.Split(' ', 2)[0].TrimEnd(':', ',', ';');
        return new(first.Contains(':', StringComparison.Ordinal) || SettingsCatalog.Instance.Find(first) is not null ? first : section, "value", null, failure);
    }

    static string Shown(string? text) => Trading.Api.PlainText.Of(text);
}
