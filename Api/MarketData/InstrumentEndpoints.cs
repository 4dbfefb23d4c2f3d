using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.MarketData;

namespace Trading.Api;

/// <summary>What instruments are: sector, and how they trade.</summary>
internal static class InstrumentEndpoints
{
    public static void MapInstruments(this IEndpointRouteBuilder data)
    {
        data.MapGet("/instruments/{symbol}", GetAsync).Produces<InstrumentReport>()
            .WithSummary("Sector and terms in force, and every version that persons gave, newest first.");
        data.MapPost("/instruments/{symbol}", ChangeAsync).Takes(InstrumentBody.Shape).Answers(409).Produces<InstrumentReport>()
            .WithSummary("Says what an instrument is: a new version replaces the one before as a whole.")
            .WithDescription("A symbol may be new. What is absent is not known: then terms are those of the source. It holds at once.");
    }

    static async Task<Answer<InstrumentReport>> GetAsync(string symbol, IGrainFactory grains) =>
        await Reads.AskAsync(grains.GetGrain<ISymbolDataGrain>(GrainKeys.Symbol(symbol)).GetInstrumentAsync);

    static async Task<Answer<InstrumentReport>> ChangeAsync(HttpRequest request, string symbol, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(InstrumentBody.Shape);
        if (problem is not null) return problem;
        var outcome = await grains.GetGrain<ISymbolDataGrain>(GrainKeys.Symbol(symbol)).ChangeInstrumentAsync(body.Change);
        return outcome.IsDone ? outcome.Value! : ApiProblem.Of(outcome.Kind, outcome.Errors);
    }
}

/// <summary>What is said of an instrument, by whom, and why.</summary>
internal sealed class InstrumentBody
{
    string? _company, _sector;
    string _by = "", _reason = "";
    InstrumentTerms? _terms;
    long? _expectedVersion;

    public InstrumentChange Change => new(_company, _sector, _terms, _by, _reason, _expectedVersion);

    public static readonly Shape<InstrumentBody> Shape = new Shape<InstrumentBody>()
        .Optional("company", Kinds.Words, (body, value) => body._company = value, "Its name.", "Acme Corp.")
        .Optional("sector", Kinds.Words, (body, value) => body._sector = value, "Which limit for one sector it counts for; unknown has no room.", "Industrials")
        .Optional("tradable", Kinds.Flag, (body, value) => body._terms = body.Terms with { Tradable = value }, "false while it is halted; absent for true.", true)
        .Optional("lot_size", Kinds.Decimal, (body, value) => body._terms = body.Terms with { LotSize = value }, "Orders are multiples of it.", 1)
        .Optional("tick_size", Kinds.Decimal, (body, value) => body._terms = body.Terms with { TickSize = value }, "Prices are multiples of it.", 0.01m)
        .Optional("min_notional", Kinds.Decimal, (body, value) => body._terms = body.Terms with { MinNotional = value }, "The least worth of an order.", 10)
        .Optional("average_daily_volume", Kinds.Decimal, (body, value) => body._terms = body.Terms with { AverageDailyVolume = value }, "Units that trade in a day.", 5_000_000)
        .Optional("currency", Kinds.Text, (body, value) => body._terms = body.Terms with { Currency = value }, "In which its prices are: EUR, USDT, or GBp for pence; absent for what the source says.", "USD")
        .Optional("expected_version", Kinds.Whole, (body, value) => body._expectedVersion = value, "The version that is replaced, 0 for none: refused (409) where another is in force.", 0)
        .Who((body, value) => body._by = value, "Who says so.", "ada", Kinds.Words)
        .Required("reason", Kinds.Words, (body, value) => body._reason = value, "Why.", "Own book");

    InstrumentTerms Terms => _terms ?? new();
}
