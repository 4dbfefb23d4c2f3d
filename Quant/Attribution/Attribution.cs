using System.Collections.Immutable;

namespace Trading.Quant;

/// <summary>What both models share.</summary>
static class Attribution
{
    public static RiskAttribution Of(
        LossMeasure measure, LossModel model, double confidence, int? observations, double whole, double[] marginal, ReadOnlySpan<double> weights)
    {
        var components = ImmutableArray.CreateBuilder<double>(weights.Length);
        for (var i = 0; i < weights.Length; i++)
            components.Add(Require.Finite(weights[i] * marginal[i], nameof(weights)));
        return new(measure, model, confidence, observations, whole, [.. marginal], components.MoveToImmutable());
    }

    public static double[] Add(ReadOnlySpan<double> weights, ReadOnlySpan<double> change)
    {
        Require.Length(change, weights.Length, nameof(change));
        var changed = weights.ToArray();
        ScenarioRisk.AddScaled(changed, change, 1);
        return Require.Finite(changed, nameof(change));
    }
}
