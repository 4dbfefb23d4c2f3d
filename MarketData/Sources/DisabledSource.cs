namespace Trading.MarketData;

/// <summary>Stands where the configuration has no place for a source; no chain has it.</summary>
sealed class DisabledSource(string name) : IBarSource
{
    public string Name => name;

    public Task<BarAnswer> FetchAsync(BarRequest request, CancellationToken cancellation) =>
        throw new SourceException(name, SourceFailure.Refused, "switched off in the configuration");
}
