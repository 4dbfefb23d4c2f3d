using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>All features, in the order of a row: those of a symbol, of its place among others, and of series from
/// outside.</summary>
public static class FeatureCatalog
{
    /// <summary>Every column that some history can have; series from outside add theirs.</summary>
    public static ImmutableArray<Feature> All { get; } = Columns(
        FeatureNeeds.Range | FeatureNeeds.Volume | FeatureNeeds.Market | FeatureNeeds.Peers, []);

    /// <summary>The columns of a history that has what <paramref name="available"/> says.</summary>
    public static ImmutableArray<Feature> Columns(FeatureNeeds available, ImmutableArray<ExternalSeries> external) =>
    [
        .. Blocks(available).SelectMany(block => block.Columns),
        .. available.HasFlag(FeatureNeeds.Peers) ? CrossSection.Columns : [],
        .. ExternalFeatures.ColumnsOf(external),
    ];

    internal static FeatureBlock[] Blocks(FeatureNeeds available)
    {
        List<FeatureBlock> blocks =
        [
            new ReturnFeatures(), new VolatilityFeatures(), new TrendFeatures(), new OscillatorFeatures(),
            new SerialFeatures(), new CalendarFeatures(),
        ];
        if (available.HasFlag(FeatureNeeds.Market)) blocks.Add(new MarketFeatures());
        if (available.HasFlag(FeatureNeeds.Range)) blocks.Add(new RangeFeatures());
        if (available.HasFlag(FeatureNeeds.Volume)) blocks.Add(new VolumeFeatures());
        return [.. blocks];
    }
}
