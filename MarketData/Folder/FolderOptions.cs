using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>The folder of data files. Section <c>market_data:folder</c>.</summary>
sealed class FolderOptions : IValidateOptions<FolderOptions>
{
    public const string Section = "market_data:folder";

    [ConfigurationKeyName("path")] public string Path { get; set; } = "data/bars";

    /// <summary>Seconds after which the folder is looked at again where no change was reported; from 0.01 up to a
    /// day.</summary>
    [ConfigurationKeyName("poll_interval")] public double PollInterval { get; set; } = 30;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, FolderOptions options)
    {
        List<string> errors = [];
        if (string.IsNullOrWhiteSpace(options.Path))
            errors.Add($"{Section}:path is empty; it is the path of a folder.");
        if (options.PollInterval is not (>= 0.01 and <= 86_400))
            errors.Add($"{Section}:poll_interval is {options.PollInterval} seconds; it can be from 0.01 to 86400.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
