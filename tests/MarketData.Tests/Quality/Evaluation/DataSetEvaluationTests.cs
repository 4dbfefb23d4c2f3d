using System.Collections.Immutable;
using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>The rules against a data set whose oddities are listed, and the page that says how they do.</summary>
public sealed class DataSetEvaluationTests
{
    static readonly Lazy<ImmutableArray<FileEvaluation>> Evaluation = new(() => DataSetEvaluation.Run(Path.Combine(RepositoryFiles.Shared!, "data")));

    static readonly string Page = Path.Combine(RepositoryFiles.Root, "docs", "data-quality.md");

    [ReferenceFact]
    public void EveryListedOddity_IsFoundByTheRightRule()
    {
        Evaluation.Value.SelectMany(file => file.Missed).ShouldBeEmpty();
        DataSetEvaluation.Sum(Evaluation.Value).Found.ShouldBe(160);
    }

    [ReferenceFact]
    public void NoListedTrueMove_IsRejected_AndNearlyAllAreAccepted()
    {
        var sum = DataSetEvaluation.Sum(Evaluation.Value);
        (sum.TrueMoves, sum.TrueAccepted, sum.TrueRejected).ShouldBe((28, 26, 0));
    }

    [ReferenceFact]
    public void BarsThatTheListDoesNotName_AreHardlyEverHeld_AndNeverRejected()
    {
        var sum = DataSetEvaluation.Sum(Evaluation.Value);
        (sum.UnlistedHeld, sum.UnlistedRejected).ShouldBe((12, 0)); // eleven of them are true errors: docs/data-quality.md names each
        Evaluation.Value.SelectMany(file => file.Unlisted).Count(line => line.Contains("quarantine", StringComparison.Ordinal) && line.Contains("wick_outlier", StringComparison.Ordinal))
            .ShouldBe(8);
        ((double)sum.UnlistedNotes / sum.Rows).ShouldBeLessThan(0.0025);
    }

    /// <summary>The index itself, from another source, was nowhere near on those days.</summary>
    [ReferenceFact]
    public void QuietWicksOfAnIndexFund_ThatAreHeld_AreErrors_ByTheIndexOfTheirDays()
    {
        foreach (var date in (string[])["2002-01-28", "2004-12-20", "2005-09-06", "2006-02-09"]) ShouldBeAnError(date);
    }

    static void ShouldBeAnError(string date)
    {
        Evaluation.Value.SelectMany(file => file.Unlisted).ShouldContain(line => line.StartsWith($"daily/spy.csv {date}", StringComparison.Ordinal) && line.Contains("quarantine", StringComparison.Ordinal));
        (Wick("daily/spy.csv"), Wick("multi/vega_sp500_2000_2020.csv")).ShouldSatisfyAllConditions(
            wicks => wicks.Item1.ShouldBeGreaterThan(0.08m), wicks => wicks.Item2.ShouldBeLessThan(0.015m));

        decimal Wick(string file)
        {
            var bar = EvaluationFile.Rows(Path.Combine(RepositoryFiles.Shared!, "data", file)).Single(row => row.Text("date") == date).Bar(default);
            return Math.Max(1 - (bar.Low / Math.Min(bar.Open, bar.Close)), (bar.High / Math.Max(bar.Open, bar.Close)) - 1);
        }
    }

    [ReferenceFact]
    public void HolidaysFilledForward_AreFoundOnAllOf53Days() =>
        DataSetRun.Over(Path.Combine(RepositoryFiles.Shared!, "data")).Single(file => file.File.Contains("eustockmarkets", StringComparison.Ordinal))
            .Sightings.Length.ShouldBe(53);

    /// <summary>Where they are not, the tables are made so, to be read and committed.</summary>
    [Fact]
    public void Page_HasTheRulesOfTheCode() => ShouldHave("rules", BarRuleCatalog.Table());

    [ReferenceFact]
    public void Page_HasTheMeasuredTables()
    {
        ShouldHave("evaluation", DataSetEvaluation.Table(Evaluation.Value));
        ShouldHave("unlisted", DataSetEvaluation.Unlisted(Evaluation.Value));
    }

    [Fact]
    public void ListedKindThatIsNotKnown_IsSaid_AndItsBarIsNoFalseAlarm()
    {
        using var folder = new OwnDataSet();
        folder.Write("quality/oddities.csv", "symbol,date,kind\nacme,2020-05-12,solar flare\nacme,2020-05-13,wick over 15%\n");
        folder.Write("daily/acme.csv", OwnDataSet.Days("2020-05-12,100,101,60,100,1000\n2020-05-13,100,101,60,100,1000\n"));

        var file = DataSetEvaluation.Run(folder.Path).ShouldHaveSingleItem();

        (file.Listed, file.Found, file.UnlistedHeld).ShouldBe((1, 1, 0));
        file.NotJudged.ShouldBe(["daily/acme.csv 2020-05-12: solar flare"]);
    }

