using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class PublishedSeriesTests
{
    static readonly DateTimeOffset Now = new(2026, 2, 3, 12, 0, 0, TimeSpan.Zero);

    static PublishedSeries Parse(string text, string file = "news.csv") => PublishedFile.Parse(Encoding.UTF8.GetBytes(text), file, Now);

    static string[] Broken(string text, string file = "news.csv") =>
        [.. Should.Throw<MarketDataFormatException>(() => Parse(text, file)).Errors.Select(error => $"{error.Line} {error.Field} {error.Rule}")];

    [Fact]
    public void ATime_IsWhenItWasPublished_AndADateIsKnownWhenItsDayHasEnded()
    {
        var series = Parse("published,level\n2026-01-02,1.5\n2026-01-05T08:30-05:00,2\n2026-01-05T13:30:01Z,-0.25\n", "fed_funds.csv");
        (series.Name, series.Kind, series.IsBySymbol).ShouldBe(("fed_funds", PublishedKind.Level, false));
        series.Values.ShouldBe([
            new(new(2026, 1, 3, 0, 0, 0, TimeSpan.Zero), null, 1.5m), new(new(2026, 1, 5, 13, 30, 0, TimeSpan.Zero), null, 2),
            new(new(2026, 1, 5, 13, 30, 1, TimeSpan.Zero), null, -0.25m)]);
    }

    [Fact]
    public void Counts_AreOfSymbols_OrOfAll()
    {
        var series = Parse("published,symbol,count\n2026-01-02,ibm,3\n2026-01-02,,0\n");
        (series.Kind, series.IsBySymbol).ShouldBe((PublishedKind.Count, true));
        series.Values.Select(value => (value.Symbol, value.Value)).ShouldBe([("IBM", 3m), (null, 0m)]);
    }

    [Fact]
    public void EveryBrokenRule_IsToldWithItsLine()
    {
        Broken("published,symbol,count\n2026-01-05,IBM,1\n2026-01-02,IBM,1\nyesterday,IBM,1\n2026-01-06T10:00,IBM,1\n2026-02-04,A B,1\n"
            + "2026-01-07,IBM,\n2026-01-08,IBM,many\n2026-01-09,IBM,-1\n2026-01-10,IBM,1.5\n2026-01-11,IBM,1\n2026-01-11,ibm,1\n2026-01-12,IBM\n")
            .ShouldBe(["3 published order", "4 published time", "5 published time", "6 published future", "6 symbol symbol", "7 count empty",
                "8 count number", "9 count count", "10 count count", "12 published duplicate", "13 row cells"]);
        Broken("published,level\n2026-01-05,1e3\n2026-02-03T12:00:01Z,1000000000001\n").ShouldBe(["2 level number", "3 published future", "3 level range"]);
    }

    [Theory]
    [InlineData("date,level\n2026-01-05,1\n", "1 file columns")]
    [InlineData("published,value\n2026-01-05,1\n", "1 file columns")]
    [InlineData("published,symbol,level,more\n2026-01-05,IBM,1,2\n", "1 file columns")]
    [InlineData("published,other,level\n2026-01-05,IBM,1\n", "1 file columns")]
    [InlineData("published,level\n", " file no_rows")]
    [InlineData("", " file empty_file")]
    public void AFileWithoutItsColumns_OrRows_IsRefused(string text, string rule) => Broken(text).ShouldBe([rule]);

    [Theory]
    [InlineData("News.csv")]
    [InlineData("1st.csv")]
    [InlineData("a-b.csv")]
    public void TheNameOfAFile_IsThatOfAColumn(string file) => Broken("published,level\n2026-01-05,1\n", file).ShouldBe([" file name"]);

    [Fact]
    public void AFolder_IsReadOnce_AndAgainWhenAFileChanged_AndKeepsTheLastGoodContent()
    {
        using var folder = new TemporaryFolder();
        var (news, rate) = (Path.Combine(folder.Path, "news.csv"), Path.Combine(folder.Path, "rate.csv"));
        File.WriteAllText(news, "published,count\n2026-01-05,1\n");
        File.WriteAllText(rate, "published,level\n2026-01-05,9\n");
        var series = new PublishedFolder(Options.Create(new PublishedOptions { Path = folder.Path }), new ManualTimeProvider(Now),
            NullLogger<PublishedFolder>.Instance);
        var first = series.Read();
        first.Select(each => each.Name).ShouldBe(["news", "rate"]);
        series.Read()[0].ShouldBeSameAs(first[0]);

        File.WriteAllText(news, "published,count\n2026-01-05,1\n2026-01-06,2\n");
        File.WriteAllText(rate, "published,level\n2026-01-05,none\n");
        var second = series.Read();
        (second[0].Values.Length, ReferenceEquals(second[1], first[1])).ShouldBe((2, true));
        File.Delete(news);
        series.Read().ShouldHaveSingleItem().Name.ShouldBe("rate");
    }

    [Fact]
    public void WithoutAFolder_ThereIsNoSeries() => new PublishedFolder(Options.Create(new PublishedOptions()), new ManualTimeProvider(Now),
        NullLogger<PublishedFolder>.Instance).Read().ShouldBeEmpty();

    [Theory]
    [InlineData(0)]
    [InlineData(3_651)]
    public void AnAgeThatCannotBe_IsRefused(int days) => new PublishedOptions().Validate(null, new() { MaxAge = days })
        .Failures!.ShouldHaveSingleItem().ShouldStartWith("market_data:published:max_age is");
}
