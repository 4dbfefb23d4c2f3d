using System.Collections.Immutable;

namespace Trading.Configuration;

/// <summary>A file of environment variables: <c>NAME=value</c> on a line, empty lines, and comments that begin with <c>#</c>.</summary>
static class EnvironmentLines
{
    /// <summary>None where there is no file.</summary>
    public static Dictionary<string, string> Read(string path, ImmutableArray<SettingsViolation>.Builder faults)
    {
        var variables = new Dictionary<string, string>();
        if (!File.Exists(path)) return variables;
        foreach (var (index, line) in File.ReadLines(path).Index())
        {
            var text = line.Trim();
            if (text.Length == 0 || text[0] == '#') continue;
            if (text.StartsWith("export ", StringComparison.Ordinal)) text = text["export ".Length..].TrimStart();
            if (text.IndexOf('=', StringComparison.Ordinal) is > 0 and var at) variables[text[..at].TrimEnd()] = Unquoted(text[(at + 1)..].Trim());
            else faults.Add(new(Path.GetFileName(path), "form", null, $"{path}, line {index + 1}: a line is NAME=value or a comment."));
        }

        return variables;
    }

    static string Unquoted(string value) =>
        value is ['"' or '\'', .., '"' or '\''] && value[0] == value[^1] ? value[1..^1] : value;
}
