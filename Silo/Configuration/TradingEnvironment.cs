namespace Trading.Configuration;

/// <summary>Where the program runs: what is convenient in one place is refused in another.</summary>
public enum TradingEnvironment
{
    /// <summary>On one machine, for one person; reached over loopback only.</summary>
    Development,

    /// <summary>As in production, against the test networks.</summary>
    Staging,

    Production,
}

static class TradingEnvironments
{
    public const string Variable = "ENVIRONMENT";

    public static readonly string[] Names = [.. Enum.GetValues<TradingEnvironment>().Select(Name)];

    /// <summary>As it stands in file names and in the variable.</summary>
    public static string Name(this TradingEnvironment environment) => environment switch
    {
        TradingEnvironment.Development => "development",
        TradingEnvironment.Staging => "staging",
        _ => "production",
    };

    /// <summary>Unset is development, which nothing outside this machine can reach. Null for a name that there is not.</summary>
    public static TradingEnvironment? Parse(string? name) => string.IsNullOrWhiteSpace(name)
        ? TradingEnvironment.Development
        : Array.FindIndex(Names, known => known.Equals(name.Trim(), StringComparison.OrdinalIgnoreCase)) is >= 0 and var index
            ? (TradingEnvironment)index
            : null;
}
