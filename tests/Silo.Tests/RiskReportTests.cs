using System.Text.RegularExpressions;
using System.Xml.Linq;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>The risk of a running program, on a terminal and as a page.</summary>
public sealed partial class RiskReportTests
{
    static readonly string[] Words =
        ["rockafellar uryasev", "order statistic", "Information Technology", "peaks over threshold", "position weight", "filtered garch"];

    [Fact]
    public async Task Table_KeepsItsWordsWhole_AtEightyColumns_AndThePage_NeedsNothingElse()
    {
        using var folder = new TemporaryFolder();
        using var program =
            await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path, "market_data:replay_interval=1.2"));
        await Wait.UntilAsync(async () => (await program.GetAsync("/api/risk/backtest")).GetProperty("forecasts")
            .GetArrayLength() > 12);
        var file = Path.Combine(folder.Path, "reports", "risk.html");

        var (_, table, _) = await TradingProcess.RunAsync("risk", "report", "--url", $"{program.Client.BaseAddress}");
        var (exitCode, written, errors) = await TradingProcess.RunAsync("risk", "report", "--url",
            $"{program.Client.BaseAddress}", "--html", file);

        table.Split('\n').ShouldAllBe(line => line.TrimEnd().Length <= 80);
        // Whole words of the report, however its cells are broken into lines.
        var seen = Word().Matches(table).Select(match => match.Value).ToHashSet();
        Words.SelectMany(words => words.Split(' ')).Where(word => !seen.Contains(word)).ShouldBeEmpty();

        (exitCode, errors, written.Trim()).ShouldBe((0, "", file));
        var page = await File.ReadAllTextAsync(file);
        var codes = (await program.GetAsync("/api/risk/report")).GetProperty("limits").EnumerateArray()
            .Select(limit => limit.GetProperty("code").GetString()!).ToArray();
        codes.ShouldContain("value_at_risk_95");
        codes.Where(code => !page.Contains($">{code}<", StringComparison.Ordinal) || !table.Contains($" {code} ", StringComparison.Ordinal))
            .ShouldBeEmpty("a limit has one name wherever it is shown");
        page.ShouldNotContain("http");
        page.ShouldNotContain("<script");
        page.Contains("NaN", StringComparison.Ordinal).ShouldBeFalse();
        Drawing().Count(page).ShouldBe(3);
        foreach (Match drawing in Drawing().Matches(page)) Should.NotThrow(() =>
            XElement.Parse(Quoted().Replace(drawing.Value, "=\"$1\"")));
        page.ShouldContain("sessions lost more than the value at risk at 95 %");
        foreach (var part in new[] { "Equity", "Contributions to expected shortfall", "Stress", "Tail measures by method", "Limits" }) page.ShouldContain($"<h2>{part}</h2>");
    }

    [GeneratedRegex("[A-Za-z]+")]
    private static partial Regex Word();

    [GeneratedRegex("<svg.*?</svg>", RegexOptions.Singleline)]
    private static partial Regex Drawing();

    /// <summary>Attributes without quotation marks, as HTML allows.</summary>
    [GeneratedRegex("""=([^\s">]+)(?=[\s/>])""")]
    private static partial Regex Quoted();
}
