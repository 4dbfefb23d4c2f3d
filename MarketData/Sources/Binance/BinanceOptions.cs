using Microsoft.Extensions.Configuration;

namespace Trading.MarketData;

/// <summary>Section <c>market_data:binance</c>; durations are in seconds.</summary>
public sealed class BinanceOptions : HttpSourceOptions
{
    public const string Section = "market_data:binance";

    public BinanceOptions() => RequestsPerMinute = 3000; // half of what the exchange allows one address

    /// <summary>The exchange's test network instead of its market; where unset, the environment variable
    /// <c>BINANCE_TESTNET</c> says.</summary>
    [ConfigurationKeyName("testnet")] public bool? Testnet { get; set; }

    /// <summary>Unset: the public address of the streams.</summary>
    [ConfigurationKeyName("stream_address")] public string? StreamAddress { get; set; }

    /// <summary>Sent as <c>X-MBX-APIKEY</c> if set; market data needs none. Never logged.</summary>
    [ConfigurationKeyName("key")] public string? Key { get; set; }

    /// <summary>How long the terms of an instrument are taken as they were; from 1 to a day.</summary>
    [ConfigurationKeyName("terms_ttl")] public double TermsTtl { get; set; } = 3600;

    /// <summary>Symbols whose closed bars are followed as they happen; at most 1,024. Unset: none.</summary>
    [ConfigurationKeyName("stream")] public string[]? Stream { get; set; }

    /// <summary>The bars that are followed: 1m, 5m, 15m, 1h or 1d.</summary>
    [ConfigurationKeyName("stream_interval")] public string StreamInterval { get; set; } = "1m";

    /// <summary>Whether bars of a minute are put together from the trades instead.</summary>
    [ConfigurationKeyName("stream_trades")] public bool StreamTrades { get; set; }

    /// <summary>A stream that is silent for this long is opened anew; from 1 to 600.</summary>
    [ConfigurationKeyName("stream_silence")] public double StreamSilence { get; set; } = 60;

    /// <summary>The first wait before a broken stream is opened anew; it doubles with every attempt up to a minute.
    /// From 0.01 to 60.</summary>
    [ConfigurationKeyName("stream_backoff")] public double StreamBackoff { get; set; } = 1;

    /// <summary>Items that wait for a slow reader before the stream waits for it; from 1 to 1,000,000.</summary>
    [ConfigurationKeyName("stream_buffer")] public int StreamBuffer { get; set; } = 4096;

    /// <summary>The length of the bars that are followed.</summary>
    public BarInterval Interval => StoreEncoding.Interval(StreamInterval);

    public override string DefaultAddress =>
        Testnet == true ? "https://testnet.binance.vision" : "https://api.binance.com";

    public Uri Streams => new(
        StreamAddress
            ?? (Testnet == true ? "wss://stream.testnet.binance.vision:9443" : "wss://stream.binance.com:9443"));

    public override IEnumerable<string> BrokenRules()
    {
        foreach (var rule in base.BrokenRules()) yield return rule;
        if (StreamAddress is not null && !IsAddress(StreamAddress, "ws", "wss"))
            yield return $"stream_address is '{StreamAddress}'; it is an absolute ws or wss address.";
        if (Key?.Any(letter => letter is <= ' ' or > '~') == true) yield return "key has characters that no key has.";
        if (TermsTtl is not (>= 1 and <= 86_400))
            yield return $"terms_ttl is {TermsTtl} seconds; it can be from 1 to 86400.";
        if (!Enum.GetValues<BarInterval>().Any(interval => interval.Code() == StreamInterval))
            yield return $"stream_interval is '{StreamInterval}'; it can be 1m, 5m, 15m, 1h or 1d.";
        if (Stream?.FirstOrDefault(symbol => !Ticker.IsValid(symbol)) is { } bad)
            yield return $"stream has '{bad}'; it can be tickers.";
        else if (Stream?.Select(BinanceSource.Symbol).Distinct().Count() < Stream?.Length)
            yield return "stream names a symbol twice.";
        if (Stream?.Length > BinanceStream.MaxSymbols)
            yield return $"stream has {Stream.Length} symbols; it can be at most {BinanceStream.MaxSymbols}.";
        if (StreamSilence is not (>= 1 and <= 600))
            yield return $"stream_silence is {StreamSilence} seconds; it can be from 1 to 600.";
        if (StreamBackoff is not (>= 0.01 and <= 60))
            yield return $"stream_backoff is {StreamBackoff} seconds; it can be from 0.01 to 60.";
        if (StreamBuffer is < 1 or > 1_000_000)
            yield return $"stream_buffer is {StreamBuffer}; it can be from 1 to 1000000.";
    }
}
