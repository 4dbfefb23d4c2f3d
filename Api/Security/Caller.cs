using System.Collections.Frozen;
using Microsoft.AspNetCore.Http;
using Trading.Operations;

namespace Trading.Api;

/// <summary>Roles as they stand in tokens and bodies.</summary>
internal static class RoleNames
{
    public static readonly (string Name, Roles Role)[] All =
        [("viewer", Roles.Viewer), ("trader", Roles.Trader), ("risk_officer", Roles.RiskOfficer), ("administrator", Roles.Administrator)];

    public static Roles? Parse(string? name) => All.Where(known => known.Name == name).Select(known => (Roles?)known.Role).FirstOrDefault();

    public static IEnumerable<string> Of(Roles roles) => All.Where(known => (roles & known.Role) != 0).Select(known => known.Name);

    public static string Words(Roles roles) => string.Join(", ", Of(roles));
}

/// <summary>Who asks, as their token says and as is known of them now.</summary>
/// <param name="Books">Null for every book.</param>
/// <param name="TokenId">Of the token, or of the API key.</param>
/// <param name="Session">Which a refresh token goes on with; null where there is none.</param>
internal sealed record Caller(
    string Subject, bool IsService, Roles Roles, FrozenSet<string>? Books, bool NamesOthers, string TokenId, string? Session,
    DateTimeOffset IssuedAt, DateTimeOffset ExpiresAt, CallerOrigin Origin)
{
    public bool MayUse(string book) => Books is null || Books.Contains(book);

    public bool Has(Roles roles) => (Roles & roles) != 0;

    /// <summary>Of a request that passed the gate; null of one that needed nobody.</summary>
    public static Caller? Of(HttpContext http) => http.Features.Get<Caller>();

    /// <summary>Which books a request may be told of.</summary>
    public static Func<string, bool> MayUse(HttpContext http) => Of(http) is { Books: not null } caller ? caller.MayUse : _ => true;

    public static FrozenSet<string>? BooksOf(IEnumerable<string> books, bool noneIsAll) =>
        books.ToArray() is var named && (named.Contains("*") || (noneIsAll && named.Length == 0)) ? null : named.ToFrozenSet();
}

/// <summary>Who vouches for a caller.</summary>
internal enum CallerOrigin
{
    /// <summary>A token of ours, for an account.</summary>
    Account,

    /// <summary>A token of ours, for whoever started the program on this machine.</summary>
    Development,

    ApiKey,

    /// <summary>The authority of OpenID Connect.</summary>
    Authority,
}
