using System.Collections.Immutable;

namespace Trading.Models;

/// <summary>What a model is to learn. A parameter that is null takes its default; one that the label does not have is an
/// error.</summary>
/// <param name="Label">One of <see cref="Names"/>, or <see cref="Configured"/>.</param>
/// <param name="Horizon">Sessions that it looks ahead; 1 by default.</param>
/// <param name="BarrierAbove">Distance of the upper barrier in volatilities over the horizon; 1 by default.</param>
/// <param name="BarrierBelow">Of the lower one; 1 by default.</param>
/// <param name="Threshold">Volatilities over the horizon that a return must be above; 0.5 by default.</param>
[GenerateSerializer, Immutable, Alias("trading.label-choice")]
public sealed record LabelChoice(
    [property: Id(0)] string Label, [property: Id(1)] int? Horizon = null, [property: Id(2)] double? BarrierAbove = null,
    [property: Id(3)] double? BarrierBelow = null, [property: Id(4)] double? Threshold = null)
{
    public const string NextReturn = "next_return", ScaledReturn = "scaled_return", TripleBarrier = "triple_barrier";

    /// <summary>Whatever the settings say.</summary>
    public const string Configured = "configured";

    public static ImmutableArray<string> Names { get; } = [NextReturn, ScaledReturn, TripleBarrier];
}

/// <summary>A person's wish for a training.</summary>
/// <param name="Label">What the model learns from now on, until another is asked for; null to leave it as it
/// is.</param>
[GenerateSerializer, Immutable, Alias("trading.training-request")]
public sealed record TrainingRequest([property: Id(0)] string Reason, [property: Id(1)] LabelChoice? Label);
