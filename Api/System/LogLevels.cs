using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Trading.Api;

/// <summary>The levels of the log: one for all, and others by area, which is the namespace below <c>Trading</c> in lower case.
/// They can be changed while the program runs; the change lasts until the next start.</summary>
public sealed class LogLevels : IOptionsChangeTokenSource<LoggerFilterOptions>, IConfigureOptions<LoggerFilterOptions>, IDisposable
{
    readonly Lock _gate = new();
    CancellationTokenSource _changed = new();
    ImmutableSortedDictionary<string, LogLevel> _areas = ImmutableSortedDictionary<string, LogLevel>.Empty;

    /// <summary>The areas there are, each a namespace of the product.</summary>
    public static ImmutableSortedDictionary<string, string> Categories { get; } = new Dictionary<string, string>
    {
        ["alerts"] = "Trading.Alerts",
        ["api"] = "Trading.Api",
        ["backtests"] = "Trading.Backtests",
        ["journal"] = "Trading.Journal",
        ["market_data"] = "Trading.MarketData",
        ["models"] = "Trading.Models",
        ["monitoring"] = "Trading.Monitoring",
        ["operations"] = "Trading.Operations",
        ["orleans"] = "Orleans",
        ["portfolios"] = "Trading.Portfolios",
        ["risk"] = "Trading.Risk",
    }.ToImmutableSortedDictionary(StringComparer.Ordinal);

    /// <summary>Of whatever has no level of its own.</summary>
    public LogLevel Level { get; private set; } = LogLevel.Warning;

    /// <summary>Levels by area, where they differ.</summary>
    public ImmutableSortedDictionary<string, LogLevel> Areas => _areas;

    string? IOptionsChangeTokenSource<LoggerFilterOptions>.Name => Options.DefaultName;

    /// <param name="area">One of <see cref="Categories"/>; null for all.</param>
    /// <param name="level">Null lets an area follow the rest again.</param>
    public void Set(string? area, LogLevel? level)
    {
        CancellationTokenSource before;
        lock (_gate)
        {
            if (area is null) Level = level ?? LogLevel.Warning;
            else _areas = level is { } own ? _areas.SetItem(area, own) : _areas.Remove(area);
            (before, _changed) = (_changed, new());
        }

        before.Cancel();
        before.Dispose();
    }

    public IChangeToken GetChangeToken()
    {
        lock (_gate) return new CancellationChangeToken(_changed.Token);
    }

    public void Configure(LoggerFilterOptions options)
    {
        options.MinLevel = Level;
        foreach (var (area, level) in _areas) options.Rules.Add(new(null, Categories[area], level, null));
    }

    public void Dispose() => _changed.Dispose();
}
