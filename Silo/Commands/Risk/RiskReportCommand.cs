using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text.Json;
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
        var html = new Option<FileInfo>("--html") { Description = "Write a page that needs nothing else, with drawings: equity, VaR against what happened, contributions, stress." };
        var command = new Command("report", "Value, VaR and expected shortfall, contributors, limits and headroom of a book.") { url, portfolio, auth, json, html };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            ReportAsync(parsed.GetValue(url)!, parsed.GetValue(portfolio)!, parsed.GetValue(auth), parsed.GetValue(json), parsed.GetValue(html), cancellation)));
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

    static async Task<int> ReportAsync(Uri url, string portfolio, string? auth, bool json, FileInfo? html, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = url };
        if (await HeaderAsync(auth, cancellation) is { } header)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", header);
        if (await AskAsync(client, "report", portfolio, cancellation) is not { } answer) return Failure.Failed;
        if (json)
        {
            Console.WriteLine(answer);
            return 0;
        }

        var report = JsonSerializer.Deserialize(answer, ApiJson.Default.RiskReport)!;
        if (html is null)
        {
            RiskTable.Write(AnsiConsole.Console, report);
            return 0;
        }

        if (await AskAsync(client, "backtest", portfolio, cancellation) is not { } backtest) return Failure.Failed;
        html.Directory?.Create();
        await File.WriteAllTextAsync(
            html.FullName, RiskPage.Html(report, JsonSerializer.Deserialize(backtest, ApiJson.Default.BacktestReport)!), cancellation);
        Console.WriteLine(html.FullName);
        return 0;
    }

    /// <summary>The answer as it came; null where it is an error, which is on standard error then.</summary>
    static async Task<string?> AskAsync(HttpClient client, string what, string portfolio, CancellationToken cancellation)
    {
        using var response = await client.GetAsync(new Uri($"api/risk/{what}?portfolio={Uri.EscapeDataString(portfolio)}", UriKind.Relative), cancellation);
        var text = await response.Content.ReadAsStringAsync(cancellation);
        if (response.IsSuccessStatusCode) return text;
        await Console.Error.WriteLineAsync(text);
        return null;
    }
}
