using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>A place where grain state is kept, under a state name and a grain id, guarded by etags.</summary>
public interface IGrainStorage
{
    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);
    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState);

    Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ReadStateAsync(stateName, grainId, grainState);

    Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        WriteStateAsync(stateName, grainId, grainState);

    Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken) =>
        ClearStateAsync(stateName, grainId, grainState);
}

/// <summary>Somebody else has written the state since it was read: the activation that tried to write is out of date and ends.</summary>
[GenerateSerializer]
public class InconsistentStateException : OrleansException
{
    public InconsistentStateException() { }
    public InconsistentStateException(string message) : base(message) { }
    public InconsistentStateException(string message, Exception? innerException) : base(message, innerException) { }

    public InconsistentStateException(string errorMsg, string? storedEtag, string? currentEtag, Exception? storageException = null)
        : base(errorMsg, storageException)
    {
        StoredEtag = storedEtag;
        CurrentEtag = currentEtag;
    }

    /// <summary>The etag that is in the store.</summary>
    public string? StoredEtag { get; }

    /// <summary>The etag that the writer held.</summary>
    public string? CurrentEtag { get; }

    /// <summary>The exception has not left the activation that wrote; only that one ends.</summary>
    internal bool IsSourceActivation { get; set; } = true;
}

/// <summary>A grain names a storage that is not configured.</summary>
[GenerateSerializer]
public sealed class BadProviderConfigException : OrleansException
{
    public BadProviderConfigException() { }
    public BadProviderConfigException(string message) : base(message) { }
    public BadProviderConfigException(string message, Exception? innerException) : base(message, innerException) { }
}
