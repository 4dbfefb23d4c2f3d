using System.Collections.Immutable;

namespace Trading.Api;

/// <summary>What the host knows about itself.</summary>
/// <param name="Version">Of the product.</param>
/// <param name="Store">Where the journal is kept, without credentials, for example <c>sqlite</c>.</param>
/// <param name="OrleansDashboard">Where Orleans' own page is; null where it is off.</param>
public sealed record SystemInfo(string Version, string Store, DateTimeOffset StartedAt, string? OrleansDashboard = null);

/// <param name="Engine">What runs the grains: <c>Orleans</c>.</param>
/// <param name="UptimeSeconds">Since <paramref name="StartedAt"/>.</param>
/// <param name="Portfolios">The ids of all portfolios.</param>
/// <param name="Sequence">Where the default portfolio's journal stands; null where there is no such portfolio.</param>
/// <param name="LimitsVersion">Of the default portfolio's limits; null where there is no such portfolio.</param>
public sealed record SystemStatus(
    string Version,
    string Engine,
    string Store,
    DateTimeOffset StartedAt,
    double UptimeSeconds,
    ImmutableArray<string> Portfolios,
    string DefaultPortfolio,
    long? Sequence,
    long? LimitsVersion);

/// <summary>The state of the process and its parts.</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>: that of the worst part.</param>
/// <param name="Live">True: the process answers.</param>
/// <param name="Ready">Whether it can serve requests; the HTTP status is 200 where it can, else 503. Null where that was not
/// asked.</param>
public sealed record HealthAnswer(string Status, bool Live, bool? Ready, ImmutableArray<HealthPart> Parts);

/// <param name="Detail">What is wrong, or worth knowing; null where there is nothing to say.</param>
public sealed record HealthPart(string Name, string Status, string? Detail, double Milliseconds);
