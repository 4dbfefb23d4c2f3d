using System.Collections.Immutable;
using Trading.Models;

namespace Trading.Api;

/// <summary>The features that the newest version of a model chose from.</summary>
/// <param name="SelectionStability">Mean share of features that two folds have in common; null without a version.</param>
/// <param name="Refused">Features that were not let in, with the reason.</param>
public sealed record ModelFeatures(
    string Symbol, int Version, double? SelectionStability, ImmutableArray<FeatureEvidence> Features, ImmutableArray<string> Refused)
{
    internal static ModelFeatures Of(ModelVersions versions)
    {
        var newest = versions.Versions.FirstOrDefault(version => version.Evidence is not null);
        return new(versions.Symbol, newest?.Version ?? 0, newest?.Evidence!.SelectionStability,
            newest?.Evidence!.Features ?? [], newest?.Evidence!.Refused ?? []);
    }
}
