using System.Collections.Immutable;
using Trading.Learning;
using Trading.Models;

namespace Trading.Backtests;

/// <summary>What models said of the past, each time by a fold that had not seen it: the only predictions that a test may
/// trade on. Pure.</summary>
static class WalkForwardPredictions
{
    /// <summary>Forecasts of models as what could be known when: each from the close of its session on.</summary>
    /// <exception cref="BacktestRefusedException">A forecast is of a model that had seen later prices.</exception>
    public static IReadOnlyDictionary<string, ImmutableArray<Prediction>> Of(
        MarketHistory history, IEnumerable<WalkForwardForecasts> models)
    {
        var known = ImmutableDictionary.CreateBuilder<string, ImmutableArray<Prediction>>(StringComparer.Ordinal);
        foreach (var model in models)
        {
            foreach (var forecast in model.Forecasts)
                if (forecast.TrainedThrough > forecast.Session)
                    throw new BacktestRefusedException(
                    [
                        new("strategies", "future",
                            $"The forecast of {model.Symbol} for {forecast.Session:yyyy-MM-dd} is of a model that had seen "
                            + $"prices of {forecast.TrainedThrough:yyyy-MM-dd}."),
                    ]);
            if (!history.Places.TryGetValue(model.Symbol, out var place)) continue;
            var series = history.Series[place];
            known[model.Symbol] =
            [
                .. model.Forecasts.OrderBy(forecast => forecast.Session)
                    .Select(forecast => (At: series.CompleteAt(forecast.Session), forecast.ProbabilityUp))
                    .Where(one => one.At is not null)
                    .Select(one => new Trading.Backtests.Prediction(one.At!.Value, one.ProbabilityUp)),
            ];
        }

        return known.ToImmutable();
    }

    /// <summary>Trains a model of every symbol walk-forward on the bars of the test themselves, where no silo keeps
    /// one.</summary>
    /// <exception cref="BacktestRefusedException">There is nothing to learn from; every reason is named.</exception>
    public static IReadOnlyDictionary<string, ImmutableArray<Prediction>> Train(
        MarketHistory history, ModelOptions options, IReadOnlyList<IModelTrainer> trainers,
        IProgress<double>? progress = null, CancellationToken cancellation = default)
    {
        var (models, errors) = (new List<WalkForwardForecasts>(), new List<FieldError>());
        foreach (var series in history.Series)
        {
            var outcome = ModelTraining.Train(
                Of(series), options.ToSpec(), trainers, TrialTally.None, new Progress<TrainingProgress>(), cancellation);
            if (outcome.Report is { } report) models.Add(new(series.Symbol, 1, ModelForecasts.Of(report)));
            else errors.AddRange(outcome.Problems.Select(problem =>
                new FieldError("strategies", problem.Rule, $"{series.Symbol}: {problem.Message}")));
            progress?.Report((double)(models.Count + errors.Count) / history.Series.Length);
        }

        return errors.Count == 0 ? Of(history, models) : throw new BacktestRefusedException([.. errors]);
    }

    static ModelHistory Of(SymbolBars series) => new(
        SymbolHistory.Of(series.Symbol,
        [
            .. series.Adjusted().Select(bar => new FeatureBar(
                bar.Session, bar.Open, bar.High, bar.Low, bar.Close, bar.Volume ?? double.NaN)),
        ]), null, []);
}
