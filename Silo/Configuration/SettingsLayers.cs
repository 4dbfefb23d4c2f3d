using System.Collections.Immutable;
using Microsoft.Extensions.Configuration.Memory;
using Trading.Secrets;

namespace Trading.Configuration;

/// <summary>Settings of one origin.</summary>
/// <param name="Origin">Where a person finds them.</param>
sealed record SettingsLayer(string Origin, ImmutableDictionary<string, string?> Values)
{
    /// <summary>Whether others can read what is written there.</summary>
    public bool IsOpen => Origin.EndsWith(".json", StringComparison.Ordinal) || Origin == "--set";
}

/// <summary>The settings in their layers; a later one wins: the base (<c>appsettings.json</c>), the environment's
/// (<c>appsettings.production.json</c> beside the program, then <c>config/production.json</c> in the working folder), environment
/// variables (<c>.env</c>, then the process's own), and the command line. Secrets of the vault come between files and variables.</summary>
/// <param name="Faults">What could not be taken for a setting at all.</param>
sealed record SettingsLayers(
    TradingEnvironment Environment, ImmutableArray<SettingsLayer> Layers, ImmutableArray<SettingsViolation> Faults)
{
    public const string Base = "appsettings.json", EnvironmentFile = ".env", Folder = "config";

    /// <summary>Layers that are files; the vault's comes behind them.</summary>
    public const int FilesCount = 3;

    /// <summary>Whether there is a key to the vault.</summary>
    public bool HasMasterKey { get; init; }

    /// <summary>A value that a setting has, and where from; null where no layer names it.</summary>
    public (string? Value, string Origin)? Find(string path)
    {
        for (var index = Layers.Length - 1; index >= 0; index--)
            if (Layers[index].Values.TryGetValue(path, out var value)) return (value, Layers[index].Origin);
        return null;
    }

    /// <summary>All settings, those excepted that cannot be used.</summary>
    public IConfigurationRoot Build(IEnumerable<string>? except = null)
    {
        var left = (except ?? []).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var builder = new ConfigurationBuilder();
        AddTo(builder, left);
        return builder.Build();
    }

    public void AddTo(IConfigurationBuilder builder, IReadOnlySet<string>? except = null)
    {
        foreach (var layer in Layers)
            builder.Add(new MemoryConfigurationSource
            {
                InitialData = layer.Values.Where(setting => except?.Contains(setting.Key) != true),
            });
    }

    /// <param name="settings">Of the command line, each <c>key=value</c>.</param>
    public static SettingsLayers Read(IReadOnlyList<string> settings) => VaultSettings.With(ReadWithoutVault(settings));

    public static SettingsLayers ReadWithoutVault(IReadOnlyList<string> settings) => Read(
        settings, AppContext.BaseDirectory, Directory.GetCurrentDirectory(), System.Environment.GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>().ToDictionary(pair => (string)pair.Key, pair => pair.Value as string ?? ""));

    /// <param name="program">The folder of the program.</param>
    /// <param name="work">The folder that the program was started in.</param>
    /// <param name="variables">Of the process.</param>
    public static SettingsLayers Read(
        IReadOnlyList<string> settings, string program, string work, IReadOnlyDictionary<string, string> variables)
    {
        var faults = ImmutableArray.CreateBuilder<SettingsViolation>();
        var named = EnvironmentLines.Read(Path.Combine(work, EnvironmentFile), faults);
        var wanted = variables.GetValueOrDefault(TradingEnvironments.Variable) ?? named.GetValueOrDefault(TradingEnvironments.Variable);
        var environment = TradingEnvironments.Parse(wanted);
        if (environment is null)
            faults.Add(new(TradingEnvironments.Variable, "one_of", wanted,
                $"{TradingEnvironments.Variable} is '{wanted}'; it can be {string.Join(", ", TradingEnvironments.Names)}."));
        var name = (environment ?? TradingEnvironment.Production).Name();
        ImmutableArray<SettingsLayer> layers =
        [
            JsonFile(program, Base, faults),
            JsonFile(program, $"appsettings.{name}.json", faults),
            JsonFile(work, Path.Combine(Folder, $"{name}.json"), faults),
            Variables(EnvironmentFile, named),
            Variables("the environment", variables),
            CommandLine(settings, faults),
        ];
        var read = new SettingsLayers(environment ?? TradingEnvironment.Production, layers, faults.ToImmutable());
        return read with { HasMasterKey = variables.ContainsKey(MasterKeys.Variable) || !string.IsNullOrWhiteSpace(read.Find("vault:master_key_file")?.Value) };
    }

    static SettingsLayer JsonFile(string folder, string name, ImmutableArray<SettingsViolation>.Builder faults)
    {
        var path = Path.Combine(folder, name);
        if (!File.Exists(path)) return new(name, Empty);
        try
        {
            var values = new ConfigurationBuilder().AddJsonFile(path).Build().AsEnumerable().Where(pair => pair.Value is not null);
            return new(name, values.ToImmutableDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase));
        }
        catch (Exception broken) when (broken is InvalidDataException or FormatException or IOException)
        {
            faults.Add(new(name, "json", null, $"{path} cannot be read: {Innermost(broken).Message}"));
            return new(name, Empty);
        }
    }

    /// <summary>Of an environment only what is a setting: the variables of other programs are none of ours.</summary>
    static SettingsLayer Variables(string origin, IReadOnlyDictionary<string, string> variables)
    {
        var roots = SettingsCatalog.Instance.Roots;
        var values = Empty.ToBuilder();
        foreach (var (variable, value) in variables)
            if (PlainVariables.Setting(variable) is { } setting && value.Length > 0)
                values[setting] = PlainVariables.Value(variable, value);
        foreach (var (variable, value) in variables)
            if (variable.Replace("__", ":", StringComparison.Ordinal) is var path && roots.Contains(path.Split(':')[0])
                && (path.Contains(':', StringComparison.Ordinal) || SettingsCatalog.Instance.Find(path) is SettingLeaf))
                values[path] = value;
        return new(origin, values.ToImmutable());
    }

    static SettingsLayer CommandLine(IReadOnlyList<string> settings, ImmutableArray<SettingsViolation>.Builder faults)
    {
        var values = Empty.ToBuilder();
        foreach (var setting in settings)
            if (setting.IndexOf('=', StringComparison.Ordinal) is > 0 and var at) values[setting[..at].Replace("__", ":", StringComparison.Ordinal)] = setting[(at + 1)..];
            else
                faults.Add(new(setting, "form", null, $"'{setting}' is no setting: --set takes name=value."
                    + (SettingsCatalog.Instance.Nearest(setting) is { } near ? $" Did you mean {near}=…?" : "")));
        return new("--set", values.ToImmutable());
    }

    static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    static ImmutableDictionary<string, string?> Empty { get; } =
        ImmutableDictionary.Create<string, string?>(StringComparer.OrdinalIgnoreCase);
}
