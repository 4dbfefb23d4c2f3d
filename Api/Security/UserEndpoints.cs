using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Operations;

namespace Trading.Api;

/// <summary>A user or a service; never its password's hash.</summary>
/// <param name="Books">Ids; * for every book.</param>
internal sealed record SubjectAnswer(
    string Name, bool Service, ImmutableArray<string> Roles, ImmutableArray<string> Books, bool NamesOthers, bool Disabled, DateTimeOffset? LockedUntil)
{
    public static SubjectAnswer Of(Subject subject) => new(
        subject.Name, subject.IsService, [.. RoleNames.Of(subject.Rights.Roles)], subject.Rights.Books.IsEmpty ? ["*"] : subject.Rights.Books,
        subject.Rights.NamesOthers, subject.Disabled, subject.LockedUntil);
}

/// <param name="Key">The key itself, in the answer to its making and never again; else null.</param>
internal sealed record ApiKeyAnswer(
    string Id, string Subject, ImmutableArray<string> Roles, ImmutableArray<string> Books, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, bool Revoked, string? Key)
{
    public static ApiKeyAnswer Of(ApiKey key, string? text = null) => new(
        key.Id, key.Subject, [.. RoleNames.Of(key.Rights.Roles)], key.Rights.Books.IsEmpty ? ["*"] : key.Rights.Books, key.CreatedAt, key.ExpiresAt, key.Revoked, text);
}

internal sealed record SigningKeyAnswer(string Id, DateTimeOffset Since);

/// <summary>Users, services and API keys.</summary>
internal static class UserEndpoints
{
    public static void MapUsers(this IEndpointRouteBuilder api)
    {
        var security = api.MapGroup("/api/security").WithTags("Access").Answers(400, 500);
        security.MapGet("/users", ListAsync).Produces<ImmutableArray<SubjectAnswer>>().WithSummary("Users and services, with roles and books.");
        security.MapPost("/users", AddAsync).Takes(SubjectBody.New).Produces<SubjectAnswer>(StatusCodes.Status201Created).Answers(409, 503)
            .WithSummary("Adds a user or a service.");
        security.MapPost("/users/{user}", ChangeAsync).Takes(SubjectBody.Change).Produces<SubjectAnswer>().Answers(404, 503)
            .WithSummary("Changes roles, books or password, or disables; every token of the subject ends.");
        security.MapGet("/api-keys", ListKeysAsync).Produces<ImmutableArray<ApiKeyAnswer>>().WithSummary("API keys; never a key itself.");
        security.MapPost("/api-keys", AddKeyAsync).Takes(ApiKeyBody.Shape).Produces<ApiKeyAnswer>(StatusCodes.Status201Created).Answers(404, 409)
            .WithSummary("Makes a key for a subject, which the answer shows once.");
        security.MapPost("/api-keys/{key}/revoke", RevokeKeyAsync).Produces<ApiKeyAnswer>().Answers(404).WithSummary("Ends a key.");
        security.MapPost("/rotate-keys", Rotate).Produces<SigningKeyAnswer>().WithSummary("A new key signs tokens from now on; those that the old one signed stay good.");
    }

    static IIdentityGrain Grain(IGrainFactory grains) => grains.GetGrain<IIdentityGrain>(GrainKeys.Identity);

    static async Task<Answer<ImmutableArray<SubjectAnswer>>> ListAsync(IGrainFactory grains) =>
        (await Grain(grains).GetAsync(0) ?? IdentitySnapshot.Empty).Subjects.Select(SubjectAnswer.Of).ToImmutableArray();

    static async Task<Answer<SubjectAnswer>> AddAsync(HttpRequest request, IGrainFactory grains, Passwords passwords, Identities identities)
    {
        var (body, problem) = await request.ReadAsync(SubjectBody.New);
        if (problem is not null) return problem;
        var hash = body.Password is null ? null : await passwords.HashAsync(body.Password);
        if (body.Password is not null && hash is null) return Busy;
        var added = await Grain(grains).AddAsync(body.ToChange(body.Name, hash));
        await identities.RefreshAsync();
        return added.IsDone ? ((Answer<SubjectAnswer>)SubjectAnswer.Of(added.Value!)).With(StatusCodes.Status201Created) : ApiProblem.Of(added.Kind, added.Errors);
    }

    static async Task<Answer<SubjectAnswer>> ChangeAsync(HttpRequest request, string user, IGrainFactory grains, Passwords passwords, Identities identities)
    {
        var (body, problem) = await request.ReadAsync(SubjectBody.Change);
        if (problem is not null) return problem;
        var hash = body.Password is null ? null : await passwords.HashAsync(body.Password);
        if (body.Password is not null && hash is null) return Busy;
        var changed = await Grain(grains).ChangeAsync(body.ToChange(user, hash));
        await identities.RefreshAsync();
        return changed.IsDone ? SubjectAnswer.Of(changed.Value!) : ApiProblem.Of(changed.Kind, changed.Errors);
    }

    static async Task<Answer<ImmutableArray<ApiKeyAnswer>>> ListKeysAsync(IGrainFactory grains) =>
        (await Grain(grains).GetAsync(0) ?? IdentitySnapshot.Empty).ApiKeys.Select(key => ApiKeyAnswer.Of(key)).ToImmutableArray();

