using System.Text;

namespace Trading.MarketData.Tests;

public sealed class NewsFormatTests
{
    static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    static SourceException Refused(Action read)
    {
        var refused = Should.Throw<SourceException>(read);
        refused.Failure.ShouldBe(SourceFailure.Nonsense);
        return refused;
    }

    /// <summary>The sample of the RSS 2.0 specification, shortened, with an item of each kind that it allows.</summary>
    const string Rss = """
        <?xml version="1.0"?>
        <rss version="2.0" xmlns:nasdaq="http://example.com/nasdaq">
           <channel>
              <title>Liftoff News</title>
              <link>http://liftoff.msfc.nasa.gov/</link>
              <item>
                 <title>Star City</title>
                 <link>http://liftoff.msfc.nasa.gov/news/2003/news-starcity.asp</link>
                 <description>How do Americans get ready to work with Russians? They take a &lt;a href="http://x"&gt;crash course&lt;/a&gt;.</description>
                 <pubDate>Tue, 03 Jun 2003 09:39:21 GMT</pubDate>
                 <guid>http://liftoff.msfc.nasa.gov/2003/06/03.html#item573</guid>
                 <nasdaq:tickers>ibm, AAPL</nasdaq:tickers>
              </item>
              <item>
                 <description>Sky watchers in Europe will experience a partial eclipse.</description>
                 <pubDate>30 May 2003 11:06:42 EST</pubDate>
                 <guid isPermaLink="false">572</guid>
              </item>
           </channel>
        </rss>
        """;

    /// <summary>The example of RFC 4287, section 1.1.</summary>
    const string Atom = """
        <?xml version="1.0" encoding="utf-8"?>
        <feed xmlns="http://www.w3.org/2005/Atom">
          <title>Example Feed</title>
          <link href="http://example.org/"/>
          <updated>2003-12-13T18:30:02Z</updated>
          <author><name>John Doe</name></author>
          <id>urn:uuid:60a76c80-d399-11d9-b93C-0003939e0af6</id>
          <entry>
            <title type="html">Atom-Powered &lt;b&gt;Robots&lt;/b&gt; Run Amok</title>
            <link rel="enclosure" href="http://example.org/a.mp3"/>
            <link href="http://example.org/2003/12/13/atom03"/>
            <id>urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a</id>
            <updated>2003-12-13T18:30:02+01:00</updated>
            <summary>Some text.</summary>
          </entry>
        </feed>
        """;

    [Fact]
    public void Rss_IsRead()
    {
        var items = XmlFeed.Parse("wire", Bytes(Rss), "tickers");

        items.Length.ShouldBe(2);
        items[0].Title.ShouldBe("Star City");
        items[0].Link.ShouldBe("http://liftoff.msfc.nasa.gov/news/2003/news-starcity.asp");
        items[0].Id.ShouldBe("http://liftoff.msfc.nasa.gov/2003/06/03.html#item573");
        items[0].Source.ShouldBe("Liftoff News");
        items[0].Time.ShouldBe(new(2003, 6, 3, 9, 39, 21, TimeSpan.Zero));
        items[0].Symbols.ShouldBe(["IBM", "AAPL"]);
        (items[1].Title, items[1].Link, items[1].Id).ShouldBe((null, null, "572"));
        items[1].Time.ShouldBe(new(2003, 5, 30, 16, 6, 42, TimeSpan.Zero));
    }

    [Fact]
    public void Atom_IsRead()
    {
        var item = XmlFeed.Parse("wire", Bytes(Atom), null).ShouldHaveSingleItem();

        (item.Id, item.Link, item.Source).ShouldBe(("urn:uuid:1225c695-cfb8-4ebb-aaaa-80da344efa6a", "http://example.org/2003/12/13/atom03", "Example Feed"));
        item.Time.ShouldBe(new(2003, 12, 13, 17, 30, 2, TimeSpan.Zero));
        NewsText.Plain(item.Title).ShouldBe("Atom-Powered Robots Run Amok");
    }

    [Fact]
    public void WhatIsNoFeed_IsRefusedWhole()
    {
        Refused(() => XmlFeed.Parse("wire", Bytes("<html><body>Sign in</body></html>"), null)).Message.ShouldContain("'html'");
        Refused(() => XmlFeed.Parse("wire", Bytes(Rss[..^40]), null)).Message.ShouldContain("not XML");
        Refused(() => XmlFeed.Parse("wire", Bytes(""), null));
        Refused(() => XmlFeed.Parse("wire", Bytes("{}"), null));
    }

    [Fact]
    public void EntitiesOfADocumentType_AreNotExpanded()
    {
        const string Laughs = """<!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><rss><channel><item><title>&b;</title></item></channel></rss>""";

        Refused(() => XmlFeed.Parse("wire", Bytes(Laughs), null)).Message.ShouldContain("DTD");
    }

