using System.Text;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Trading.Api;

/// <summary>What a browser finds at the address of the API: where to go from there.</summary>
internal static class StartPage
{
    static readonly (string Path, string Name, string Meaning)[] Links =
    [
        ("/dashboard", "Dashboard", "the book, its risk and the system, live"),
        ("/swagger", "API explorer", "every call, to be tried"),
        ("/openapi/v1.json", "OpenAPI document", "the same for programs"),
        ("/health", "Health", "whether the program can serve"),
        ("/api/system/status", "Status", "version, store, portfolios"),
        ("/api/risk/report", "Risk report", "of the default portfolio"),
    ];

    public static void MapStartPage(this IEndpointRouteBuilder app)
    {
        app.MapGet("/", (SystemInfo info) => TypedResults.Text(Html(info), "text/html", Encoding.UTF8)).ExcludeFromDescription();
        app.MapGet("/start.css", () => TypedResults.Text(Style, "text/css", Encoding.UTF8)).ExcludeFromDescription();
    }

    const string Style = """
        body { font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 3rem auto; padding: 0 1rem; color-scheme: light dark; }
        dt { margin-top: .8rem; } dd { margin: 0; opacity: .7; }

        """;

    static string Html(SystemInfo info) => $$"""
        <!DOCTYPE html>
        <html lang="en">
        <head>
        <meta charset="utf-8">
        <meta name="viewport" content="width=device-width, initial-scale=1">
        <title>Trading.Orleans</title>
        <link rel="stylesheet" href="/start.css">
        </head>
        <body>
        <h1>Trading.Orleans</h1>
        <p>Version {{Text(info.Version)}}, store {{Text(info.Store)}}, running since {{info.StartedAt:yyyy-MM-dd HH:mm}} UTC.</p>
        <dl>
        {{string.Join('\n', All(info).Select(Item))}}
        </dl>
        <p>The command line is <code>./trading --help</code>; the pages of documentation are in the folder <code>docs</code> of the source.</p>
        </body>
        </html>

        """;

    static IEnumerable<(string Path, string Name, string Meaning)> All(SystemInfo info) =>
        info.OrleansDashboard is { } dashboard ? [.. Links, (dashboard, "Orleans dashboard", "silos, grains and their calls")] : Links;

    static string Item((string Path, string Name, string Meaning) link) =>
        $"<dt><a href=\"{link.Path}\">{link.Name}</a></dt><dd>{link.Meaning}</dd>";

    static string Text(string value) => HtmlEncoder.Default.Encode(value);
}
