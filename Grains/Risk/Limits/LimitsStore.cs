using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>The limits of a book, newest version first.</summary>
[GenerateSerializer, Alias("trading.limits-record")]
public sealed record LimitsRecord
{
    [Id(0)] public ImmutableArray<LimitsVersion> Versions { get; init; } = [];
}

/// <summary>Where the versions of a book's limits are kept.</summary>
/// <param name="failed">Called where a write failed: nobody knows then what is stored, and the next activation reads
/// it.</param>
sealed class LimitsStore(IPersistentState<LimitsRecord> stored, Action failed)
{
    /// <summary>What was stored when the activation began; null for nothing.</summary>
    public ImmutableArray<LimitsVersion>? Loaded => stored.RecordExists ? stored.State.Versions : null;

    public async Task SaveAsync(ImmutableArray<LimitsVersion> versions)
    {
        stored.State = new() { Versions = versions };
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            failed();
            throw;
        }
    }
}
