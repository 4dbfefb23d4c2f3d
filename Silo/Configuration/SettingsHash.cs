using System.Collections;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Trading.Configuration;

/// <summary>The SHA-256 of every setting in effect, defaults included and secrets left out: two programs with one hash decide
/// alike.</summary>
static class SettingsHash
{
    public static string Of(IServiceProvider services)
    {
        var text = new StringBuilder();
        foreach (var type in SettingsCatalog.Instance.Types.OrderBy(SettingsCatalog.SectionOf, StringComparer.Ordinal).ThenBy(type => type.FullName, StringComparer.Ordinal))
            Append(text, SettingsCatalog.SectionOf(type), SettingsCatalog.Value(services, type));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
    }

    static void Append(StringBuilder text, string path, object? value)
    {
        if (value is null || SettingsSecrets.IsSecret(path)) return;
        if (value is string or IFormattable or bool)
            text.Append(CultureInfo.InvariantCulture, $"{path}={value}\n");
        else if (value is IDictionary map)
            foreach (var key in map.Keys.Cast<string>().Order(StringComparer.Ordinal)) Append(text, $"{path}:{key}", map[key]);
        else if (value is IEnumerable items)
            foreach (var (index, item) in items.Cast<object>().Index()) Append(text, $"{path}:{index}", item);
        else
            foreach (var (key, member) in SettingTree.Members(value.GetType()).OrderBy(member => member.Key, StringComparer.Ordinal))
                Append(text, $"{path}:{key}", member.GetValue(value));
    }
}
