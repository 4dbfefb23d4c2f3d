using System.CommandLine;
using Trading.Configuration;

namespace Trading.Commands;

/// <summary><c>trading config setup</c>: the questions of a first time, and a file of settings made of the answers.</summary>
static class ConfigSetupCommand
{
    static readonly (string Setting, string Question)[] Questions =
    [
        ("urls", "Address of the API"),
        ("store:kind", "Store: sqlite (a file), postgres, or memory"),
        ("store:path", "File of the SQLite store"),
        ("portfolio:sample", "Book that a first start opens (empty: none)"),
        ("market_data:binance:testnet", "Binance's test network instead of its market (true, false, empty: Binance decides by itself)"),
        ("logging:level", "Log level"),
    ];

    public static Option<string> EnvironmentOption()
    {
        var option = new Option<string>("--environment")
        {
            Description = $"For which environment: {string.Join(", ", TradingEnvironments.Names)}.",
            DefaultValueFactory = _ => TradingEnvironment.Development.Name(),
        };
        option.AcceptOnlyFromAmong(TradingEnvironments.Names);
        return option;
    }

    public static Command Create()
    {
        var environment = EnvironmentOption();
        var unattended = new Option<bool>("--unattended") { Description = "Ask nothing: what --set does not name keeps its default." };
        var force = new Option<bool>("--force") { Description = "Replace a file that is there." };
        var settings = Settings.Option("store:kind=postgres");
        var command = new Command("setup", "Ask what a first time needs, and write config/ENVIRONMENT.json.") { environment, unattended, force, settings };
        command.SetAction(parsed => Setup(
            TradingEnvironments.Parse(parsed.GetValue(environment))!.Value, parsed.GetValue(unattended), parsed.GetValue(force), parsed.GetValue(settings) ?? [],
            Console.In, Console.Out));
        return command;
    }

    internal static int Setup(TradingEnvironment environment, bool unattended, bool force, string[] settings, TextReader input, TextWriter output)
    {
        var path = Path.Combine(SettingsLayers.Folder, $"{environment.Name()}.json");
        if (File.Exists(path) && !force)
        {
            output.WriteLine($"{path} is there already; --force replaces it.");
            return Failure.Misconfigured;
        }

        var layers = Layers(settings, environment, null);
        var chosen = layers.Layers[^1].Values.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.OrdinalIgnoreCase);
        if (!unattended)
            foreach (var (setting, question) in Questions)
                if (!chosen.ContainsKey(setting) && Ask(setting, question, layers, input, output) is { } answer) chosen[setting] = answer;

        string[] all = [.. chosen.Select(pair => $"{pair.Key}={pair.Value}")];
        var report = SettingsCheck.Run(Layers([.. all, .. settings.Where(setting => !setting.Contains('=', StringComparison.Ordinal))], environment, path));
        foreach (var violation in report.Violations) output.WriteLine(violation.Message);
        if (!report.Valid) return Failure.Misconfigured;
        Directory.CreateDirectory(SettingsLayers.Folder);
        File.WriteAllText(path, SettingsFile.Write(chosen));
        output.WriteLine($"{path} written. Start with: {TradingEnvironments.Variable}={environment.Name()} ./run");
        return 0;
    }

    static string? Ask(string setting, string question, SettingsLayers layers, TextReader input, TextWriter output)
    {
        var leaf = (SettingLeaf)SettingsCatalog.Instance.Find(setting)!;
        var now = layers.Find(setting)?.Value ?? leaf.Default?.ToString() ?? "";
        while (true)
        {
            output.Write($"{question} [{now}]: ");
            var answer = input.ReadLine()?.Trim();
            if (string.IsNullOrEmpty(answer)) return null;
            if (leaf.Refusal(answer) is not { } words) return answer;
            output.WriteLine($"It must be {words}.");
        }
    }

    /// <summary>As they will be, once the file that is being made is there.</summary>
    static SettingsLayers Layers(string[] settings, TradingEnvironment environment, string? replacing)
    {
        var variables = new Dictionary<string, string> { [TradingEnvironments.Variable] = environment.Name() };
        var layers = SettingsLayers.Read(settings, AppContext.BaseDirectory, Directory.GetCurrentDirectory(), variables);
        return replacing is null ? layers : layers with { Layers = [.. layers.Layers.Where(layer => layer.Origin != replacing)] };
    }
}
