using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Spectre.Console;
using Trading.Api;
using Trading.Hosting;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Secrets;

namespace Trading.Commands;

/// <summary><c>trading run</c>: silo and API in one process.</summary>
static class RunCommand
{
    public static Command Create()
    {
        var once = new Option<bool>("--once") { Description = "Print the risk report of the book as JSON and exit." };
        var portfolio = new Option<string>("--portfolio") { Description = "The book that is shown.", DefaultValueFactory = _ => GrainKeys.DefaultPortfolio };
        var settings = Settings.Option("market_data:replay_interval=5");
        var command = new Command("run", "Start the silo and its API, print the risk of the book, and stay until Ctrl-C.") { once, portfolio, settings };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            RunAsync(parsed.GetValue(once), parsed.GetValue(portfolio)!, parsed.GetValue(settings) ?? [], cancellation)));
        return command;
    }

    static async Task<int> RunAsync(bool once, string portfolio, string[] settings, CancellationToken cancellation)
    {
        if (once) settings = [.. settings, "urls=http://127.0.0.1:0", "monitoring:metrics_url="];
        await using var app = TradingHost.Build(settings);
        await app.StartAsync(cancellation);
        var grains = app.Services.GetRequiredService<IGrainFactory>();
        var report = await grains.GetGrain<IRiskLimitGrain>(portfolio).GetReportAsync();
        if (once)
        {
            if (report.Value is null) await Console.Error.WriteLineAsync($"{report.Errors[0].Message} There is nothing to report.");
            else Console.WriteLine(JsonSerializer.Serialize(report.Value, Indented));
            await app.StopAsync(CancellationToken.None);
            return report.Value is null ? Failure.Failed : 0;
        }

        var development = app.Services.GetService<DevelopmentToken>();
        var header = development is null ? "-H \"Authorization: Bearer $TOKEN\"" : $"-H @{development.Path}";
        if (report.Value is null) WriteFirstStep(app.Urls.First(), header, report.Errors[0].Message);
        else RiskTable.Write(AnsiConsole.Console, report.Value);
        WriteAddresses(app.Urls.First(), header);
        await WriteAccessAsync(app, development);
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }

    /// <summary>How to get in: for whoever sees this console, and for nobody else.</summary>
    static async Task WriteAccessAsync(WebApplication app, DevelopmentToken? development)
    {
        var url = app.Urls.First();
        if (development is not null)
            Console.WriteLine($"""

                Development: only this machine can reach the API, and every role is yours.
                  in a browser  {url}/sign-in#token={development.Token}
                  as a header   {development.Path}
                """);
        else if ((await app.Services.GetRequiredService<IGrainFactory>().GetGrain<IIdentityGrain>(GrainKeys.Identity).GetAsync(0)) is { Subjects.IsEmpty: true })
            await Console.Error.WriteLineAsync($$"""
                Nobody is known yet. Name the first administrator, once:
                  curl -s {{url}}/api/auth/setup -H 'Content-Type: application/json' -d '{"code":"{{app.Services.GetRequiredService<AccessMode>().SetupCode}}","user":"…","password":"…"}'
                """);
    }

    static readonly JsonTypeInfo<RiskReport> Indented =
        (JsonTypeInfo<RiskReport>)new JsonSerializerOptions(ApiJson.Default.Options) { WriteIndented = true }.GetTypeInfo(typeof(RiskReport));

    /// <summary>A start without a book is a start: one is opened through the API.</summary>
    static void WriteFirstStep(string url, string header, string message) => Console.WriteLine($$$"""
        {{{message}}} Open one:
          curl -s {{{header}}} -X POST {{{url}}}/api/portfolios -H 'Content-Type: application/json' -d '{"id":"default","cash":1000000}'
        """);

    static void WriteAddresses(string url, string header) => Console.WriteLine($$$"""

        Start page {{{url}}}    API explorer {{{url}}}/swagger    Ctrl-C stops.

        Try:
          curl -s {{{header}}} -X POST {{{url}}}/api/risk/validate-signal -H 'Content-Type: application/json' -d '{"symbol":"IBM","action":"BUY","position_size":1000.0,"confidence":0.85}'
          curl -s {{{header}}} {{{url}}}/api/risk/report
          curl -s {{{header}}} -X POST {{{url}}}/api/risk/update-limits -H 'Content-Type: application/json' -d '{"by":"me","reason":"smaller positions","limits":{"max_position_weight":0.05}}'
        """);
}
