using Orleans.Metadata;
using Orleans.Runtime.Placement;

namespace Trading.Hosting;

/// <summary>A book and its limits on one silo: a decision passes through both, and a hop between processes would cost
/// more than the decision. Which silo it is follows from the portfolio's name and the silos alone, so that no two
/// callers disagree, and so that a silo that comes or goes moves only the books that it gets or had.</summary>
[GenerateSerializer, Immutable, SuppressReferenceTracking]
sealed class BookPlacement : PlacementStrategy
{
    public static BookPlacement Instance { get; } = new();
}

/// <summary>Says which grains are placed so.</summary>
sealed class BookPlacementResolver : IPlacementStrategyResolver
{
    static readonly GrainType[] Placed = [GrainType.Create("portfolio"), GrainType.Create("risklimit")];

    public bool TryResolvePlacementStrategy(
        GrainType grainType, GrainProperties? properties, out PlacementStrategy result)
    {
        result = BookPlacement.Instance;
        return Placed.Contains(grainType);
    }
}

/// <summary>Rendezvous hashing: of all silos the one with the highest hash of its name with the portfolio's.</summary>
sealed class BookPlacementDirector : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(
        PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var silos = context.GetCompatibleSilos(target);
        return Task.FromResult(
            IPlacementDirector.GetPlacementHint(target.RequestContextData, silos)
                ?? Choose(target.GrainIdentity.Key, silos));
    }

    public static SiloAddress Choose(IdSpan key, IReadOnlyCollection<SiloAddress> silos) =>
        silos.MaxBy(silo => SplitMix.Mix(((ulong)key.GetUniformHashCode() << 32) | (uint)silo.GetConsistentHashCode()))!;
}
