using System.Globalization;

namespace Trading.MarketData;

/// <summary>Yahoo's chart interface, version 8: bars, splits, dividends, capital gains and the currency of a listing (pence are
/// written <c>GBp</c>).</summary>
sealed class YahooSource : IBarSource, IBudgetedSource
{
    public const string SourceName = "yahoo";

    readonly SourceHttp _http;
    readonly YahooOptions _options;
    readonly AssetClasses _classes;
    readonly TimeProvider _clock;

    /// <param name="client">A client for each request, as <see cref="IHttpClientFactory"/> gives them.</param>
    public YahooSource(Func<HttpClient> client, YahooOptions options, AssetClasses classes, TimeProvider clock)
    {
        (_options, _classes, _clock) = (options, classes, clock);
        _http = new(
            SourceName, client, options, clock,
            request => request.Headers.TryAddWithoutValidation("User-Agent", options.UserAgent));
    }

    public string Name => SourceName;
    public RequestBudget Budget => _http.Budget;

    /// <summary>As Yahoo writes it: BRK-B for BRK.B, BTC-USD for BTCUSD, EURUSD=X for EURUSD; an exchange's suffix
    /// stays (VOD.L). Null for what Yahoo does not list, such as pairs in a stablecoin.</summary>
    public string? Symbol(string symbol)
    {
        if (_options.Symbols.TryGetValue(symbol, out var written)) return written;
        var plain = string.Concat(symbol.Where(letter => letter is not ('-' or '/')));
        return _classes.Of(symbol) switch
        {
            AssetClass.Fx => symbol.EndsWith("=X", StringComparison.Ordinal) ? symbol : $"{plain}=X",
            AssetClass.Crypto =>
                plain.EndsWith("USD", StringComparison.Ordinal) && !plain.EndsWith("BUSD", StringComparison.Ordinal)
                && !plain.EndsWith("FDUSD", StringComparison.Ordinal) ? $"{plain[..^3]}-USD" : null,
            _ => symbol.Length > 2 && symbol[^2] is '.' or '/' && symbol[^1] is 'A' or 'B' or 'C' or 'K'
                ? $"{symbol[..^2]}-{symbol[^1]}" : symbol,
        };
    }

    /// <inheritdoc/>
    public async Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation)
    {
        if (Symbol(request.Symbol) is not { } symbol) return BarAnswer.Unknown;
        var now = _clock.GetUtcNow();
        var reach = Reach(request.Interval);
        if (reach is { } days && request.From < now - days)
            throw new SourceException(
                Name, SourceFailure.OutOfReach, $"bars of {request.Interval.Code()} reach back {days.TotalDays} days");
        var from = reach is { } furthest ? request.From ?? now - furthest
            // a session of a date begins up to half a day before or after it
            : request.From is { } start ? start - TimeSpan.FromDays(1)
            : DateTimeOffset.UnixEpoch;
        // The end is always the present: a split after the request's end has changed the prices before it, too.
        var path = string.Create(CultureInfo.InvariantCulture,
            $"/v8/finance/chart/{Uri.EscapeDataString(symbol)}?period1={from.ToUnixTimeSeconds()}&period2={now.ToUnixTimeSeconds()}")
            + $"&interval={request.Interval.Code()}&events=div%2Csplits%2CcapitalGains&includePrePost=false";
        using var reply = await _http.GetAsync(path, weight: 1, cancellation);
        var chart = reply.Root["chart"];
        if (chart.Find("error") is { } error) return Refusal(error);
        if (!reply.Accepted)
            throw new SourceException(Name, SourceFailure.Refused, $"refused with {(int)reply.Status}");
        var results = chart["result"];
        return results.Count == 0 ? BarAnswer.Unknown : YahooChart.Read(results[0], symbol, request, reply.Now);
    }

    BarAnswer Refusal(JsonField error)
    {
        var code = error["code"].Text();
        var text = error.Find("description")?.Text() ?? "";
        if (code == "Not Found") return BarAnswer.Unknown;
        if (text.StartsWith("Data doesn't exist", StringComparison.Ordinal))
            return BarAnswer.Unknown with { Known = true };
        var failure = text.Contains("not available for startTime", StringComparison.Ordinal)
            ? SourceFailure.OutOfReach : SourceFailure.Refused;
        throw new SourceException(Name, failure, $"it says {FileFindings.Quote(code)}: {FileFindings.Quote(text)}");
    }

    /// <summary>How far back bars of less than a day are kept; a little less than Yahoo says, for the time the request
    /// takes.</summary>
    static TimeSpan? Reach(BarInterval interval) => interval switch
    {
        BarInterval.OneMinute => TimeSpan.FromDays(7),
        BarInterval.FiveMinutes or BarInterval.FifteenMinutes => TimeSpan.FromDays(59),
        BarInterval.OneHour => TimeSpan.FromDays(729),
        _ => null,
    };
}
