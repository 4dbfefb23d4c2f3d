using System.CommandLine;
using System.CommandLine.Parsing;
using Spectre.Console;
using Trading.Api;

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
        var json = new Option<bool>("--json") { Description = "Print the answer as it came instead of a table." };
        var command = new Command("report", "Value, VaR and expected shortfall, contributors, limits and headroom of a book.") { url, portfolio, json };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            ReportAsync(parsed.GetValue(url)!, parsed.GetValue(portfolio)!, parsed.GetValue(json), cancellation)));
        return command;
    }

    static Uri? Address(ArgumentResult argument)
    {
        var text = argument.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url)) return url;
        argument.AddError($"'{text}' is no address; one is http://127.0.0.1:8080.");
        return null;
    }

    static async Task<int> ReportAsync(Uri url, string portfolio, bool json, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = url };
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
