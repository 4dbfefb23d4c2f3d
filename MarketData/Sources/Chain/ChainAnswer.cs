using System.Collections.Immutable;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>A source that was asked before the one that served, and why it did not.</summary>
public sealed record SkippedSource(string Source, SourceFailure? Failure, string Reason);

/// <summary>What a chain answers: all of it from one source, never from two.</summary>
/// <param name="Source">The source that served; null where every source says that it does not know the symbol.</param>
public sealed record ChainAnswer(
    string? Source, BarAnswer Answer, DateTimeOffset ReceivedAt, ImmutableArray<SkippedSource> Skipped)
{
    /// <summary>Null where there is no bar whose age could be counted.</summary>
    public Provenance? Provenance =>
        Source is not null && Answer.AsOf is { } asOf ? new(Source, asOf, ReceivedAt) : null;
}

/// <summary>No source of a chain gave a usable answer.</summary>
public sealed class SourceChainException(BarRequest request, ImmutableArray<SkippedSource> skipped)
    : Exception(Describe(request, skipped))
{
    public ImmutableArray<SkippedSource> Skipped => skipped;

    static string Describe(BarRequest request, ImmutableArray<SkippedSource> skipped)
    {
        if (skipped.IsEmpty) return $"no source is configured for {request.Symbol}";
        var reasons = string.Join("; ", skipped.Select(source => source.Reason));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"none of {skipped.Length} sources has {request.Symbol}, {request.Interval.Code()}: {reasons}");
    }
}