    [Fact]
    public void NewsApi_IsRead()
    {
        var item = JsonFeed.Parse("api", Bytes("""
            {"status":"ok","totalResults":1,"articles":[{"source":{"id":"the-verge","name":"The Verge"},"author":null,"title":"Chips",
            "description":"About $NVDA.","url":"https://example.com/a","urlToImage":null,"publishedAt":"2024-02-01T10:00:00Z","content":null}]}
            """), JsonFeedFields.NewsApi).ShouldHaveSingleItem();

        (item.Id, item.Title, item.Source, item.Link, item.Text).ShouldBe((null, "Chips", "The Verge", "https://example.com/a", "About $NVDA."));
        item.Time.ShouldBe(new(2024, 2, 1, 10, 0, 0, TimeSpan.Zero));
    }

    [Fact]
    public void Finnhub_IsRead()
    {
        var item = JsonFeed.Parse("api", Bytes("""
            [{"category":"company news","datetime":1569550360,"headline":"More sops","id":25286,"image":"","related":"AAPL,brk.b","source":"The Economic Times India",
            "summary":"","url":"https://example.com/b"}]
            """), JsonFeedFields.Finnhub).ShouldHaveSingleItem();

        (item.Id, item.Title, item.Source, item.Text).ShouldBe(("25286", "More sops", "The Economic Times India", null));
        item.Symbols.ShouldBe(["AAPL", "BRK.B"]);
        item.Time.ShouldBe(DateTimeOffset.FromUnixTimeSeconds(1_569_550_360));
    }

    [Fact]
    public void Alpaca_IsRead() => JsonFeed.Parse("api", Bytes("""
        {"news":[{"id":24843171,"headline":"Apple Leader","author":"B","created_at":"2021-12-31T11:08:42Z","updated_at":"2021-12-31T11:08:43Z","summary":"s",
        "content":"","url":"https://example.com/c","images":[],"symbols":["AAPL","not a ticker!",7],"source":"benzinga"}],"next_page_token":"x"}
        """), JsonFeedFields.Alpaca).ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            item => item.Symbols.ShouldContain("AAPL"),
            item => (item.Id, item.Time).ShouldBe(("24843171", new DateTimeOffset(2021, 12, 31, 11, 8, 42, TimeSpan.Zero))));

    [Theory]
    [InlineData("{\"status\":\"error\",\"message\":\"no\"}")]
    [InlineData("{\"articles\":{}}")]
    [InlineData("{\"articles\":[1]}")]
    [InlineData("{\"articles\":[{\"title\":")]
    [InlineData("<html>")]
    [InlineData("")]
    public void OtherJson_IsRefusedWhole(string body) => Refused(() => JsonFeed.Parse("api", Bytes(body), JsonFeedFields.NewsApi));

    [Theory]
    [InlineData("a <b>bold</b>&nbsp;claim &amp; more", "a bold claim & more")]
    [InlineData("&lt;b&gt;AT&amp;amp;T&lt;/b&gt; up", "AT&T up")]
    [InlineData("<script>alert(1)</script>Shares <!-- x --> rise", "Shares rise")]
    [InlineData("&amp;lt;script&amp;gt;alert(1)", "alert(1)")]
    [InlineData("profit < 3 and > 2", "profit < 3 and > 2")]
    [InlineData("line\nbreak\u0000\u202e", "line break")]
    [InlineData(null, "")]
    public void Markup_IsTakenOff(string? markup, string plain) => NewsText.Plain(markup).ShouldBe(plain);

    [Theory]
    [InlineData("Mon, 06 Sep 2009 16:45:00 +0000", "2009-09-06T16:45:00Z")]
    [InlineData("Sun, 6 Sep 2009 16:45 PDT", "2009-09-06T23:45:00Z")]
    [InlineData("06 Sep 09 16:45:00 Z", "2009-09-06T16:45:00Z")]
    [InlineData("2024-05-06T07:08:09.123Z", "2024-05-06T07:08:09.123Z")]
    [InlineData("2024-05-06T07:08:09", "2024-05-06T07:08:09Z")]
    [InlineData("1700000000", "2023-11-14T22:13:20Z")]
    public void Time_IsReadInEveryForm(string text, string expected) =>
        NewsText.Time(text).ShouldBe(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture));

    [Theory]
    [InlineData("yesterday")]
    [InlineData("")]
    [InlineData(null)]
    [InlineData("32 Sep 2009 16:45:00 GMT")]
    [InlineData("99999999999999999")]
    public void Time_ThatIsNone_IsUnknown(string? text) => NewsText.Time(text).ShouldBeNull();

    [Fact]
    public void Link_IsAnAddressThatAPageMayShow()
    {
        NewsText.Link(" https://example.com/a b ").ShouldBe("https://example.com/a%20b");
        NewsText.Link("javascript:alert(1)").ShouldBeNull();
        NewsText.Link("/relative").ShouldBeNull();
        NewsText.Link(null).ShouldBeNull();
    }

    [Fact]
    public void LongTitle_IsCut() => NewsText.Title(new('x', 500)).ShouldBe(new string('x', 299) + "…");
}
