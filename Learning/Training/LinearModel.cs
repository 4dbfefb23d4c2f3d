using System.Collections.Immutable;
using System.Text.Json;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>A logistic model as the methods with weights learn it, in double precision.</summary>
sealed class LinearModel : IFittedModel
{
    readonly LogisticModel _model;
    readonly double[] _slopes;
    readonly double _intercept;

    public LinearModel(LogisticModel model)
    {
        _model = model;
        _slopes = [.. model.Coefficients.Select((coefficient, i) => coefficient / model.Scales[i])];
        _intercept = model.Intercept - _slopes.Select((slope, i) => slope * model.Means[i]).Sum();
    }

    public int Width => _slopes.Length;
    public ImmutableArray<double> Importance => _model.Coefficients;
    public bool IsLinear => true;

    /// <summary>Weight of each feature as it comes, and the constant: for exports.</summary>
    public (ImmutableArray<double> Slopes, double Intercept) Raw => ([.. _slopes], _intercept);

    public void Score(ReadOnlySpan<double> rows, Span<double> scores)
    {
        for (var row = 0; row < scores.Length; row++)
            scores[row] = _intercept
                + System.Numerics.Tensors.TensorPrimitives.Dot(rows.Slice(row * Width, Width), _slopes.AsSpan());
    }

    public string Save() => JsonSerializer.Serialize(_model);

    public static LinearModel Load(string saved)
    {
        try
        {
            var model = JsonSerializer.Deserialize<LogisticModel>(saved);
            if (model is null || model.Means.IsDefault || model.Means.Length != model.Coefficients.Length
                || model.Scales.Length != model.Coefficients.Length || model.Scales.Any(scale => !(scale > 0))
                || !model.Coefficients.All(double.IsFinite) || !double.IsFinite(model.Intercept))
                throw new CorruptModelException("The stored linear model is not whole.");
            return new(model);
        }
        catch (JsonException failure)
        {
            throw new CorruptModelException($"The stored linear model cannot be read: {failure.Message}", failure);
        }
    }
}
