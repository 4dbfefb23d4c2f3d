using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>Recorded answers with bytes changed, cut, doubled and swapped: each is an answer or nonsense, and nothing else happens.</summary>
public sealed class PayloadFuzzTests
{
    const int Cases = 4000;
    static readonly DateTimeOffset Now = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    [ReferenceFact]
    public void BrokenCandlesOfBinance_AreNonsenseOrBars() => Fuzz("binance/nautilus/http_spot_market_klines.json", root => BinancePayloads.Klines(root, BarInterval.OneMinute));

    [ReferenceFact]
    public void BrokenExchangeInfo_IsNonsenseOrTerms() => Fuzz("binance/nautilus/http_spot_market_exchange_info.json", root => BinancePayloads.Instrument(root, "ETHUSDT"));

    [ReferenceFact]
    public void BrokenTrades_AreNonsenseOrTrades() => Fuzz("binance/nautilus/http_spot_market_trades.json", root => BinancePayloads.Trades(root));

    [ReferenceFact]
    public void BrokenCharts_AreNonsenseOrBars()
    {
        foreach (var file in new[] { "yahoo/yahoo-finance2/chart_AAPL_2020-08-31_2020-11-07_split_and_dividend.json", "yahoo/yfinance-rs/history_chart_GS2C.DE.json" })
            Fuzz(file, root => YahooChart.Read(root["chart"]["result"][0], file.Contains("AAPL", StringComparison.Ordinal) ? "AAPL" : "GS2C.DE",
                new("X", BarInterval.OneDay, null, null), Now));
    }

    static void Fuzz(string file, Action<JsonField> read)
    {
        var body = Recorded.Body(file);
        var chance = new Random(20261122);
        var understood = 0;
        for (var round = 0; round < Cases; round++)
        {
            var bytes = Changed(body, chance);
            try
            {
                using var document = JsonField.Parse("fuzz", bytes);
                read(JsonField.Root("fuzz", document));
                understood++;
            }
            catch (SourceException wrong)
            {
                wrong.Failure.ShouldBe(SourceFailure.Nonsense);
                wrong.Message.Length.ShouldBeLessThan(600);
            }
        }

        understood.ShouldBeInRange(1, Cases - 1);
    }

    static byte[] Changed(byte[] body, Random chance)
    {
        ReadOnlySpan<byte> likely = "0123456789-+.eE\"[]{},:null "u8;
        var bytes = body.ToArray();
        for (var change = chance.Next(1, 4); change > 0; change--)
        {
            var at = chance.Next(bytes.Length);
            var length = Math.Min(chance.Next(1, 8), bytes.Length - at);
            switch (chance.Next(5))
            {
                case 0: bytes[at] = likely[chance.Next(likely.Length)]; break;
                case 1: bytes[at] = (byte)chance.Next(256); break;
                case 2: bytes = [.. bytes[..at], .. bytes[(at + length)..]]; break;
                case 3: bytes = [.. bytes[..(at + length)], .. bytes[at..]]; break;
                default: bytes[at..(at + length)].CopyTo(bytes.AsSpan(chance.Next(bytes.Length - length))); break;
            }
        }

        return chance.Next(50) == 0 ? bytes[..chance.Next(bytes.Length)] : bytes;
    }
}
