using System.Globalization;
using System.Text.RegularExpressions;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>The examples of docs/api.md, in its order, and the requests that other pages show, against one start on the
/// sample.</summary>
public sealed partial class ApiPageTests
{

    [Fact]
    public async Task EveryExample_AnswersAsThePageSays_AndNoEndpointIsWithoutOne()
    {
        using var folder = new TemporaryFolder();
        using var program = await StartAsync(folder);

        string[] pages = [Requests("limits"), Page(), Requests("alerts"), Requests("monitoring"), Requests("security")];

        var (answers, output) = await RunAsync(folder, program, pages);

        var wrong = answers.Where(answer => !answer.IsAsSaid).ToArray();
        wrong.ShouldBeEmpty(output);
        var routes = (await program.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject()
                .Select(operation => new Route(operation.Name.ToUpperInvariant(), path.Name)))
            .ToArray();
        var shown = answers.Where(answer => answer.IsOfThePage).Select(answer => Route.Of(answer, routes)).ToHashSet();
        routes.Where(route => !shown.Contains(route)).ShouldBeEmpty("docs/api.md has no example of these");
    }

    static async Task<TradingProcess> StartAsync(TemporaryFolder folder)
    {
        var data = Directory.CreateDirectory(Path.Combine(folder.Path, "data")).FullName;
        return await TradingProcess.StartAsync(TradingProcess.Settings(
            data, "edge:requests_per_minute=100000", "edge:burst=100000", "edge:emergency_per_minute=100000",
            "edge:emergency_burst=100000", "market_data:replay_interval=3600",
            $"backtests:folder={Path.Combine(data, "backtests")}"));
    }

    /// <summary>What bash does with the pages; every request that it sends is noted with its status.</summary>
    static async Task<(Answer[] Answers, string Output)> RunAsync(
        TemporaryFolder folder, TradingProcess program, string[] pages)
    {
        const string Noted = """
            curl() { command curl -sS -w '%{stderr}\n@ %{method} %{url_effective} %{http_code} '"${expected:-2xx} ${page:-}"'\n' "$@"; }

            """;
        var script = (Noted + string.Concat(pages))
            .Replace("127.0.0.1:8080", program.Client.BaseAddress!.Authority, StringComparison.Ordinal);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "page"), script);
        var (_, output, errors) = await Shell.RunAsync(folder.Path, "timeout", "60", "bash", "page");
        return ([.. Note().Matches(errors).Select(Answer.Of)], $"{output}\n{errors}");
    }

    /// <summary>All blocks; a status behind a command is what it must answer.</summary>
    static string Page() => "page=api\n" + string.Concat(Bash().Matches(Text("api"))
        .Select(block => Said().Replace(block.Groups["text"].Value, "expected=${status} ${command}"))) + "page=\n";

    /// <summary>The requests that stand there with everything in them.</summary>
    static string Requests(string page) => string.Concat(Bash().Matches(Text(page))
        .SelectMany(block => Request().Matches(block.Groups["text"].Value)).Select(request => request.Value + "\n")
        .Where(request => !request.Contains('…', StringComparison.Ordinal)));

    static string Text(string page) => File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", page + ".md"));

    /// <summary>What was asked and answered, and the status that the page says; 2xx for any success.</summary>
    sealed record Answer(string Method, string Path, int Status, string Said, bool IsOfThePage)
    {
        public bool IsAsSaid => Said == "2xx" ? Status is >= 200 and < 300 : $"{Status}" == Said;

        public static Answer Of(Match note) => new(
            note.Groups["method"].Value, new Uri(note.Groups["url"].Value).AbsolutePath,
            int.Parse(note.Groups["status"].Value, CultureInfo.InvariantCulture), note.Groups["said"].Value,
            note.Groups["page"].Value == "api");
    }

    sealed record Route(string Method, string Path)
    {
        /// <summary>The one of the routes that answered: that with the fewest parts left open.</summary>
        public static Route? Of(Answer answer, Route[] routes) => routes
            .Where(route => route.Method == answer.Method && route.Fits(answer.Path))
            .MinBy(route => route.Path.Count(letter => letter == '{'));

        bool Fits(string path)
        {
            var (asked, named) = (path.Split('/'), Path.Split('/'));
            return asked.Length == named.Length
                && asked.Zip(named).All(part => part.Second.StartsWith('{') || part.First == part.Second);
        }
    }

    [GeneratedRegex("```bash\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Bash();

    [GeneratedRegex("^(?<command>(curl|api) .*?) +# (?<status>[1-5][0-9][0-9]): .*$", RegexOptions.Multiline)]
    private static partial Regex Said();

    [GeneratedRegex(@"^curl (?:.*\\\n)*.*$", RegexOptions.Multiline)]
    private static partial Regex Request();

    [GeneratedRegex(
        "^@ (?<method>[A-Z]+) (?<url>[^ ]+) (?<status>[0-9]{3}) (?<said>[0-9x]{3}) ?(?<page>[a-z]*)$", RegexOptions.Multiline)]
    private static partial Regex Note();
}
