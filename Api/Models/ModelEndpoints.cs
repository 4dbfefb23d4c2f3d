using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Models;

namespace Trading.Api;

/// <summary>The symbols that models are kept for: what a request without a symbol is about.</summary>
/// <param name="BatchSize">Models that a request asks at the same time.</param>
public sealed record ModelSymbols(ImmutableArray<string> Symbols, int BatchSize = 100);

/// <summary>Predictions, how far they can be trusted, versions, and retraining.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder api)
    {
        var models = api.MapGroup("/api/ml").WithTags("Models").Answers(400, 500);
        models.MapGet("/predictions", GetPredictionsAsync).Produces<ImmutableArray<ModelPrediction>>()
            .WithSummary("The next session's probability of a rise, for one symbol or all that have a model.");
        models.MapGet("/performance", GetPerformanceAsync).Produces<ImmutableArray<ModelPerformance>>()
            .WithSummary("Out-of-sample scores of the walk-forward folds, for one symbol or all that have a model.");
        models.MapGet("/models", GetVersionsAsync).Produces<ImmutableArray<ModelVersions>>()
            .WithSummary("Every version with its evidence and lineage, in use, in shadow or before, for one symbol or all.");
        models.MapGet("/features", GetFeaturesAsync).Produces<ImmutableArray<ModelFeatures>>()
            .WithSummary("The features of the newest version, with their importance and how stable the choice is.");
        models.MapGet("/trials", GetTrialsAsync).Produces<ImmutableArray<ModelTrials>>()
            .WithSummary("The ledger of everything that was tried: it only ever grows.");
        models.MapGet("/card", GetCardAsync).Produces<string>(StatusCodes.Status200OK, "text/html")
            .WithSummary("The model card of one symbol as a page with curves.");
        models.MapPost("/retrain", RetrainAsync).Takes(RetrainBody.Shape).Produces<ImmutableArray<TrainingStatus>>(StatusCodes.Status202Accepted)
            .Answers(409)
            .WithSummary("Begins a training, unless one runs, for one symbol or all that have a model; a symbol's model may be given another label.");
        models.MapPost("/cancel", CancelAsync).Takes(CancelTrainingBody.Shape).Produces<TrainingStatus>()
            .WithSummary("Ends the training of a symbol that runs; what it tried stays in the ledger.");
        var versions = api.MapGroup("/api/ml").WithTags("Models").Answers(400, 404, 409, 500);
        versions.MapPost("/promote", PromoteAsync).Takes(VersionBody.Shape).Produces<ModelVersions>()
            .WithSummary("Puts a version into use. One that the gate did not promote takes a second person.");
        versions.MapPost("/rollback", RollBackAsync).Takes(VersionBody.Shape).Produces<ModelVersions>()
            .WithSummary("Takes the version in use back for one before it.");
    }

    static async Task<Answer<ImmutableArray<ModelPrediction>>> GetPredictionsAsync(string? symbol, ModelSymbols models, IGrainFactory grains) =>
        await AskEachAsync(symbol, models, grains, model => Reads.AskAsync(model.GetPredictionAsync));

    static async Task<Answer<ImmutableArray<ModelPerformance>>> GetPerformanceAsync(string? symbol, ModelSymbols models, IGrainFactory grains) =>
        await AskEachAsync(symbol, models, grains, model => Reads.AskAsync(model.GetPerformanceAsync));

    static async Task<Answer<ImmutableArray<ModelVersions>>> GetVersionsAsync(string? symbol, ModelSymbols models, IGrainFactory grains) =>
        await AskEachAsync(symbol, models, grains, model => Reads.AskAsync(model.GetVersionsAsync));

    static async Task<Answer<ImmutableArray<ModelFeatures>>> GetFeaturesAsync(string? symbol, ModelSymbols models, IGrainFactory grains)
    {
        ImmutableArray<ModelVersions> all = await AskEachAsync(symbol, models, grains, model => Reads.AskAsync(model.GetVersionsAsync));
        return all.Select(ModelFeatures.Of).ToImmutableArray();
    }

    static async Task<Answer<ImmutableArray<ModelTrials>>> GetTrialsAsync(string? symbol, ModelSymbols models, IGrainFactory grains) =>
        await AskEachAsync(symbol, models, grains, model => Reads.AskAsync(model.GetTrialsAsync));

    static async Task<IResult> GetCardAsync(string symbol, IGrainFactory grains)
    {
        var model = grains.GetGrain<IModelGrain>(GrainKeys.Symbol(symbol));
        return Results.Content(ModelCard.Html(
            await Reads.AskAsync(model.GetVersionsAsync), await Reads.AskAsync(model.GetPerformanceAsync)), "text/html; charset=utf-8");
    }

    static async Task<Answer<ImmutableArray<TrainingStatus>>> RetrainAsync(HttpRequest request, ModelSymbols models, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(RetrainBody.Shape);
        if (problem is not null) return problem;
        if (body is { Label: { } label, Symbol: { } symbol })
        {
            var outcome = await grains.GetGrain<IModelGrain>(GrainKeys.Symbol(symbol)).TrainAsync(new(body.Reason, label));
            Answer<ImmutableArray<TrainingStatus>> begun = outcome.Value is { } status
                ? ImmutableArray.Create(status)
                : ApiProblem.Of(outcome.Kind, outcome.Errors);
            return begun.With(StatusCodes.Status202Accepted);
        }

        Answer<ImmutableArray<TrainingStatus>> answer = await AskEachAsync(body.Symbol, models, grains, model => model.RetrainAsync(body.Reason));
        return answer.With(StatusCodes.Status202Accepted);
    }

    static async Task<Answer<TrainingStatus>> CancelAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(CancelTrainingBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IModelGrain>(GrainKeys.Symbol(body.Symbol)).CancelAsync();
    }

    static async Task<Answer<ModelVersions>> PromoteAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(VersionBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IModelGrain>(GrainKeys.Symbol(body.Symbol)).PromoteAsync(body.ToCommand());
    }

    static async Task<Answer<ModelVersions>> RollBackAsync(HttpRequest request, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(VersionBody.Shape);
        if (problem is not null) return problem;
        return await grains.GetGrain<IModelGrain>(GrainKeys.Symbol(body.Symbol)).RollBackAsync(body.ToCommand());
    }

    /// <summary>Asks so many at a time.</summary>
    static async Task<ImmutableArray<T>> AskEachAsync<T>(string? symbol, ModelSymbols models, IGrainFactory grains, Func<IModelGrain, Task<T>> ask)
    {
        ImmutableArray<string> symbols = symbol is null ? models.Symbols : [symbol];
        var answers = ImmutableArray.CreateBuilder<T>(symbols.Length);
        foreach (var batch in symbols.Chunk(models.BatchSize))
            answers.AddRange(await Task.WhenAll(batch.Select(each => ask(grains.GetGrain<IModelGrain>(GrainKeys.Symbol(each))))));
        return answers.ToImmutable();
    }
}
