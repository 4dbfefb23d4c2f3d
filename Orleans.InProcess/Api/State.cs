namespace Orleans
{
    /// <summary>State on its way between a grain and its store.</summary>
    public interface IGrainState<T>
    {
        T? State { get; set; }
        string? ETag { get; set; }
        bool RecordExists { get; set; }
    }

    /// <inheritdoc cref="IGrainState{T}"/>
    [GenerateSerializer]
    public sealed class GrainState<T>(T? state, string? eTag) : IGrainState<T>
    {
        public GrainState() : this(default, null) { }
        public GrainState(T? state) : this(state, null) { }

        [Id(0)] public T? State { get; set; } = state;
        [Id(1)] public string? ETag { get; set; } = eTag;
        [Id(2)] public bool RecordExists { get; set; }
    }
}

namespace Orleans.Core
{
    /// <summary>Operations on stored state. They run one after another; a write that waits takes in those asked for after it.</summary>
    public interface IStorage
    {
        string? Etag { get; }

        /// <exception cref="InvalidOperationException">Before the first read.</exception>
        bool RecordExists { get; }

        Task ClearStateAsync();
        Task WriteStateAsync();
        Task ReadStateAsync();
        Task ClearStateAsync(CancellationToken cancellationToken) => ClearStateAsync();
        Task WriteStateAsync(CancellationToken cancellationToken) => WriteStateAsync();
        Task ReadStateAsync(CancellationToken cancellationToken) => ReadStateAsync();
    }

    /// <inheritdoc cref="IStorage"/>
    public interface IStorage<TState> : IStorage
    {
        TState State { get; set; }
    }
}
