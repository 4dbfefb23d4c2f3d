using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.Extensions.Options;
using Trading.Quant;

namespace Trading.Models;

/// <summary>Logistic regression on standardised features with a quadratic penalty.</summary>
public sealed class LogisticTrainer(IOptions<ModelOptions> options) : IModelTrainer
{
    public string Method => "logistic";

    public IFittedModel Fit(IReadOnlyList<double[]> rows, IReadOnlyList<bool> rises, CancellationToken cancellation) =>
        new Fitted(LogisticRegression.Fit(rows, rises, options.Value.Penalty, cancellation));

    public IFittedModel Load(string saved) =>
        new Fitted(JsonSerializer.Deserialize<LogisticModel>(saved) ?? throw new JsonException("The stored model is empty."));

    sealed class Fitted(LogisticModel model) : IFittedModel
    {
        public double Probability(ReadOnlySpan<double> row) => model.Probability(row);
        public ImmutableArray<double> Coefficients => model.Coefficients;
        public string Save() => JsonSerializer.Serialize(model);
    }
}
