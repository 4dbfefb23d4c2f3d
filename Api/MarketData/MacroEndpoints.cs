using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>Economic series.</summary>
internal static class MacroEndpoints
{
    public static void MapMacro(this IEndpointRouteBuilder api) =>
        api.MapGet("/api/data/macro/{series}", GetSeriesAsync).WithTags("Market data").Answers(400, 404, 500, 503).Produces<MacroSeries>()
            .WithSummary("An economic series as it is known, or was known at a past instant; a missing value is null.");

    static async Task<Answer<MacroSeries>> GetSeriesAsync(string series, string? from, string? to, string? as_of, IGrainFactory grains)
    {
        var query = new MacroQuery(Date(from), Date(to), Moments.Parse(as_of));
        if (query.From >= query.To) return ApiProblem.Invalid([new("to", "after_from", $"to must be later than from; they are {to} and {from}.")]);
        var found = await Reads.AskAsync(() => grains.GetGrain<IMacroSeriesGrain>(GrainKeys.MacroSeries(series)).GetAsync(query));
        return found.Status switch
        {
            MacroStatus.Unknown => ApiProblem.NotFound([new("series", "unknown", $"The publisher has no series '{found.Series}'.")]),
            MacroStatus.Unavailable => ApiProblem.Of(StatusCodes.Status503ServiceUnavailable, $"Nothing is known of '{found.Series}': {found.Problem}.", []),
            _ => found,
        };
    }

    static DateOnly? Date(string? text) => Moments.Parse(text) is { } time ? DateOnly.FromDateTime(time.UtcDateTime) : null;
}
