using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Trading.Operations;

namespace Trading.Api.Tests;

/// <summary>The API with subjects of every role, and endpoints by the table.</summary>
public sealed class SecurityHost : IAsyncLifetime
{
    public const string Book = "default", OtherBook = "other";

    internal ApiHost Api { get; } = new();

    internal Tokens Tokens => Api.Services.GetRequiredService<Tokens>();

    internal IEnumerable<(RouteEndpoint Endpoint, EndpointAccess? Access)> Endpoints => Api.Services.GetRequiredService<EndpointDataSource>().Endpoints
        .OfType<RouteEndpoint>().Where(endpoint => !endpoint.RoutePattern.RawText!.StartsWith("swagger", StringComparison.Ordinal) && !endpoint.RoutePattern.RawText.StartsWith("/swagger", StringComparison.Ordinal))
        .Select(endpoint => (endpoint, endpoint.Metadata.GetMetadata<EndpointAccess>()));

    internal static Subject Subject(string name, Roles roles, params string[] books) =>
        new(name, false, new(roles, [.. books], false), false, DateTimeOffset.UnixEpoch, null);

    /// <summary>Makes a subject known and signs it in.</summary>
    internal async Task<string> TokenAsync(Subject subject)
    {
        await KnowAsync(known => known with { Subjects = [.. known.Subjects.Where(other => other.Name != subject.Name), subject] });
        return Tokens.ForAccount(subject, "session").Text;
    }

    internal async Task KnowAsync(Func<IdentitySnapshot, IdentitySnapshot> change)
    {
        Api.Known = change(Api.Known) with { Version = Api.Known.Version + 1 };
        await Api.Services.GetRequiredService<Identities>().RefreshAsync();
    }

    /// <param name="header">The value of Authorization; null for none.</param>
    internal async Task<(int Status, HttpResponseHeaders Headers, string Text)> SendAsync(
        string method, string path, string? header, string? body = null, string? approval = null)
    {
        using var request = new HttpRequestMessage(new(method), new Uri(path, UriKind.Relative));
        if (header is not null) request.Headers.TryAddWithoutValidation("Authorization", header);
        if (approval is not null) request.Headers.TryAddWithoutValidation("Approval", approval);
        if (method == "POST") request.Content = new StringContent(body ?? "{}", Encoding.UTF8, "application/json");
        using var client = new HttpClient { BaseAddress = Api.Http.BaseAddress };
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        if (response.Content.Headers.ContentType?.MediaType == "text/event-stream") return ((int)response.StatusCode, response.Headers, "");
        return ((int)response.StatusCode, response.Headers, await response.Content.ReadAsStringAsync());
    }

    /// <summary>A path that the endpoint takes, about a book.</summary>
    internal static (string Method, string Path) Request(RouteEndpoint endpoint, EndpointAccess access, string book)
    {
        var parts = AccessTable.NameOf(endpoint).Split(' ');
        var path = parts[1].Replace("{id}", access.Book == BookOf.Path ? book : "default").Replace("{decision_id}", $"{book}:1").Replace("{symbol}", "IBM")
            .Replace("{series}", "GDP").Replace("{name}", "drawdown").Replace("{override_id}", "1").Replace("{reservation_id}", $"{book}:1").Replace("{user}", "x").Replace("{key}", "x");
        while (path.IndexOf('{') is >= 0 and var open) path = path[..open] + "1" + path[(path.IndexOf('}', open) + 1)..];
        return (parts[0], access.Book is BookOf.Query or BookOf.Body && book != Book ? $"{path}?portfolio={book}" : path);
    }

    public ValueTask InitializeAsync() => Api.InitializeAsync();

    public ValueTask DisposeAsync() => Api.DisposeAsync();
}
