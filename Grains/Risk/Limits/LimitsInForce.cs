using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>The limits that decisions are held to, what made them, and the moment at which they must be calculated
/// anew.</summary>
/// <param name="Until">The next moment at which an override ends or a time window may open or close.</param>
sealed record LimitsInForce(LimitsVersion Version, ImmutableArray<EffectiveLimit> Adjusted, DateTimeOffset Until)
{
    const int DigestLength = 12;

    /// <summary>What the traffic light scales.</summary>
    static readonly string[] TailLimits = ["max_value_at_risk_95", "max_value_at_risk_99"];

    /// <summary>An override replaces what was set; the factors of the dynamic rules scale what it left. Expired
    /// overrides never count.</summary>
    public static LimitsInForce Of(
        LimitsVersion set, IEnumerable<LimitOverride> overrides, LimitInputs inputs, DateTimeOffset now)
    {
        var limits = LimitsJson.Read(set.Limits);
        var sources = new SortedDictionary<string, ImmutableArray<LimitSource>>(StringComparer.Ordinal);
        var until = set.Limits.Dynamic?.TimeOfDay is null ? DateTimeOffset.MaxValue : NextMinute(now);
        foreach (var active in overrides.Where(entry => entry.Status == OverrideStatus.Active && entry.ExpiresAt > now))
        {
            until = active.ExpiresAt < until ? active.ExpiresAt : until;
            foreach (var (limit, value) in active.Limits)
                if (limits.ContainsKey(limit)
                    && OverrideRules.Applies(active, limit, LimitsJson.Number(limits[limit]), value))
                    Put(limit, value, new("override", null, active.Id));
        }

        if (set.Limits.Dynamic is { } rules)
            foreach (var scaled in Scaling.Of(rules, inputs, now))
                foreach (var limit in scaled.Limits)
                    if (LimitsJson.Number(limits[limit]) is { } value)
                        Put(limit, value * (decimal)scaled.Factor, new(scaled.Rule, scaled.Factor, null));
        return sources.Count == 0 ? new(set, [], until) : Adjust(set, limits, sources, until);

        void Put(string limit, decimal? value, LimitSource source)
        {
            limits[limit] = JsonValue.Create(value);
            sources[limit] = [.. sources.GetValueOrDefault(limit, []), source];
        }
    }

    /// <summary>Each limit that is not in force as it was set, once the book has applied the traffic light of its
    /// forecasts too.</summary>
    public ImmutableArray<EffectiveLimit> Under(ForecastStanding? light)
    {
        if (light is null or { Multiplier: 1 }) return Adjusted;
        var source = new LimitSource("traffic_light", light.Multiplier, null);
        var limits = LimitsJson.Read(Version.Limits);
        var lit = TailLimits.Where(name => LimitsJson.Number(limits[name]) is not null).Select(name =>
        {
            var known = Adjusted.FirstOrDefault(limit => limit.Limit == name)
                ?? new EffectiveLimit(name, LimitsJson.Number(limits[name]), LimitsJson.Number(limits[name]), []);
            return known with
            {
                InForce = known.InForce * (decimal)light.Multiplier,
                Sources = [.. known.Sources, source]
            };
        }).ToList();
        return
        [
            .. Adjusted.Where(limit => lit.TrueForAll(other => other.Limit != limit.Limit))
                .Concat(lit)
                .OrderBy(limit => limit.Limit, StringComparer.Ordinal)
        ];
    }

    /// <summary>The same object as before where nothing changed, so that a book sees at once that it knows these
    /// limits.</summary>
    public LimitsInForce After(LimitsInForce? before) =>
        before?.Version is { } known && known.Version == Version.Version && known.EffectiveId == Version.EffectiveId
            ? this with { Version = known }
            : this;

    static LimitsInForce Adjust(
        LimitsVersion set, JsonObject limits, SortedDictionary<string, ImmutableArray<LimitSource>> sources,
        DateTimeOffset until)
    {
        var before = LimitsJson.Read(set.Limits);
        var digest = Convert.ToHexStringLower(
            SHA256.HashData(Encoding.UTF8.GetBytes(limits.ToJsonString())))[..DigestLength];
        var version = set with
        {
            Limits = LimitsJson.Write(limits),
            EffectiveId = string.Create(CultureInfo.InvariantCulture, $"{set.Version}-{digest}"),
            Because = string.Join("; ", sources.SelectMany(entry => entry.Value).Distinct().Select(Words)),
        };
        return new(version,
            [
                .. sources.Select(entry => new EffectiveLimit(
                    entry.Key, LimitsJson.Number(before[entry.Key]), LimitsJson.Number(limits[entry.Key]), entry.Value))
            ],
            until);
    }

    static string Words(LimitSource source) => source.Factor is { } factor
        ? string.Create(CultureInfo.InvariantCulture, $"{source.Rule} x {factor}")
        : $"{source.Rule} {source.OverrideId}";

    static DateTimeOffset NextMinute(DateTimeOffset now) =>
        new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute) + TimeSpan.TicksPerMinute, now.Offset);
}
