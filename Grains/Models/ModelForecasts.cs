using System.Collections.Immutable;
using Trading.Learning;

namespace Trading.Models;

/// <summary>Keeps and hands out what models said of sessions that they had not learned from. Pure.</summary>
static class ModelForecasts
{
    /// <summary>The test ranges of a training, each with the end of what its model had seen.</summary>
    public static ImmutableArray<WalkForwardForecast> Of(TrainingReport report) =>
    [
        .. report.Forecasts.OrderBy(forecast => forecast.Session).Select(forecast => new WalkForwardForecast(
            forecast.Session, report.Folds[forecast.Fold].TrainRange.To, forecast.Probability)),
    ];

    public static Outcome<WalkForwardForecasts> Of(string symbol, ModelRecord record)
    {
        var model = new[] { record.Model, record.Newest }.FirstOrDefault(one => one is { Forecasts.IsEmpty: false });
        return model is null
            ? Outcome.NotFound<WalkForwardForecasts>(
                "symbol", $"There is no model of {symbol} that keeps its walk-forward forecasts; train it.")
            : Outcome.Done(new WalkForwardForecasts(symbol, model.Version, model.Forecasts)
            {
                Label = model.Evidence?.Lineage.Label,
            });
    }
}
