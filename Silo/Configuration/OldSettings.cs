using System.Collections.Immutable;
using System.Text.Json;

namespace Trading.Configuration;

/// <summary>Reads a file of settings of any layout into names with ':' between their parts.</summary>
static class OldSettings
{
    /// <exception cref="FormatException">The file cannot be read.</exception>
    public static IReadOnlyList<(string Key, string Value)> Read(string path) => Path.GetExtension(path).ToLowerInvariant() switch
    {
        ".json" => Json(path),
        ".yaml" or ".yml" => YamlLines.Read(File.ReadAllLines(path)),
        _ => Variables(path),
    };

    static List<(string, string)> Json(string path)
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllText(path), new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            var found = new List<(string, string)>();
            Walk(document.RootElement, "", found);
            return found;
        }
        catch (JsonException broken)
        {
            throw new FormatException(broken.Message, broken);
        }
    }

    static void Walk(JsonElement element, string path, List<(string, string)> found)
    {
        string Join(string part) => path.Length == 0 ? part : $"{path}:{part}";
        if (element.ValueKind == JsonValueKind.Object)
            foreach (var member in element.EnumerateObject()) Walk(member.Value, Join(member.Name), found);
        else if (element.ValueKind == JsonValueKind.Array)
            foreach (var (index, item) in element.EnumerateArray().Index()) Walk(item, Join($"{index}"), found);
        else
            found.Add((path, element.ValueKind == JsonValueKind.Null ? "" : element.ToString()));
    }

    static List<(string, string)> Variables(string path)
    {
        var faults = ImmutableArray.CreateBuilder<SettingsViolation>();
        var read = EnvironmentLines.Read(path, faults);
        if (faults.Count > 0) throw new FormatException(faults[0].Message);
        return [.. read.Select(pair => (pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value))];
    }
}

/// <summary>The YAML that files of settings are written in: sections by indentation, values, and lists of values. Anything else (anchors,
/// flow style, several documents, folded text) is refused rather than guessed at.</summary>
static class YamlLines
{
    const int MaxDepth = 16;

    /// <exception cref="FormatException">A line is not of this kind.</exception>
    public static IReadOnlyList<(string Key, string Value)> Read(IReadOnlyList<string> lines)
    {
        var found = new List<(string, string)>();
        var open = new List<(int Indent, string Path)>();
        var items = new Dictionary<string, int>();
        foreach (var (index, raw) in lines.Index())
        {
            var text = Uncommented(raw).TrimEnd();
            var (indent, line) = (text.Length - text.TrimStart().Length, text.Trim());
            if (line.Length == 0 || line == "---") continue;
            if (raw.Contains('\t', StringComparison.Ordinal) || open.Count > MaxDepth) throw Refused(index, "tabs and very deep nesting are no YAML that is read here");
            var isItem = line.StartsWith("- ", StringComparison.Ordinal);
            while (open.Count > 0 && (open[^1].Indent > indent || (open[^1].Indent == indent && !isItem))) open.RemoveAt(open.Count - 1);
            var path = open.Count == 0 ? "" : open[^1].Path;
            if (isItem)
            {
                var next = items.GetValueOrDefault(path);
                items[path] = next + 1;
                found.Add(($"{path}:{next}", Value(line[2..].Trim(), index)));
                continue;
            }

            var at = line.IndexOf(':', StringComparison.Ordinal);
            if (at < 1) throw Refused(index, "a line is 'key: value', 'key:' or '- value'");
            var key = path.Length == 0 ? Value(line[..at].Trim(), index) : $"{path}:{Value(line[..at].Trim(), index)}";
            if (line[(at + 1)..].Trim() is { Length: > 0 } value) found.Add((key, Value(value, index)));
            else open.Add((indent, key));
        }

        return found;
    }

    static string Uncommented(string line)
    {
        var quote = '\0';
        for (var at = 0; at < line.Length; at++)
            if (quote != '\0') quote = line[at] == quote ? '\0' : quote;
            else if (line[at] is '"' or '\'') quote = line[at];
            else if (line[at] == '#' && (at == 0 || line[at - 1] == ' ')) return line[..at];
        return line;
    }

    static string Value(string text, int index)
    {
        if (text is ['"' or '\'', .., '"' or '\''] && text[0] == text[^1]) return text[1..^1];
        if (text is "null" or "~") return "";
        if (text[0] is '&' or '*' or '{' or '[' or '|' or '>' or '!' or '"' or '\'') throw Refused(index, "this form of value is not read here");
        return text;
    }

    static FormatException Refused(int index, string words) => new($"line {index + 1}: {words}.");
}
