using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Trading.Configuration;

/// <summary>Files to begin with, made of the options classes: every setting with its meaning and its default, and in force what the
/// environment needs.</summary>
static class SettingsTemplates
{
    const int Width = 110;

    /// <summary>What a template sets, beside what it only shows.</summary>
    static readonly Dictionary<TradingEnvironment, (string Setting, string Json)[]> InForce = new()
    {
        [TradingEnvironment.Development] = [],
        [TradingEnvironment.Staging] = [("logging:level", "\"Information\""), ("market_data:binance:testnet", "true"), ("store:kind", "\"postgres\"")],
        [TradingEnvironment.Production] = [("portfolio:sample", "\"\""), ("market_data:binance:testnet", "false"), ("store:kind", "\"postgres\"")],
    };

    public const string VariablesFile = ".env.template";

    public static string File(TradingEnvironment environment) => $"{SettingsLayers.Folder}/{environment.Name()}.template.json";

    /// <summary>Every template, by the path of its file.</summary>
    public static IEnumerable<(string Path, string Text)> All() =>
    [
        .. Enum.GetValues<TradingEnvironment>().Select(environment => (File(environment), Json(environment))),
        (VariablesFile, Variables()),
    ];

    public static string Json(TradingEnvironment environment)
    {
        var text = new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"// Settings for {environment.Name()}: copy to {SettingsLayers.Folder}/{environment.Name()}.json and take the // away from what you change.\n")
            .Append("// Written by: ./trading config template --write\n{\n");
        WriteMembers(text, SettingsCatalog.Instance.Root, "", 1, InForce[environment].ToDictionary(pair => pair.Setting, pair => pair.Json));
        return text.Append("}\n").ToString();
    }

    static void WriteMembers(StringBuilder text, SettingObject part, string path, int depth, IReadOnlyDictionary<string, string> inForce)
    {
        var indent = new string(' ', 2 * depth);
        foreach (var (key, node) in part.Children)
        {
            var name = path.Length == 0 ? key : $"{path}:{key}";
            if (node is SettingForeign) continue;
            Comment(text, Doc(node), $"{indent}// ");
            if (node is SettingObject inner)
            {
                text.Append(CultureInfo.InvariantCulture, $"{indent}\"{key}\": {{\n");
                WriteMembers(text, inner, name, depth + 1, inForce);
                text.Append(CultureInfo.InvariantCulture, $"{indent}}},\n");
            }
            else if (inForce.TryGetValue(name, out var json))
                text.Append(CultureInfo.InvariantCulture, $"{indent}\"{key}\": {json},\n");
            else
                text.Append(CultureInfo.InvariantCulture, $"{indent}// \"{key}\": {Default(node)},\n");
        }
    }

    public static string Variables()
    {
        var text = new StringBuilder("""
            # Environment variables: copy to .env and take the # away from what you change. A variable of the process wins over this file.
            # Written by: ./trading config template --write

            # development, staging or production; unset is development, which only this machine can reach.
            # ENVIRONMENT=development

            """);
        foreach (var (variable, setting) in PlainVariables.All)
        {
            var leaf = (SettingLeaf)SettingsCatalog.Instance.Find(setting)!;
            text.Append('\n');
            Comment(text, Doc(leaf), "# ");
            text.Append(CultureInfo.InvariantCulture, $"# {variable}={Text(leaf.Default)}\n");
        }

        text.Append("\n# Every other setting has the name of its place, with __ between the parts.\n");
        WriteVariables(text, SettingsCatalog.Instance.Root, "");
        return text.ToString();
    }

    static void WriteVariables(StringBuilder text, SettingObject part, string path)
    {
        foreach (var (key, node) in part.Children)
        {
            var name = path.Length == 0 ? key : $"{path}__{key}";
            if (node is SettingObject inner) WriteVariables(text, inner, name);
            else if (node is SettingLeaf leaf) text.Append(CultureInfo.InvariantCulture, $"# {name}={Text(leaf.Default)}\n");
        }
    }

    static string Doc(SettingNode node) => node switch
    {
        SettingLeaf { Member: { } member } => SettingsDocs.Of(member),
        SettingMany many => SettingsDocs.Of(many.Member),
        SettingObject { Member: { } member } => SettingsDocs.Of(member),
        _ => "",
    };

    static string Default(SettingNode node) => node switch
    {
        SettingLeaf { Default: null } => "null",
        SettingLeaf { Default: string or Enum or DateOnly or TimeOnly or Uri } leaf => JsonSerializer.Serialize(Text(leaf.Default)),
        SettingLeaf leaf => Text(leaf.Default),
        SettingMany { IsMap: true } => "{}",
        SettingMany { Default: IEnumerable<string> texts } => JsonSerializer.Serialize(texts),
        SettingMany => "[]",
        _ => "{}",
    };

    static string Text(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    static void Comment(StringBuilder text, string words, string prefix)
    {
        var line = new StringBuilder();
        foreach (var word in words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0 && prefix.Length + line.Length + 1 + word.Length > Width)
            {
                text.Append(prefix).Append(line).Append('\n');
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        if (line.Length > 0) text.Append(prefix).Append(line).Append('\n');
    }
}
