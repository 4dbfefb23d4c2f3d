using System.Collections.Immutable;

namespace Trading.Configuration;

/// <summary>Older settings under the names of today.</summary>
/// <param name="Report">A line for every key: where it went, or why it went nowhere. Never a secret's value.</param>
/// <param name="IsWhole">Whether every key has found its place with a sound value.</param>
sealed record SettingsMigration(ImmutableSortedDictionary<string, string?> Settings, ImmutableArray<string> Report, bool IsWhole)
{
    /// <summary>What earlier layouts called a setting: the last parts of a name, in lower case without separators.</summary>
    static readonly (string Old, string Setting)[] Renamed =
    [
        ("environment:testnet", "market_data:binance:testnet"),
        ("binance:testnet", "market_data:binance:testnet"),
        ("binance:api_key", "market_data:binance:key"),
        ("binance_api_key", "market_data:binance:key"),
        ("database:path", "store:path"), ("database_path", "store:path"), ("db_path", "store:path"),
        ("database:url", "store:connection_string"), ("database_url", "store:connection_string"), ("database:connection_string", "store:connection_string"),
        ("data:cache_ttl", "market_data:cache_ttl"), ("cache_ttl", "market_data:cache_ttl"),
        ("data:batch_size", "market_data:batch_size"), ("batch_size", "market_data:batch_size"),
        ("data:parallel_workers", "market_data:parallel_workers"), ("parallel_workers", "market_data:parallel_workers"),
        ("risk:var_lookback_days", "portfolios:var_lookback_days"), ("var_lookback_days", "portfolios:var_lookback_days"),
        ("risk:calculation_frequency", "portfolios:calculation_frequency"), ("calculation_frequency", "portfolios:calculation_frequency"),
        ("risk:correlation_threshold", "risk:default_limits:correlation_threshold"), ("correlation_threshold", "risk:default_limits:correlation_threshold"),
        ("log_file", "logging:file"), ("logging:log_file", "logging:file"), ("logging:log_level", "logging:level"),
        ("prediction_batch_size", "models:prediction_batch_size"), ("ml:prediction_batch_size", "models:prediction_batch_size"),
    ];

    public static SettingsMigration Of(IReadOnlyList<(string Key, string Value)> old)
    {
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        var report = ImmutableArray.CreateBuilder<string>();
        var isWhole = true;
        foreach (var (key, value) in old)
        {
            var line = Take(key, value, settings, out var taken);
            isWhole &= taken;
            report.Add(line);
        }

        return new(settings.ToImmutableSortedDictionary(StringComparer.OrdinalIgnoreCase), report.ToImmutable(), isWhole);
    }

    static string Take(string key, string value, Dictionary<string, string?> settings, out bool taken)
    {
        var name = Api.PlainText.Of(key);
        taken = true;
        if (key.Equals(TradingEnvironments.Variable, StringComparison.OrdinalIgnoreCase))
            return $"{name}: stays a variable of the environment ({TradingEnvironments.Variable}={TradingEnvironments.Parse(value)?.Name() ?? "?"}); it is in no file.";
        taken = false;
        if (Place(key) is not { } setting)
            return $"{name}: NOT TAKEN, no setting is called so{(SettingsCatalog.Instance.Nearest(key) is { } near ? $"; the nearest is {near}" : "")}.";
        if (SettingsSecrets.IsSecret(setting))
            return $"{name}: NOT TAKEN, {setting} is a secret; bring it with: trading secrets set {setting}";
        var plain = PlainVariables.All.FirstOrDefault(plain => plain.Setting == setting).Variable;
        var text = plain is null ? value : PlainVariables.Value(plain, value);
        if (SettingsCatalog.Instance.Find(setting) is not SettingLeaf leaf) return $"{name}: NOT TAKEN, {setting} is no single value.";
        if (leaf.Refusal(text) is { } words) return $"{name}: NOT TAKEN, {setting} must be {words}.";
        if (settings.TryGetValue(setting, out var before) && before != text) return $"{name}: NOT TAKEN, {setting} was given before with another value.";
        settings[setting] = text;
        taken = true;
        return $"{name}: {setting}";
    }

    static string? Place(string key)
    {
        if (PlainVariables.Setting(key.ToUpperInvariant()) is { } plain) return plain;
        if (SettingsCatalog.Instance.Find(key) is not (null or SettingObject)) return key;
        var lower = key.ToLowerInvariant();
        return Renamed.Where(pair => lower == pair.Old || lower.EndsWith($":{pair.Old}", StringComparison.Ordinal)).OrderByDescending(pair => pair.Old.Length)
            .Select(pair => pair.Setting).FirstOrDefault();
    }
}
