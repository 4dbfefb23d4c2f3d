using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>A publisher of economic series.</summary>
public interface IMacroSource
{
    /// <summary>A short stable name.</summary>
    string Name { get; }

    /// <summary>Every observation that the publisher gives, with all vintages where it gives them.</summary>
    /// <returns>Null where the publisher has no such series.</returns>
    /// <exception cref="SourceException">The publisher gave no usable answer.</exception>
    Task<ImmutableArray<MacroObservation>?> FetchAsync(string series, CancellationToken cancellation);
}

/// <summary>Stands where no publisher is configured.</summary>
sealed class NoMacroSource : IMacroSource
{
    public string Name => "none";

    public Task<ImmutableArray<MacroObservation>?> FetchAsync(string series, CancellationToken cancellation) =>
        throw new SourceException(
            Name, SourceFailure.Refused, $"no publisher is configured ({MacroOptions.Section}:address)");
}
