using System.Collections.Immutable;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>How long bars are kept. Section <c>market_data:retention</c>. What is unset is kept for ever.</summary>
public sealed class RetentionOptions : IValidateOptions<RetentionOptions>
{
    public const string Section = "market_data:retention";
    const int MaxDays = 365_000;

    /// <summary>Days that whole bars are kept, by interval (<c>1m</c>, <c>5m</c>, <c>15m</c>, <c>1h</c>, <c>1d</c>);
    /// from 1.</summary>
    [ConfigurationKeyName("bars_days")] public Dictionary<string, int> BarsDays { get; set; } = [];

    /// <summary>Days that a version is kept after a later one has taken its place; from 1. An <c>as_of</c> further
    /// back than that may find the later one missing, and no earlier one.</summary>
    [ConfigurationKeyName("versions_days")] public int? VersionsDays { get; set; }

    /// <summary>Seconds between two compactions; from 60 to a week.</summary>
    [ConfigurationKeyName("compact_interval")] public double CompactInterval { get; set; } = 86_400;

    /// <summary>What goes at a moment: of each interval the bars before the first instant, and the superseded versions
    /// before the second.</summary>
    public ImmutableArray<(BarInterval Interval, DateTimeOffset? Bars, DateTimeOffset? Versions)> Due(
        DateTimeOffset now) =>
    [
        .. from interval in Enum.GetValues<BarInterval>()
           let bars = BarsDays.TryGetValue(interval.Code(), out var days) ? now.AddDays(-days) : (DateTimeOffset?)null
           let versions = VersionsDays is { } kept ? now.AddDays(-kept) : (DateTimeOffset?)null
           where bars is not null || versions is not null
           select (interval, bars, versions),
    ];

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, RetentionOptions options)
    {
        string?[] findings =
        [
            .. options.BarsDays.Select(entry =>
                BarIntervals.Parse(entry.Key) is null ? $"bars_days has '{entry.Key}'; it can be 1m, 5m, 15m, 1h or 1d."
                : entry.Value is >= 1 and <= MaxDays
                ? null : $"bars_days:{entry.Key} is {entry.Value}; it can be from 1 to {MaxDays}."),
            options.VersionsDays is null or (>= 1 and <= MaxDays)
                ? null : $"versions_days is {options.VersionsDays}; it can be from 1 to {MaxDays}.",
            options.CompactInterval is >= 60 and <= 604_800
                ? null : $"compact_interval is {options.CompactInterval} seconds; it can be from 60 to 604800.",
        ];
        var errors = findings.OfType<string>().Select(finding => $"{Section}:{finding}").ToArray();
        return errors.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
