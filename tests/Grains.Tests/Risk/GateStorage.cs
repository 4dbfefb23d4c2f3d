using System.Collections.Concurrent;
using Orleans.Storage;

namespace Trading.Risk.Tests;

/// <summary>Grain state that outlives a silo, with a write that a test can hold up or make fail.</summary>
sealed class GateStorage : IGrainStorage
{
    readonly ConcurrentDictionary<(string State, GrainId Grain), (object? State, string Etag)> _stored = new();

    /// <summary>What the next writes wait for; a failed one fails them, with nothing stored.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (!_stored.TryGetValue((stateName, grainId), out var found)) return Task.CompletedTask;
        (grainState.State, grainState.ETag, grainState.RecordExists) = ((T)found.State!, found.Etag, true);
        return Task.CompletedTask;
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        await Gate;
        grainState.ETag += "+";
        grainState.RecordExists = true;
        _stored[(stateName, grainId)] = (grainState.State, grainState.ETag!);
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        _stored.TryRemove((stateName, grainId), out _);
        (grainState.ETag, grainState.RecordExists) = (null, false);
        return Task.CompletedTask;
    }
}
