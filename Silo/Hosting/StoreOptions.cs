using Microsoft.Extensions.Options;

namespace Trading.Hosting;

/// <summary>Where the journal, grain state and reminders are kept. Section <c>store</c>.</summary>
public sealed class StoreOptions : IValidateOptions<StoreOptions>
{
    public const string Section = "store";

    /// <summary><c>sqlite</c> (one file), <c>postgres</c>, or <c>memory</c> (nothing survives the process).</summary>
    [ConfigurationKeyName("kind")] public string Kind { get; set; } = "sqlite";

    /// <summary>The SQLite file.</summary>
    [ConfigurationKeyName("path")] public string Path { get; set; } = "data/trading.db";

    /// <summary>PostgreSQL, for example <c>Host=localhost;Database=trading;Username=trading;Password=…</c>.</summary>
    [ConfigurationKeyName("connection_string")] public string? ConnectionString { get; set; }

    /// <summary>The store in words for people, without secrets.</summary>
    public string Description => Kind switch
    {
        "sqlite" => $"sqlite {Path}",
        "postgres" => "postgres",
        _ => Kind,
    };

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, StoreOptions options) => options.Validate();

    ValidateOptionsResult Validate()
    {
        List<string> errors = [];
        if (Kind is not ("sqlite" or "postgres" or "memory"))
            errors.Add($"store:kind is '{Kind}'; it can be sqlite, postgres or memory.");
        if (Kind == "sqlite" && string.IsNullOrWhiteSpace(Path))
            errors.Add("store:path is empty; sqlite needs the path of a file.");
        if (Kind == "sqlite" && Directory.Exists(Path))
            errors.Add($"store:path is '{Path}', which is a folder; sqlite needs the path of a file.");
        if (Kind == "postgres" && string.IsNullOrWhiteSpace(ConnectionString))
            errors.Add("store:connection_string is missing; postgres needs one.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
