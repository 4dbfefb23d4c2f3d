using System.Collections.Immutable;
using System.Text.Json;

namespace Trading.MarketData;

/// <summary>How times and names are kept by every store.</summary>
static class StoreEncoding
{
    const long Epoch = 62_135_596_800_000_000; // 1970 in microseconds since the year 1

    /// <summary>Microseconds since 1970 UTC; what is finer is cut off.</summary>
    public static long Of(DateTimeOffset time) => time.UtcTicks / TimeSpan.TicksPerMicrosecond - Epoch;

    public static DateTimeOffset Time(long microseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    const string Renamed = "symbol_change:";

    public static string Of(CorporateAction action) =>
        action.NewSymbol is { } symbol ? Renamed + symbol : Of(action.Kind);

    public static CorporateAction Action(DateOnly exDate, string kind, decimal value) =>
        kind.StartsWith(Renamed, StringComparison.Ordinal)
            ? CorporateAction.Renamed(exDate, kind[Renamed.Length..])
            : new(exDate, Kind(kind), value);

    static string Of(CorporateActionKind kind) => kind switch
    {
        CorporateActionKind.Split => "split",
        CorporateActionKind.CapitalGain => "capital_gain",
        CorporateActionKind.Delisting => "delisting",
        _ => "dividend",
    };

    static CorporateActionKind Kind(string kind) =>
        Enum.GetValues<CorporateActionKind>().FirstOrDefault(known => Of(known) == kind, CorporateActionKind.Dividend);

    public static BarInterval Interval(string code) =>
        Enum.GetValues<BarInterval>().First(interval => interval.Code() == code);

    static readonly JsonSerializerOptions Json = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower };

    public static string Of(InstrumentVersion version) => JsonSerializer.Serialize(version, Json);

    public static InstrumentVersion Instrument(string content) =>
        JsonSerializer.Deserialize<InstrumentVersion>(content, Json)!;

    /// <summary>The row in which stands what a source says of an instrument, beside those of what persons say. Its name
    /// is that of no symbol, so that a program that knows no such row never reads it as a person's word.</summary>
    public static string SourceRow(string symbol) => "source:" + symbol;

    public static string Of(SourceTerms said) => JsonSerializer.Serialize(said, Json);

    public static SourceTerms SourceTerms(string content) => JsonSerializer.Deserialize<SourceTerms>(content, Json)!;

    /// <summary>Of records by time and revision, the last of each time.</summary>
    public static ImmutableArray<BarRecord> Newest(IEnumerable<BarRecord> records)
    {
        var newest = ImmutableArray.CreateBuilder<BarRecord>();
        foreach (var record in records)
        {
            if (newest.Count > 0 && newest[^1].Bar.Time == record.Bar.Time) newest[^1] = record;
            else newest.Add(record);
        }

        return newest.DrainToImmutable();
    }
}

/// <summary>A corporate action as it was known from one moment on.</summary>
/// <param name="Version">From 1, growing with every change of the value.</param>
sealed record ActionVersion(CorporateAction Action, int Version, long KnownAt)
{
    /// <summary>The newest version of each action.</summary>
    /// <param name="versions">By version.</param>
    public static IEnumerable<ActionVersion> Newest(IEnumerable<ActionVersion> versions) =>
        versions.GroupBy(version => (version.Action.ExDate, version.Action.Kind)).Select(same => same.Last());

    /// <summary>What has to be added so that the newest versions say the same as <paramref name="actions"/>.</summary>
    public static IReadOnlyList<ActionVersion> Missing(
        IEnumerable<ActionVersion> known, IEnumerable<CorporateAction> actions, long knownAt)
    {
        var newest = Newest(known).ToDictionary(version => (version.Action.ExDate, version.Action.Kind));
        List<ActionVersion> missing = [];
        foreach (var action in actions)
        {
            var earlier = newest.GetValueOrDefault((action.ExDate, action.Kind));
            if (earlier?.Action.Value == action.Value) continue;
            var added = new ActionVersion(action, (earlier?.Version ?? 0) + 1, knownAt);
            missing.Add(newest[(action.ExDate, action.Kind)] = added);
        }

        return missing;
    }

    public static ImmutableArray<CorporateAction> InOrder(IEnumerable<ActionVersion> versions) =>
        [.. Newest(versions).Select(version => version.Action).OrderBy(action => action.ExDate)
            .ThenBy(action => action.Kind)];
}
