using MathNet.Numerics.Distributions;

namespace Trading.Quant;

/// <summary>A GARCH(1,1) process drawn step by step: r = mean + √v z, then v ← ω + α (r - mean)² + β v. It starts at the long-run
/// variance; z has variance 1, normal or Student t as the model says (Bollerslev, A conditionally heteroskedastic time series model,
/// 1987).</summary>
/// <remarks>Not thread-safe. The same model and a <see cref="Random"/> of the same seed give the same path.</remarks>
public sealed class GarchPath
{
    readonly GarchModel _model;
    readonly Random _random;

    /// <exception cref="ArgumentException">A model without a finite long-run variance, or ν of 2 or less.</exception>
    public GarchPath(GarchModel model, Random random)
    {
        if (!(model is { Omega: > 0, Alpha: >= 0, Beta: >= 0, Persistence: < 1 } && double.IsFinite(model.LongRunVariance) && double.IsFinite(model.Mean)))
            throw new ArgumentException($"A path needs a stationary model; {model} is not.", nameof(model));
        if (model.DegreesOfFreedom is { } freedom && !(freedom > 2 && double.IsFinite(freedom)))
            throw new ArgumentException($"A variance needs finite degrees of freedom above 2; {freedom} are not.", nameof(model));
        (_model, _random, NextVariance) = (model, random, model.LongRunVariance);
    }

    /// <summary>Of the next return, given the ones before.</summary>
    public double NextVariance { get; private set; }

    /// <summary>Draws the next return, in the unit of the model.</summary>
    public double Next()
    {
        var shock = Math.Sqrt(NextVariance) * Innovation();
        NextVariance = _model.Omega + _model.Alpha * shock * shock + _model.Beta * NextVariance;
        return _model.Mean + shock;
    }

    double Innovation()
    {
        var normal = Normal.Sample(_random, 0, 1);
        return _model.DegreesOfFreedom is { } freedom ? normal * Math.Sqrt((freedom - 2) / ChiSquared.Sample(_random, freedom)) : normal;
    }
}