    static async Task<Answer<ApiKeyAnswer>> AddKeyAsync(HttpRequest request, IGrainFactory grains, Identities identities, TimeProvider clock)
    {
        var (body, problem) = await request.ReadAsync(ApiKeyBody.Shape);
        if (problem is not null) return problem;
        var (id, secret) = (ApiKeys.NewId(), ApiKeys.NewSecret());
        var added = await Grain(grains).AddApiKeyAsync(new(
            id, body.Subject, ApiKeys.Hash(secret), new(body.Roles, body.Books, body.NamesOthers), clock.GetUtcNow(), body.ExpiresAt, Revoked: false));
        await identities.RefreshAsync();
        return added.IsDone
            ? ((Answer<ApiKeyAnswer>)ApiKeyAnswer.Of(added.Value!, ApiKeys.Text(id, secret))).With(StatusCodes.Status201Created)
            : ApiProblem.Of(added.Kind, added.Errors);
    }

    static async Task<Answer<ApiKeyAnswer>> RevokeKeyAsync(string key, IGrainFactory grains, Identities identities)
    {
        var revoked = await Grain(grains).RevokeApiKeyAsync(key);
        await identities.RefreshAsync();
        return revoked.IsDone ? ApiKeyAnswer.Of(revoked.Value!) : ApiProblem.Of(revoked.Kind, revoked.Errors);
    }

    static Answer<SigningKeyAnswer> Rotate(SigningKeys keys)
    {
        keys.Rotate();
        return new SigningKeyAnswer(keys.CurrentId, keys.CurrentSince);
    }

    static ApiProblem Busy => ApiProblem.Unavailable("Too many passwords are being hashed; nothing was changed.", []);
}

/// <summary>A user or a service as a request brings it.</summary>
internal sealed class SubjectBody
{
    const int MaxBooks = 1_000;

    public string Name { get; private set; } = "";
    public string? Password { get; private set; }
    bool? _service;
    bool? _disabled;
    bool _namesOthers;
    ImmutableArray<Roles>? _roles;
    ImmutableArray<string> _books = [];

    public static readonly Shape<SubjectBody> New = Common(new Shape<SubjectBody>()
        .Required("name", Kinds.Subject, (body, value) => body.Name = value, "How it is called.", "ada")
        .Optional("service", Kinds.Flag, (body, value) => body._service = value, "True for a machine; false where absent.", false));

    public static readonly Shape<SubjectBody> Change = Common(new Shape<SubjectBody>());

    static Shape<SubjectBody> Common(Shape<SubjectBody> shape) => shape
        .Optional("roles", Kinds.ArrayOf(Kinds.OneOf(RoleNames.All), 4, 64 * 1024), (body, value) => body._roles = value, "viewer, trader, risk_officer, administrator; with books, which is every book where absent.")
        .Optional("books", Kinds.ArrayOf<string>(Kinds.PortfolioId, MaxBooks, 128 * 1024), (body, value) => body._books = value, "Ids of the books that it may use.")
        .Optional("names_others", Kinds.Flag, (body, value) => body._namesOthers = value, "A service that acts for persons and says for whom.", false)
        .Optional("password", Kinds.NewPassword, (body, value) => body.Password = value, "At least 12 characters.")
        .Optional("disabled", Kinds.Flag, (body, value) => body._disabled = value, "True shuts it out.", false)
        .Must(body => body._roles is not null || (body._books.IsEmpty && !body._namesOthers), "roles", "required", "books and names_others come with roles: rights are replaced as a whole.");

    public SubjectChange ToChange(string name, string? hash) => new(
        name, _service, _roles is { } roles ? new(roles.Aggregate(Roles.None, (all, role) => all | role), _books, _namesOthers) : null, hash, _disabled);
}

/// <summary>A key as a request asks for it.</summary>
internal sealed class ApiKeyBody
{
    public string Subject { get; private set; } = "";
    public Roles Roles { get; private set; }
    public ImmutableArray<string> Books { get; private set; } = [];
    public bool NamesOthers { get; private set; }
    public DateTimeOffset ExpiresAt { get; private set; }

    public static readonly Shape<ApiKeyBody> Shape = new Shape<ApiKeyBody>()
        .Required("subject", Kinds.Subject, (body, value) => body.Subject = value, "Whose key it is.", "order-gateway")
        .Required("roles", Kinds.ArrayOf(Kinds.OneOf(RoleNames.All), 4, 64 * 1024), (body, value) => body.Roles = value.Aggregate(Roles.None, (all, role) => all | role),
            "What it may do, of what its subject may.")
        .Required("expires_at", Kinds.Moment, (body, value) => body.ExpiresAt = Moments.Parse(value)!.Value, "When it ends.", "2027-01-01")
        .Optional("books", Kinds.ArrayOf<string>(Kinds.PortfolioId, 1_000, 128 * 1024), (body, value) => body.Books = value, "The books that it may use; absent for every book.")
        .Optional("names_others", Kinds.Flag, (body, value) => body.NamesOthers = value, "Whether it says for whom it acts.", false);
}
