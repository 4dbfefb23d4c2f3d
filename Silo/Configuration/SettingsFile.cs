using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trading.Configuration;

/// <summary>Settings by their names as a JSON file of sections.</summary>
static class SettingsFile
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    public static string Write(IReadOnlyDictionary<string, string?> settings)
    {
        var root = new JsonObject();
        foreach (var (path, value) in settings.OrderBy(pair => pair.Key, StringComparer.Ordinal)) Put(root, path.Split(':'), SettingsCatalog.Instance.Root, value);
        return root.ToJsonString(Indented) + "\n";
    }

    static void Put(JsonNode place, string[] parts, SettingNode? node, string? value)
    {
        var below = node?.Child(parts[0]);
        if (parts.Length > 1)
        {
            var isList = below is SettingMany { IsMap: false };
            if (Get(place, parts[0]) is not { } inner) Set(place, parts[0], inner = isList ? new JsonArray() : new JsonObject());
            Put(inner, parts[1..], below, value);
        }
        else
            Set(place, parts[0], Value(below, value));
    }

    static JsonNode? Get(JsonNode place, string part) => place is JsonArray list
        ? int.Parse(part, System.Globalization.CultureInfo.InvariantCulture) is var index && index < list.Count ? list[index] : null
        : place[part];

    static void Set(JsonNode place, string part, JsonNode? value)
    {
        if (place is JsonArray list) list.Add(value);
        else place[part] = value;
    }

    /// <summary>Numbers and switches as such, so that the file looks like one written by hand.</summary>
    static JsonNode? Value(SettingNode? node, string? value)
    {
        var type = node is SettingLeaf leaf ? Nullable.GetUnderlyingType(leaf.Type) ?? leaf.Type : typeof(string);
        if (value is null) return null;
        if (type == typeof(bool) && bool.TryParse(value, out var flag)) return flag;
        if (type != typeof(string) && type.IsPrimitive | type == typeof(decimal) && decimal.TryParse(value, System.Globalization.CultureInfo.InvariantCulture, out var number)) return number;
        return value;
    }
}
