namespace Trading.Testing;

/// <summary>Sends the token that a program of development leaves in a file, with every request that brings none of its own.</summary>
public sealed class DevelopmentAuth(string file) : DelegatingHandler(new HttpClientHandler())
{
    const string Name = "Authorization";

    /// <summary>The value of the header; null where the file is not there.</summary>
    public static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file).Split(':', 2)[^1].Trim() : null;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.Contains(Name) && Read(file) is { } header) request.Headers.TryAddWithoutValidation(Name, header);
        return base.SendAsync(request, cancellationToken);
    }
}
