namespace Trading.Configuration;

/// <summary>Which settings hold a secret, by the last word of their names: their values are in no report, template or hash.</summary>
static class SettingsSecrets
{
    static readonly string[] Words = ["key", "secret", "password", "token", "connection_string"];

    public static bool IsSecret(string setting)
    {
        var last = setting[(setting.LastIndexOf(':') + 1)..];
        return Words.Any(word => last.Equals(word, StringComparison.OrdinalIgnoreCase) || last.EndsWith($"_{word}", StringComparison.OrdinalIgnoreCase));
    }
}
