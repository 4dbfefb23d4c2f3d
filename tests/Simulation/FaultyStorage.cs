using Orleans.Storage;

namespace Trading.Simulation.Tests;

/// <summary>Grain state that outlives a silo and is shared by two. States are immutable records, so that they are kept as they are.</summary>
sealed class FaultyStorage : IGrainStorage
{
    readonly Lock _gate = new();
    readonly Dictionary<(string State, GrainId Grain), (object? State, int Version)> _stored = [];
    Fault _armed;

    public int Faults { get; private set; }

    /// <summary>The next write goes wrong.</summary>
    public void Arm(Fault fault) => _armed = fault;

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_gate)
        {
            if (!_stored.TryGetValue((stateName, grainId), out var found)) return Task.CompletedTask;
            (grainState.State, grainState.ETag, grainState.RecordExists) = ((T)found.State!, $"{found.Version}", true);
        }

        return Task.CompletedTask;
    }

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_gate)
        {
            var fault = Take();
            if (fault == Fault.Refused) throw new IOException("the disk is full");
            var version = Check(stateName, grainId, grainState.ETag) + 1;
            _stored[(stateName, grainId)] = (grainState.State, version);
            if (fault == Fault.Unconfirmed) throw new IOException("the connection was lost");
            (grainState.ETag, grainState.RecordExists) = ($"{version}", true);
        }

        return Task.CompletedTask;
    }

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        lock (_gate)
        {
            Check(stateName, grainId, grainState.ETag);
            _stored.Remove((stateName, grainId));
            (grainState.ETag, grainState.RecordExists) = (null, false);
        }

        return Task.CompletedTask;
    }

    int Check(string stateName, GrainId grainId, string? etag)
    {
        var known = _stored.TryGetValue((stateName, grainId), out var found) ? found.Version : 0;
        return etag == (known == 0 ? null : $"{known}") ? known
            : throw new InconsistentStateException($"State {stateName} of {grainId} has changed since it was read.", $"{known}", etag ?? "");
    }

    Fault Take()
    {
        var fault = _armed;
        if (fault != Fault.None) Faults++;
        _armed = Fault.None;
        return fault;
    }
}
