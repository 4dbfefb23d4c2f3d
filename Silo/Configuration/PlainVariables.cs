namespace Trading.Configuration;

/// <summary>Environment variables that have a name of their own beside that of their setting (<c>LOG_LEVEL</c> for
/// <c>logging__level</c>, which wins where both are set).</summary>
static class PlainVariables
{
    public static readonly (string Variable, string Setting)[] All =
    [
        ("BINANCE_TESTNET", "market_data:binance:testnet"),
        ("LOG_LEVEL", "logging:level"),
        ("MONITORING_ENABLED", "monitoring:enabled"),
        ("ML_BATCH_SIZE", "models:prediction_batch_size"),
        ("DATA_CACHE_SIZE", "portfolios:price_cache"),
    ];

    public static string? Setting(string variable) =>
        All.Where(plain => plain.Variable == variable).Select(plain => plain.Setting).FirstOrDefault();

    /// <summary>Switches are also written as 1 and 0 in an environment.</summary>
    public static string Value(string variable, string value) => (variable, value.Trim()) switch
    {
        ("BINANCE_TESTNET" or "MONITORING_ENABLED", "1") => "true",
        ("BINANCE_TESTNET" or "MONITORING_ENABLED", "0") => "false",
        _ => value.Trim(),
    };
}
