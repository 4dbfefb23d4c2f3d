using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Takes a loss of the book apart by position: component, marginal and incremental. Weights are fractions of
/// equity and series are returns, so all parts are fractions of equity.</summary>
static class Decompositions
{
    public static RiskDecomposition Historical(
        RiskInput input, HeldReturns window, LossMeasure measure, double confidence)
    {
        var parts = HistoricalAttribution.Of(measure, window.Returns, window.Weights, confidence);
        return Row(input, window, parts, null, position =>
        {
            var (weight, returns) = (window.Held[position].Weight, window.Returns[position]);
            var without = ScenarioRisk.WhatIf(window.Book, returns, -weight, confidence, confidence);
            return parts.Whole - (measure == LossMeasure.ValueAtRisk ? without.ValueAtRisk : without.ExpectedShortfall);
        });
    }

    /// <summary>The means are taken as zero.</summary>
    public static RiskDecomposition Gaussian(
        RiskInput input, HeldReturns window, CovarianceEstimate covariance, LossMeasure measure, double confidence)
    {
        var weights = window.Weights;
        var parts = GaussianAttribution.Of(measure, covariance.Matrix, [], weights, confidence);
        return Row(input, window, parts, covariance.Method, position =>
        {
            var removed = new double[weights.Length];
            removed[position] = -weights[position];
            return -GaussianAttribution.Increment(measure, covariance.Matrix, [], weights, removed, confidence).Change;
        });
    }

    static RiskDecomposition Row(
        RiskInput input, HeldReturns window, RiskAttribution parts, CovarianceMethod? covariance,
        Func<int, double> incremental)
    {
        var (measure, model, by) = (
            RiskTerms.Of(parts.Measure), RiskTerms.Of(parts.Model),
            covariance is { } method ? RiskTerms.Of(method) : null);
        return new(
            measure, model, parts.Confidence, by, parts.Whole, input.MoneyOf(parts.Whole), RiskMethods.Sign,
            window.Window, window.Sample,
            window.From, window.To,
            RiskTerms.Hash(
                measure, model, parts.Confidence, by, RiskMethods.Sign, window.Window, window.Sample, window.From,
                window.To),
            [.. Enumerable.Range(0, window.Held.Length)
                .Select(i => new RiskPart(
                    window.Held[i].Symbol, window.Held[i].Sector, window.Held[i].Weight, parts.Components[i],
                    input.MoneyOf(parts.Components[i]),
                    covariance is not null && parts.Marginal[i] == 0 ? null : parts.Share(i),
                    parts.Marginal[i], incremental(i)))
                .OrderByDescending(part => part.Component)]);
    }
}
