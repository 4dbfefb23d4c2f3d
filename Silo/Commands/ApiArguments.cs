using System.CommandLine;
using System.CommandLine.Parsing;
using Trading.Secrets;

namespace Trading.Commands;

/// <summary>The options of a command that asks a running silo through its API: where it is, and who asks.</summary>
sealed class ApiArguments
{
    const string TokenVariable = "TRADING_TOKEN";
    static readonly string DevelopmentFile = Path.Combine("data", DevelopmentToken.FileName);

    readonly Option<Uri> _url = new("--url")
    {
        Description = "The address of the API.", DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"), CustomParser = Address,
    };

    readonly Option<string?> _auth = new("--auth")
    {
        Description = $"A file with the header Authorization; absent, the variable {TokenVariable}, else {DevelopmentFile} where it is there.",
    };

    public void AddTo(Command command)
    {
        command.Add(_url);
        command.Add(_auth);
    }

    /// <summary>A client that asks as whoever was named; as nobody where there is no token.</summary>
    public async Task<HttpClient> OpenAsync(ParseResult parsed, CancellationToken cancellation)
    {
        var header = await HeaderAsync(parsed.GetValue(_auth), cancellation);
        var client = new HttpClient { BaseAddress = parsed.GetValue(_url) };
        if (header is not null) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        return client;
    }

    static Uri? Address(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)) return url;
        argument.AddError($"'{text}' is no address; one is http://127.0.0.1:8080.");
        return null;
    }

    static async Task<string?> HeaderAsync(string? file, CancellationToken cancellation)
    {
        if (file is null && Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token) return $"Bearer {token}";
        if (file is null && !File.Exists(DevelopmentFile)) return null;
        var text = (await File.ReadAllTextAsync(file ?? DevelopmentFile, cancellation)).Trim();
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }
}
