using System.CommandLine;
using System.Text.Json;
using Spectre.Console;
using Trading.Api;

namespace Trading.Commands;

/// <summary><c>trading risk report</c>: asks a running silo through its API.</summary>
static class RiskReportCommand
{
    public static Command Create()
    {
        var api = new ApiArguments();
        var portfolio = new Option<string>("--portfolio") { Description = "The book.", DefaultValueFactory = _ => GrainKeys.DefaultPortfolio };
        var json = new Option<bool>("--json") { Description = "Print the answer as it came instead of a table." };
        var html = new Option<FileInfo>("--html") { Description = "Write a page that needs nothing else, with drawings: equity, VaR against what happened, contributions, stress." };
        var command = new Command("report", "Value, VaR and expected shortfall, contributors, limits and headroom of a book.") { portfolio, json, html };
        api.AddTo(command);
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(async () =>
        {
            using var client = await api.OpenAsync(parsed, cancellation);
            return await ReportAsync(client, parsed.GetValue(portfolio)!, parsed.GetValue(json), parsed.GetValue(html), cancellation);
        }));
        return command;
    }

    static async Task<int> ReportAsync(HttpClient client, string portfolio, bool json, FileInfo? html, CancellationToken cancellation)
    {
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
