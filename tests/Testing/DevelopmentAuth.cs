namespace Trading.Testing;

/// <summary>Sends the token that a program of development leaves in a file, with every request that brings none of its own.</summary>
public sealed class DevelopmentAuth(string file) : DelegatingHandler(new HttpClientHandler { AllowAutoRedirect = false })
{
    const string Name = "Authorization";
    const int MaxHops = 5;

    /// <summary>The value of the header; null where the file is not there.</summary>
    public static string? Read(string file) => File.Exists(file) ? File.ReadAllText(file).Split(':', 2)[^1].Trim() : null;

    /// <remarks>The handler below would follow a redirection without the header.</remarks>
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (!request.Headers.Contains(Name) && Read(file) is { } header)
            request.Headers.TryAddWithoutValidation(Name, header);
        var response = await base.SendAsync(request, cancellationToken);
        for (var hop = 0; hop < MaxHops && response.Headers.Location is { } to && (int)response.StatusCode is >= 301 and < 309; hop++)
        {
            response.Dispose();
            using var next = new HttpRequestMessage(HttpMethod.Get, new Uri(request.RequestUri!, to));
            if (Read(file) is { } again) next.Headers.TryAddWithoutValidation(Name, again);
            response = await base.SendAsync(next, cancellationToken);
        }

        return response;
    }
}
