using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>What a feature needs of its inputs beside closes.</summary>
[Flags]
public enum FeatureNeeds
{
    None = 0,
    /// <summary>Open, high and low.</summary>
    Range = 1,
    Volume = 2,
    /// <summary>A market to compare with: an index, or the mean of the other symbols.</summary>
    Market = 4,
    /// <summary>Other symbols at the same session.</summary>
    Peers = 8,
    /// <summary>A series from outside, with the moment from which each value was known.</summary>
    External = 16,
}

/// <summary>One column that a model may be given.</summary>
/// <param name="Group">The family that it belongs to.</param>
/// <param name="LookBack">Bars that are needed before it is known, its own among them.</param>
/// <param name="Parameters">What its definition leaves open, in words.</param>
/// <param name="Version">Changes with the definition: a model is of no use to another version.</param>
public sealed record Feature(
    string Name, string Group, int LookBack, string Parameters, FeatureNeeds Needs = FeatureNeeds.None, int Version = 1)
{
    /// <summary>Name and version, as artefacts keep it.</summary>
    public string Id => $"{Name}@{Version}";

    /// <summary>Several lengths of one definition.</summary>
    internal static IEnumerable<Feature> Each(
        string stem, string group, ReadOnlySpan<int> lengths, int more, string parameters,
        FeatureNeeds needs = FeatureNeeds.None) =>
        lengths.ToArray().Select(length =>
            new Feature($"{stem}_{length}", group, length + more, $"{length} sessions{parameters}", needs));
}

/// <summary>One session of one symbol in numbers: prices adjusted for splits and dividends.</summary>
/// <param name="Volume">NaN where the history has none; then no feature of volume is made of it.</param>
public readonly record struct FeatureBar(
    DateOnly Session, double Open, double High, double Low, double Close, double Volume)
{
    /// <summary>A session of which only the close is known.</summary>
    public static FeatureBar OfClose(DateOnly session, double close) =>
        new(session, close, close, close, close, double.NaN);
}

/// <summary>Columns that share their state. It is told one session after another and writes what is known at each
/// close; a later session is never at hand, so nothing later can enter.</summary>
abstract class FeatureBlock
{
    public abstract ImmutableArray<Feature> Columns { get; }

    /// <param name="row">One place for each column; NaN where it is not known yet, or not defined.</param>
    public abstract void Update(SessionState state, Span<double> row);
}
