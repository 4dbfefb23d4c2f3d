using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Trading.Api;
using Trading.Secrets;

namespace Trading.Commands;

/// <summary><c>trading risk report</c>: asks a running silo through its API.</summary>
static class RiskReportCommand
{
    public static Command Create()
    {
        var url = new Option<Uri>("--url")
        {
            Description = "The address of the API.",
            DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"),
            CustomParser = Address,
        };
        var portfolio = new Option<string>("--portfolio") { Description = "The book.", DefaultValueFactory = _ => GrainKeys.DefaultPortfolio };
        var auth = new Option<string?>("--auth") { Description = $"A file with the header Authorization; absent, the variable {TokenVariable}, else {DevelopmentFile} where it is there." };
        var json = new Option<bool>("--json") { Description = "Print the answer as it came instead of a table." };
        var command = new Command("report", "Value, VaR and expected shortfall, contributors, limits and headroom of a book.") { url, portfolio, auth, json };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            ReportAsync(parsed.GetValue(url)!, parsed.GetValue(portfolio)!, parsed.GetValue(auth), parsed.GetValue(json), cancellation)));
        return command;
    }

    static Uri? Address(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)) return url;
        argument.AddError($"'{text}' is no address; one is http://127.0.0.1:8080.");
        return null;
    }

    const string TokenVariable = "TRADING_TOKEN";

    static readonly string DevelopmentFile = Path.Combine("data", DevelopmentToken.FileName);

    static async Task<string?> HeaderAsync(string? file, CancellationToken cancellation)
    {
        if (file is null && Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token) return $"Bearer {token}";
        if (file is null && !File.Exists(DevelopmentFile)) return null;
        var text = (await File.ReadAllTextAsync(file ?? DevelopmentFile, cancellation)).Trim();
        return text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    static async Task<int> ReportAsync(Uri url, string portfolio, string? auth, bool json, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = url };
        if (await HeaderAsync(auth, cancellation) is { } header) client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        using var response = await client.GetAsync(new Uri($"api/risk/report?portfolio={Uri.EscapeDataString(portfolio)}", UriKind.Relative), cancellation);
        if (!response.IsSuccessStatusCode)
        {
            await Console.Error.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellation));
            return Failure.Failed;
        }

        if (json)
            Console.WriteLine(await response.Content.ReadAsStringAsync(cancellation));
        else
            RiskTable.Write(AnsiConsole.Console, (await response.Content.ReadFromJsonAsync(ApiJson.Default.RiskReport, cancellation))!);
        return 0;
    }
}
