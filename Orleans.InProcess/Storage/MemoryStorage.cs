using System.Collections.Concurrent;
using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>Keeps state for as long as the silo runs, as bytes, so that no grain sees another's objects.</summary>
sealed class MemoryStorage : IGrainStorage
{
    readonly ConcurrentDictionary<(string Name, GrainId Grain), Entry> _entries = new();

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var found = _entries.TryGetValue((stateName, grainId), out var entry);
        grainState.State = found ? StateJson.Deserialize<T>(entry!.Payload) : default;
        grainState.ETag = entry?.Etag;
        grainState.RecordExists = found;
        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var next = new Entry(StateJson.Serialize(grainState.State), Etags.After(grainState.ETag));
        var stored = _entries.TryGetValue(key, out var current)
            ? current.Etag == grainState.ETag && _entries.TryUpdate(key, next, current)
            : grainState.ETag is null && _entries.TryAdd(key, next);
        if (!stored) throw Etags.Stale(stateName, grainId, current?.Etag, grainState.ETag);
        grainState.ETag = next.Etag;
        grainState.RecordExists = true;
        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        var key = (stateName, grainId);
        var cleared = _entries.TryGetValue(key, out var current)
            ? current.Etag == grainState.ETag && _entries.TryRemove(new(key, current))
            : grainState.ETag is null;
        if (!cleared) throw Etags.Stale(stateName, grainId, current?.Etag, grainState.ETag);
        (grainState.State, grainState.ETag, grainState.RecordExists) = (default, null, false);
        return Task.CompletedTask;
    }

    sealed record Entry(byte[] Payload, string Etag);
}

/// <summary>Etags are version numbers: 1, 2, 3 …</summary>
static class Etags
{
    public static string After(string? etag) => (Version(etag) + 1).ToString(CultureInfo.InvariantCulture);

    public static long Version(string? etag) => etag is null ? 0 : long.Parse(etag, CultureInfo.InvariantCulture);

    public static InconsistentStateException Stale(string stateName, GrainId grainId, string? stored, string? current) =>
        new($"State {stateName} of {grainId} has changed since it was read.", stored, current);
}
