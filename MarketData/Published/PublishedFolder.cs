using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>Where published series are. Section <c>market_data:published</c>.</summary>
public sealed class PublishedOptions : IValidateOptions<PublishedOptions>
{
    public const string Section = "market_data:published";
    const int MostDays = 3_650;

    /// <summary>A folder of series (news counts, economic figures), a CSV file each; empty for none.</summary>
    [ConfigurationKeyName("path")] public string Path { get; set; } = "";

    /// <summary>Days after which a series that nothing was added to is no longer known; 1 to 3,650.</summary>
    [ConfigurationKeyName("max_age")] public int MaxAge { get; set; } = 120;

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, PublishedOptions options) => options.MaxAge is >= 1 and <= MostDays
        ? ValidateOptionsResult.Success
        : ValidateOptionsResult.Fail($"{Section}:max_age is {options.MaxAge} days; it can be from 1 to {MostDays}.");
}

/// <summary>The series of a folder: every file is read once, and again when it has changed. Of a file that breaks a rule
/// the last good content stands; what broke is logged.</summary>
public sealed partial class PublishedFolder(IOptions<PublishedOptions> options, TimeProvider clock, ILogger<PublishedFolder> log)
{
    /// <summary>Files that are read.</summary>
    public const int MaxSeries = 20;

    readonly Lock _reading = new();
    readonly Dictionary<string, (FileStamp Stamp, PublishedSeries? Series)> _known = new(StringComparer.Ordinal);

    /// <summary>All series, by name; empty without a folder.</summary>
    public ImmutableArray<PublishedSeries> Read()
    {
        if (options.Value.Path is not { Length: > 0 } path) return [];
        lock (_reading)
        {
            try
            {
                var folder = new DiskFolder(path, watch: false);
                var files = folder.List();
                if (files.Length > MaxSeries) LogTooMany(path, files.Length, MaxSeries);
                return [.. files.Take(MaxSeries).Select(file => Read(folder, file)).OfType<PublishedSeries>()];
            }
            catch (IOException failure)
            {
                LogUnreadable(path, failure.Message);
                return [.. _known.Values.Select(known => known.Series).OfType<PublishedSeries>()];
            }
        }
    }

    /// <summary>All series of a folder.</summary>
    /// <exception cref="MarketDataFormatException">A file breaks a rule.</exception>
    /// <exception cref="IOException">It cannot be read, or has more than <see cref="MaxSeries"/> files.</exception>
    public static ImmutableArray<PublishedSeries> ReadAll(string path, DateTimeOffset now)
    {
        var folder = new DiskFolder(path, watch: false);
        var files = folder.List();
        return files.Length <= MaxSeries
            ? [.. files.Select(file => PublishedFile.Parse(folder.Read(file.Name), file.Name, now))]
            : throw new IOException($"{path} has {files.Length} files of series; there can be {MaxSeries}.");
    }

    PublishedSeries? Read(DiskFolder folder, FileStamp file)
    {
        _known.TryGetValue(file.Name, out var known);
        if (known.Stamp == file) return known.Series;
        try
        {
            _known[file.Name] = (file, PublishedFile.Parse(folder.Read(file.Name), file.Name, clock.GetUtcNow()));
        }
        catch (MarketDataFormatException broken)
        {
            LogBroken(broken.Message);
            _known[file.Name] = (file, known.Series);
        }

        return _known[file.Name].Series;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Broken}")]
    partial void LogBroken(string broken);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} cannot be read: {Reason}")]
    partial void LogUnreadable(string path, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} has {Count} files of series; the first {Most} are read.")]
    partial void LogTooMany(string path, int count, int most);
}

/// <summary>Composition of published series.</summary>
public static class PublishedServices
{
    public static IServiceCollection AddPublishedSeries(this IServiceCollection services)
    {
        services.AddOptions<PublishedOptions>().BindConfiguration(PublishedOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<PublishedOptions>, PublishedOptions>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<PublishedFolder>();
        return services;
    }
}
