namespace Trading.MarketData.Tests;

public sealed class TickerMentionsTests
{
    static readonly TickerMentions Mentions = new(new InstrumentDirectory(
    [
        new("T", "AT&T", null, null), new("AA", "Alcoa Corp.", null, null), new("GE", "General Electric Company", null, null),
        new("GM", "General Motors", null, null), new("GOOG", "Alphabet Inc.", null, null), new("GOOGL", "Alphabet Inc.", null, null), new("X", "Yo", null, null),
    ]));

    static string[] Find(string title, string text = "", params string[] listed) => [.. Mentions.Find(listed, title, text)];

    [Theory]
    [InlineData("Buy $AAPL, sell $brk.b now", "AAPL BRK.B")]
    [InlineData("IBM (NYSE: IBM) and Apple (NASDAQ:AAPL) rise", "IBM AAPL")]
    [InlineData("It costs $5 or US$AAPL", "")]
    [InlineData("$TOOLONGNAME", "")]
    public void WrittenTickers_AreFound(string title, string expected) => string.Join(' ', Find(title)).ShouldBe(expected);

    [Theory]
    [InlineData("AT&T and Alcoa agree", "T AA")]
    [InlineData("General Electric beats General Motors", "GE GM")]
    [InlineData("Alcoans like general motors", "")]
    [InlineData("Profit at Alcoa", "AA")]
    [InlineData("Alphabet has two tickers, Yo is too short", "")]
    public void Companies_AreFoundByTheirNames_AsWholeWords(string title, string expected) => string.Join(' ', Find(title)).ShouldBe(expected);

    [Fact]
    public void Companies_AreLookedForInTheTitleOnly_AndTickersEverywhere() => Find("News", "Alcoa and $MSFT").ShouldBe(["MSFT"]);

    [Fact]
    public void WhatTheFeedNames_ComesFirst_AndNothingTwice() => Find("Alcoa $IBM", "(NYSE: IBM)", "IBM", "XOM").ShouldBe(["IBM", "XOM", "AA"]);

    [Fact]
    public void EmptyDirectory_NamesNoCompany() => new TickerMentions(InstrumentDirectory.Empty).Find([], "Alcoa $AA", "").ShouldBe(["AA"]);

    [Fact]
    public void DirectoryOfThousands_IsLookedUpLikeAnyOther_AndTheLongestNameCounts()
    {
        var companies = Enumerable.Range(0, 5_000)
            .Select(n => new ListedInstrument($"S{n}", $"Company {n} Holdings Inc.", null, null));
        var mentions = new TickerMentions(new InstrumentDirectory([.. companies, new("S", "Company 17", null, null)]));

        mentions.Find([], "Company 4711 Holdings buys Company 17, not Company 17 Holdingsx", "")
            .ShouldBe(["S4711", "S"]);
        mentions.Find([], "Company 17 Holdings", "").ShouldBe(["S17"]);
    }

    [Fact]
    public void Items_NameABoundedNumber() =>
        Mentions.Find([], string.Join(' ', Enumerable.Range(0, 26).Select(letter => "$Z" + (char)('A' + letter))), "").Count().ShouldBe(TickerMentions.MostOfOneItem);
}