    [Theory]
    [InlineData("crypto/coin_5m.csv", 5)]
    [InlineData("crypto/coin_15m_2020-05-12.csv", 15)]
    [InlineData("crypto/coin_1h_2020-05.csv", 60)]
    [InlineData("intraday/acme_5m_trade_2020-05-12.csv", 5)]
    public void FilesOfEveryInterval_AreEvaluated(string name, int minutes)
    {
        using var folder = new OwnDataSet();
        var start = new DateTime(2020, 5, 12, 10, 0, 0);
        folder.Write(name, "time,open,high,low,close,volume\n" + string.Concat(Enumerable.Range(0, 6)
            .Select(bar => $"{start.AddMinutes(bar * minutes):yyyy-MM-ddTHH:mm:ss},100,101,{(bar == 4 ? 20 : 99)},100,1000\n")));

        var file = DataSetEvaluation.Run(folder.Path).ShouldHaveSingleItem();

        (file.File, file.Rows, file.UnlistedHeld).ShouldBe((name, 6, 1));
    }

    [Fact]
    public void FileThatHoldsNoBars_IsSaidToBeSkipped()
    {
        using var folder = new OwnDataSet();
        folder.Write("crypto/coin_trades.csv", "time,price\n2020-05-12T00:00:00,1\n");

        var files = DataSetEvaluation.Run(folder.Path);

        files.ShouldHaveSingleItem().Skipped.ShouldBe("its name tells no interval of bars");
        DataSetEvaluation.Table(files).ShouldContain("| crypto/coin_trades.csv | not evaluated: its name tells no interval of bars |");
    }

    /// <summary>In no zone of this machine: 00:00Z is that day, and a wall time of New York is one of New York.</summary>
    [Theory]
    [InlineData("2020-05-12T00:00:00Z", "2020-05-12T00:00:00", DateTimeKind.Utc)]
    [InlineData("2020-05-12T02:00:00+02:00", "2020-05-12T00:00:00", DateTimeKind.Utc)]
    [InlineData("2020-05-12T00:00:00", "2020-05-12T00:00:00", DateTimeKind.Unspecified)]
    public void TimesWithAZone_AreUniversal_WhateverTheZoneOfTheMachine(string text, string expected, DateTimeKind kind)
    {
        using var folder = new OwnDataSet();
        folder.Write("row.csv", $"time,close\n{text},1\n");

        var time = EvaluationFile.Rows(Path.Combine(folder.Path, "row.csv")).ShouldHaveSingleItem().Time;

        (time.ToString("s", System.Globalization.CultureInfo.InvariantCulture), time.Kind).ShouldBe((expected, kind));
    }

    [Fact]
    public void CellThatIsNoNumber_IsNamedWithItsLine()
    {
        using var folder = new OwnDataSet();
        folder.Write("daily/acme.csv", "date,open,high,low,close,volume\n2020-05-12,1,x,1,1,1\n");

        Should.Throw<MarketDataFormatException>(() => DataSetEvaluation.Run(folder.Path)).Message.ShouldContain("line 2, high, number");
    }

    [Fact]
    public void Catalog_HasEveryRule_InItsPlace() => BarRuleCatalog.All.Select(entry => entry.Rule).ShouldBe(Enum.GetValues<BarRule>());

    [Fact]
    public void PageWithoutThePart_IsRefused() => Should.Throw<FormatException>(() => GeneratedPart.Replace("# Nothing", "rules", ""));

    static void ShouldHave(string part, string content)
    {
        var page = File.ReadAllText(Page);
        var right = GeneratedPart.Replace(page, part, content);
        if (right != page) File.WriteAllText(Page, right);
        (right == page).ShouldBeTrue($"The part '{part}' of docs/data-quality.md was not what the code gives; it was made so, and waits to be read and committed.");
    }

    /// <summary>A data set of a few rows.</summary>
    sealed class OwnDataSet : IDisposable
    {
        readonly TemporaryFolder _folder = new();

        public OwnDataSet() => Write("quality/inventory.json", "[]");

        public string Path => _folder.Path;

        public void Write(string name, string text)
        {
            var path = System.IO.Path.Combine(Path, name);
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllText(path, text);
        }

        /// <summary>Calm days up to 11 May 2020, and then others.</summary>
        public static string Days(string others) => "date,open,high,low,close,volume\n" + string.Concat(
            Enumerable.Range(0, 100).Select(day => new DateOnly(2020, 5, 11).AddDays(day - 99)).Where(NyseCalendar.Instance.IsSession)
                .Select(date => $"{date:yyyy-MM-dd},100,101,99,100.{date.Day % 10},{1_000 + date.Day}\n")) + others;

        public void Dispose() => _folder.Dispose();
    }
}
