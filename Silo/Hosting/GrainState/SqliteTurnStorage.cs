using Orleans.Storage;

namespace Trading.Hosting;

/// <summary>Grain state in a SQLite file that the journal writes too: a write takes its turn. Without it a change of the limits held up every
/// decision of its book for 150 ms.</summary>
/// <param name="turn">Of the file.</param>
sealed class SqliteTurnStorage(IGrainStorage inner, SqliteTurn turn) : IGrainStorage
{
    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        inner.ReadStateAsync(stateName, grainId, grainState);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ChangeAsync(grainState, state => inner.WriteStateAsync(stateName, grainId, state));

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ChangeAsync(grainState, state => inner.ClearStateAsync(stateName, grainId, state));

    /// <summary>What is written is the state as it was when the grain asked.</summary>
    async Task ChangeAsync<T>(IGrainState<T> grainState, Func<IGrainState<T>, Task> change)
    {
        var asked = new GrainState<T>(grainState.State, grainState.ETag) { RecordExists = grainState.RecordExists };
        await turn.WriteAsync(() => change(asked));
        (grainState.ETag, grainState.RecordExists) = (asked.ETag, asked.RecordExists);
        if (!asked.RecordExists) grainState.State = asked.State;
    }
}
