using System.Collections.Immutable;
using Microsoft.Extensions.Options;

namespace Trading.MarketData;

/// <summary>FRED, or what answers as FRED does.</summary>
sealed class FredSource(IOptions<MacroOptions> options, FeedClient http, TimeProvider clock) : IMacroSource
{
    /// <summary>FRED's words for every vintage.</summary>
    const string FirstVintage = "1776-07-04", LastVintage = "9999-12-31";

    public string Name => "fred";

    public async Task<ImmutableArray<MacroObservation>?> FetchAsync(string series, CancellationToken cancellation)
    {
        var settings = options.Value;
        var json = settings.Format == "json";
        var question = new FeedRequest(
            Name, Address(settings, series, json), TimeSpan.FromSeconds(settings.Timeout), settings.MaxResponseBytes);
        var reply = await http.GetAsync(question, cancellation);
        if ((int)reply.Status == 404 || (int)reply.Status == 400 && FredPayload.SaysUnknown(reply.Body!.Value))
            return null;
        if (reply.Body is not { } body || (int)reply.Status >= 400)
            throw new SourceException(Name, SourceFailure.Refused, $"refused with {(int)reply.Status}");
        var now = clock.GetUtcNow();
        return json ? FredPayload.ParseJson(Name, body, now) : FredPayload.ParseCsv(Name, series, body, now);
    }

    static Uri Address(MacroOptions settings, string series, bool json)
    {
        var name = Uri.EscapeDataString(series);
        if (!json) return new($"{settings.Address}?id={name}");
        var key = string.IsNullOrEmpty(settings.Key) ? "" : $"&api_key={Uri.EscapeDataString(settings.Key)}";
        var vintages = settings.Vintages ? $"&realtime_start={FirstVintage}&realtime_end={LastVintage}" : "";
        return new($"{settings.Address}?series_id={name}&file_type=json{vintages}{key}");
    }
}
