using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Trading.Operations;

namespace Trading.Api;

/// <summary>How a request tells which book it is about.</summary>
internal enum BookOf
{
    /// <summary>It is about none.</summary>
    None,

    /// <summary>By the query, or it is the default one.</summary>
    Query,

    /// <summary>By the query or the body's <c>portfolio</c>, or it is the default one.</summary>
    Body,

    /// <summary>By the id in its path.</summary>
    Path,

    /// <summary>By the decision in its path, whose id begins with the book.</summary>
    Decision,

    /// <summary>It is about all of them.</summary>
    Every,
}

/// <summary>Which allowance a request is taken from.</summary>
internal enum Allowance
{
    Ordinary,

    /// <summary>What traders ask all day.</summary>
    Trading,

    /// <summary>Reserved for what stops or reduces.</summary>
    Emergency,

    /// <summary>None: health, and the pages to sign in.</summary>
    Free,
}

/// <summary>Who may use an endpoint.</summary>
/// <param name="Roles">Any of them; null where nobody needs to be known.</param>
internal sealed record EndpointAccess(Roles? Roles, BookOf Book = BookOf.None, Allowance Allowance = Allowance.Ordinary)
{
    /// <summary>Whether what is asked may hold a secret, and is kept out of the audit.</summary>
    public bool IsSecret { get; init; }

    public static EndpointAccess Open { get; } = new(null, Allowance: Allowance.Free);

    /// <summary>Open to everybody, but counted.</summary>
    public static EndpointAccess SignIn { get; } = new((Roles?)null) { IsSecret = true };
}

/// <summary>Who may do what: the whole of it. An endpoint that is not here is closed, and a test names it.</summary>
internal static class AccessTable
{
    const Roles Anyone = Roles.Anyone, Trade = Roles.Trader, Risk = Roles.RiskOfficer, Admin = Roles.Administrator;

    static readonly EndpointAccess
        Reads = new(Anyone), ReadsBook = new(Anyone, BookOf.Query), ReadsFirm = new(Anyone, BookOf.Every), ReadsPath = new(Anyone, BookOf.Path),
        Trades = new(Trade, BookOf.Body, Allowance.Trading), Books = new(Trade, BookOf.Path, Allowance.Trading),
        Limits = new(Risk, BookOf.Body), Administers = new(Admin), AdministersSecrets = new(Admin) { IsSecret = true },
        Watches = new(Anyone, BookOf.Query, Allowance.Emergency), Stops = new(Trade | Risk | Admin, BookOf.Body, Allowance.Emergency),
        Resumes = new(Risk, BookOf.Body, Allowance.Emergency);

