using System.Collections.Immutable;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Trading.Models;

namespace Trading.Api;

/// <summary>The symbols that models are kept for: what a request without a symbol is about.</summary>
/// <param name="BatchSize">Models that a request asks at the same time.</param>
public sealed record ModelSymbols(ImmutableArray<string> Symbols, int BatchSize = 100);

/// <summary>Predictions, how far they can be trusted, and retraining.</summary>
internal static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder api)
    {
        var models = api.MapGroup("/api/ml").WithTags("Models").Answers(400, 500);
        models.MapGet("/predictions", GetPredictionsAsync).Produces<ImmutableArray<ModelPrediction>>()
            .WithSummary("The next session's probability of a rise, for one symbol or all that have a model.");
        models.MapGet("/performance", GetPerformanceAsync).Produces<ImmutableArray<ModelPerformance>>()
            .WithSummary("Out-of-sample scores of the walk-forward folds, for one symbol or all that have a model.");
        models.MapPost("/retrain", RetrainAsync).Takes(RetrainBody.Shape).Produces<ImmutableArray<TrainingStatus>>(StatusCodes.Status202Accepted)
            .WithSummary("Begins a training, unless one runs, for one symbol or all that have a model.");
    }

    static async Task<Answer<ImmutableArray<ModelPrediction>>> GetPredictionsAsync(string? symbol, ModelSymbols models, IGrainFactory grains) =>
        await AskEachAsync(symbol, models, grains, model => Reads.AskAsync(model.GetPredictionAsync));

    static async Task<Answer<ImmutableArray<ModelPerformance>>> GetPerformanceAsync(string? symbol, ModelSymbols models, IGrainFactory grains) =>
        await AskEachAsync(symbol, models, grains, model => Reads.AskAsync(model.GetPerformanceAsync));

    static async Task<Answer<ImmutableArray<TrainingStatus>>> RetrainAsync(HttpRequest request, ModelSymbols models, IGrainFactory grains)
    {
        var (body, problem) = await request.ReadAsync(RetrainBody.Shape);
        if (problem is not null) return problem;
        Answer<ImmutableArray<TrainingStatus>> answer = await AskEachAsync(body.Symbol, models, grains, model => model.RetrainAsync(body.Reason));
        return answer.With(StatusCodes.Status202Accepted);
    }

    static async Task<ImmutableArray<T>> AskEachAsync<T>(string? symbol, ModelSymbols models, IGrainFactory grains, Func<IModelGrain, Task<T>> ask)
    {
        ImmutableArray<string> symbols = symbol is null ? models.Symbols : [symbol];
        var answers = ImmutableArray.CreateBuilder<T>(symbols.Length);
        foreach (var batch in symbols.Chunk(models.BatchSize))
            answers.AddRange(await Task.WhenAll(batch.Select(each => ask(grains.GetGrain<IModelGrain>(GrainKeys.Symbol(each))))));
        return answers.MoveToImmutable();
    }

    /// <summary>Which model to train again, and why.</summary>
    sealed class RetrainBody
    {
        public string? Symbol { get; private set; }
        public string Reason { get; private set; } = "asked for through the API";

        public static readonly Shape<RetrainBody> Shape = new Shape<RetrainBody>()
            .Optional("symbol", Kinds.Symbol, (body, value) => body.Symbol = value, "The ticker; absent for every symbol that has a model.", "IBM")
            .Optional("reason", Kinds.Text, (body, value) => body.Reason = value, "Why; kept with the training.", "new data");
    }
}
