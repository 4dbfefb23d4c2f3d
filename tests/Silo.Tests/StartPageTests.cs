using System.Net;
using System.Text.RegularExpressions;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed partial class StartPageTests(StartedProgram running) : IClassFixture<StartedProgram>
{
    [Fact]
    public async Task EveryLink_Answers_AndTheDashboardOfOrleansCountsGrains()
    {
        var program = running.Program;
        var links = await LinksAsync(program);

        links.ShouldContain("/orleans");
        foreach (var link in links)
            (await StatusAsync(program, link)).ShouldBe(HttpStatusCode.OK, link);

        (await program.Client.GetStringAsync(new Uri("/orleans/", UriKind.Relative))).ShouldContain("<script");
        // It counts from the first look on, once a second.
        await Wait.UntilAsync(async () => await program.GetAsync("/orleans/DashboardCounters") is var counters
            && counters.GetProperty("hosts").GetArrayLength() == 1
            && counters.GetProperty("totalActivationCount").GetInt32() > 30); // one for each symbol of the book
    }

    [Fact]
    public async Task Dashboard_ThatIsSwitchedOff_IsNotThere_AndNotLinked()
    {
        using var folder = new TemporaryFolder();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path, "orleans:dashboard=false"));

        (await LinksAsync(program)).ShouldNotContain("/orleans");
        (await StatusAsync(program, "/orleans/DashboardCounters")).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task ApiDescription_LeavesTheDashboardOut()
    {
        var program = running.Program;

        (await program.GetAsync("/openapi/v1.json")).GetProperty("paths").EnumerateObject().Select(path => path.Name)
            .ShouldAllBe(path => !path.StartsWith("/orleans", StringComparison.Ordinal));
    }

    static async Task<string[]> LinksAsync(TradingProcess program) =>
        [.. Link().Matches(await program.Client.GetStringAsync(new Uri("/", UriKind.Relative))).Select(match => match.Groups[1].Value)];

    static async Task<HttpStatusCode> StatusAsync(TradingProcess program, string path)
    {
        using var answer = await program.Client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode;
    }

    [GeneratedRegex("href=\"([^\"]+)\"")]
    private static partial Regex Link();
}
