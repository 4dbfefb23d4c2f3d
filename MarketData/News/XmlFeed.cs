using System.Collections.Immutable;
using System.Xml;
using System.Xml.Linq;

namespace Trading.MarketData;

/// <summary>Reads RSS 2.0 and Atom (RFC 4287), whichever it is.</summary>
static class XmlFeed
{
    static readonly XNamespace Atom = "http://www.w3.org/2005/Atom", DublinCore = "http://purl.org/dc/elements/1.1/";

    /// <param name="source">The feed's name in messages.</param>
    /// <param name="symbolsElement">The local name of the element of an item that lists tickers; null for none.</param>
    /// <exception cref="SourceException">It is neither; nothing was taken from it.</exception>
    public static ImmutableArray<RawNews> Parse(string source, ReadOnlyMemory<byte> body, string? symbolsElement)
    {
        var root = Load(source, body);
        if (root.Name == "rss" && root.Element("channel") is { } channel)
            return [.. channel.Elements("item").Take(RawNews.MostInOneAnswer)
                .Select(item => Rss(item, Text(channel.Element("title")), symbolsElement))];
        if (root.Name == Atom + "feed")
            return [.. root.Elements(Atom + "entry").Take(RawNews.MostInOneAnswer)
                .Select(entry => OfAtom(entry, Text(root.Element(Atom + "title")), symbolsElement))];
        throw new SourceException(
            source, SourceFailure.Nonsense,
            $"the answer is {FileFindings.Quote(root.Name.LocalName)}, neither RSS 2.0 nor Atom");
    }

    static XElement Load(string source, ReadOnlyMemory<byte> body)
    {
        var settings = new XmlReaderSettings
        {
            DtdProcessing = DtdProcessing.Prohibit,
            XmlResolver = null,
            MaxCharactersInDocument = body.Length + 1L,
            IgnoreComments = true,
            IgnoreProcessingInstructions = true,
        };
        try
        {
            using var stream = new MemoryStream(body.ToArray(), writable: false);
            using var reader = XmlReader.Create(stream, settings);
            return XElement.Load(reader);
        }
        catch (Exception broken) when (broken is XmlException or ArgumentException or NotSupportedException)
        {
            throw new SourceException(
                source, SourceFailure.Nonsense, $"the answer is not XML: {broken.Message}", inner: broken);
        }
    }

    static RawNews Rss(XElement item, string? channel, string? symbolsElement) => new(
        Text(item.Element("guid")),
        NewsText.Time(Text(item.Element("pubDate")) ?? Text(item.Element(DublinCore + "date"))),
        Text(item.Element("title")),
        Text(item.Element("source")) ?? channel,
        Text(item.Element("link"))
            ?? (item.Element("guid") is { } guid && (string?)guid.Attribute("isPermaLink") != "false"
                ? Text(guid) : null),
        Text(item.Element("description")),
        Symbols(item, symbolsElement));

    static RawNews OfAtom(XElement entry, string? feed, string? symbolsElement) => new(
        Text(entry.Element(Atom + "id")),
        NewsText.Time(Text(entry.Element(Atom + "published")) ?? Text(entry.Element(Atom + "updated"))),
        Text(entry.Element(Atom + "title")),
        Text(entry.Element(Atom + "source")?.Element(Atom + "title")) ?? feed,
        (string?)entry.Elements(Atom + "link")
            .FirstOrDefault(link => (string?)link.Attribute("rel") is null or "alternate")?.Attribute("href"),
        Text(entry.Element(Atom + "summary")) ?? Text(entry.Element(Atom + "content")),
        Symbols(entry, symbolsElement));

    static ImmutableArray<string> Symbols(XElement item, string? symbolsElement) => symbolsElement is null
        ? []
        : [.. item.Elements().Where(element => element.Name.LocalName == symbolsElement)
            .SelectMany(element => TickerMentions.Listed(element.Value))];

    static string? Text(XElement? element) => string.IsNullOrWhiteSpace(element?.Value) ? null : element.Value.Trim();
}
