using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What the numbers of a published series are.</summary>
public enum PublishedKind
{
    /// <summary>A level that holds until the next one, such as an interest rate.</summary>
    Level,
    /// <summary>A number of things that happened, such as news.</summary>
    Count,
}

/// <param name="At">When it was published: nobody knew it before.</param>
/// <param name="Symbol">Whose it is; null for all.</param>
public readonly record struct PublishedValue(DateTimeOffset At, string? Symbol, decimal Value);

/// <summary>A series from outside prices, each value with the moment of its publication.</summary>
/// <param name="IsBySymbol">Whether it tells symbols apart.</param>
/// <param name="Values">In the order of publication.</param>
public sealed record PublishedSeries(string Name, PublishedKind Kind, bool IsBySymbol, ImmutableArray<PublishedValue> Values);