    public static readonly IReadOnlyDictionary<string, EndpointAccess> All = new Dictionary<string, EndpointAccess>
    {
        ["GET /health"] = EndpointAccess.Open,
        ["GET /health/ready"] = EndpointAccess.Open,
        ["GET /health/live"] = EndpointAccess.Open,
        ["GET /"] = Reads,
        ["GET /start.css"] = EndpointAccess.Open,
        ["GET /sign-in"] = EndpointAccess.Open,
        ["GET /sign-in.js"] = EndpointAccess.Open,
        ["POST /sign-in"] = EndpointAccess.SignIn,
        ["GET /openapi/v1.json"] = Reads,
        ["GET /api/system/status"] = Reads,
        ["GET /api/system/metrics"] = Reads,
        ["GET /api/system/log-level"] = Reads,
        ["POST /api/system/log-level"] = Administers,
        ["GET /dashboard"] = Reads,
        ["GET /dashboard/assets/{**file}"] = new(Anyone, Allowance: Allowance.Trading),
        ["GET /api/dashboard/stream"] = new(Anyone, BookOf.Query, Allowance.Trading),
        ["GET /api/alerts"] = ReadsFirm,
        ["POST /api/alerts/{fingerprint}/acknowledge"] = new(Trade | Risk | Admin, BookOf.Every),
        ["POST /api/alerts/silences"] = new(Risk | Admin, BookOf.Every),
        ["POST /api/alerts/silences/{silence_id}/end"] = new(Risk | Admin, BookOf.Every),
        ["POST /api/alerts/test"] = new(Risk | Admin),
        ["POST /api/alerts/alertmanager"] = new(Risk | Admin),

        ["POST /api/auth/token"] = EndpointAccess.SignIn,
        ["POST /api/auth/refresh"] = EndpointAccess.SignIn,
        ["POST /api/auth/setup"] = EndpointAccess.SignIn,
        ["POST /api/auth/logout"] = Reads,
        ["GET /api/auth/me"] = Reads,
        ["POST /api/auth/approvals"] = new(Risk | Admin),
        ["GET /api/security/users"] = Administers,
        ["POST /api/security/users"] = AdministersSecrets,
        ["POST /api/security/users/{user}"] = AdministersSecrets,
        ["GET /api/security/api-keys"] = Administers,
        ["POST /api/security/api-keys"] = AdministersSecrets,
        ["POST /api/security/api-keys/{key}/revoke"] = Administers,
        ["POST /api/security/rotate-keys"] = Administers,
        ["GET /api/audit"] = new(Risk | Admin, BookOf.Every),
        ["GET /api/audit/trades/{decision_id}"] = new(Anyone, BookOf.Decision),

        ["GET /api/risk/limits"] = ReadsBook,
        ["GET /api/risk/report"] = ReadsBook,
        ["GET /api/risk/backtest"] = ReadsBook,
        ["GET /api/risk/stress"] = ReadsBook,
        ["POST /api/risk/stress"] = new(Anyone, BookOf.Body),
        ["POST /api/risk/what-if"] = new(Anyone, BookOf.Body),
        ["POST /api/risk/update-limits"] = Limits,
        ["POST /api/risk/validate-signal"] = Trades,
        ["POST /api/risk/validate-signals"] = Trades,
        ["GET /api/risk/decisions"] = ReadsBook,
        ["GET /api/risk/decisions/{decision_id}"] = new(Anyone, BookOf.Decision),
        ["GET /api/risk/decisions/{decision_id}/replay"] = new(Anyone, BookOf.Decision),
        ["POST /api/risk/overrides"] = Limits,
        ["POST /api/risk/overrides/{override_id}/cancel"] = new(Risk, BookOf.Query),
        ["GET /api/risk/budgets"] = ReadsFirm,
        ["POST /api/risk/budgets/firm"] = new(Risk, BookOf.Every),
        ["POST /api/risk/budgets/desk/{id}"] = new(Risk, BookOf.Every),
        ["POST /api/risk/hierarchy"] = Limits,

        ["GET /api/risk/breakers"] = Watches,
        ["GET /api/risk/firm"] = new(Anyone, BookOf.Every, Allowance.Emergency),
        ["POST /api/risk/mode"] = Resumes,
        ["POST /api/risk/breakers/{name}/reset"] = Resumes,
        ["POST /api/risk/emergency-stop"] = Stops,
        ["POST /api/risk/resume"] = Resumes,

        ["GET /api/portfolios"] = Reads,
        ["POST /api/portfolios"] = new(Risk | Admin, BookOf.Every),
        ["GET /api/portfolios/{id}"] = ReadsPath,
        ["GET /api/portfolios/{id}/positions"] = ReadsPath,
        ["POST /api/portfolios/{id}/fills"] = Books,
        ["POST /api/portfolios/{id}/transfers"] = new(Risk | Admin, BookOf.Path),
        ["POST /api/portfolios/{id}/reservations/{reservation_id}/release"] = Books,
        ["POST /api/portfolios/{id}/enable-symbol"] = new(Risk, BookOf.Path),
        ["POST /api/portfolios/{id}/heartbeat"] = Books,

        ["GET /api/data/sources"] = Reads,
        ["GET /api/data/quality/{symbol}"] = Reads,
        ["GET /api/data/bars/{symbol}"] = Reads,
        ["GET /api/data/instruments/{symbol}"] = Reads,
        ["POST /api/data/instruments/{symbol}"] = new(Risk | Admin),
        ["GET /api/data/quarantine"] = Reads,
        ["POST /api/data/quarantine/{symbol}/release"] = new(Risk),
        ["POST /api/data/validate"] = Reads,
        ["POST /api/data/ingest"] = new(Risk | Admin),
        ["GET /api/data/news"] = Reads,
        ["GET /api/data/macro/{series}"] = Reads,

        ["GET /api/backtests"] = Reads,
        ["POST /api/backtests"] = new(Trade | Risk | Admin),
        ["GET /api/backtests/compare"] = Reads,
        ["GET /api/backtests/{id}"] = Reads,
        ["POST /api/backtests/{id}/cancel"] = new(Trade | Risk | Admin),
        ["GET /api/backtests/{id}/result"] = Reads,
        ["GET /api/backtests/{id}/equity"] = Reads,
        ["GET /api/backtests/{id}/trades"] = Reads,
        ["GET /api/backtests/{id}/sweep"] = Reads,
        ["GET /api/backtests/{id}/report"] = Reads,

        ["GET /api/ml/predictions"] = Reads,
        ["GET /api/ml/performance"] = Reads,
        ["GET /api/ml/models"] = Reads,
        ["GET /api/ml/features"] = Reads,
        ["GET /api/ml/trials"] = Reads,
        ["GET /api/ml/card"] = Reads,
        ["POST /api/ml/retrain"] = new(Trade | Risk),
        ["POST /api/ml/cancel"] = new(Trade | Risk),
        ["POST /api/ml/promote"] = new(Risk),
        ["POST /api/ml/rollback"] = new(Risk),
    };

    /// <summary>What a new endpoint needs, in words.</summary>
    public static string Missing(string endpoint) =>
        $"{endpoint} says nowhere who may use it, and is closed: add [\"{endpoint}\"] = new(Roles.…, BookOf.…) to {nameof(AccessTable)} (Api/Security/EndpointAccess.cs).";

    /// <summary>Gives an endpoint its line of the table.</summary>
    public static void Declare(EndpointBuilder builder)
    {
        if (NameOf(builder) is { } name && All.TryGetValue(name, out var access)) builder.Metadata.Add(access);
    }

    public static string? NameOf(EndpointBuilder builder) => builder is RouteEndpointBuilder route ? NameOf(route.RoutePattern.RawText, builder.Metadata) : null;

    public static string NameOf(RouteEndpoint endpoint) => NameOf(endpoint.RoutePattern.RawText, endpoint.Metadata);

    static string NameOf(string? pattern, IEnumerable<object> metadata)
    {
        var method = metadata.OfType<IHttpMethodMetadata>().LastOrDefault()?.HttpMethods is { Count: > 0 } methods ? methods[0] : "*";
        return $"{method} /{pattern?.Trim('/')}";
    }
}
