using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>A trainer that remembers what it was asked to fit: a training that fails or is cancelled has tried it all the
/// same.</summary>
public sealed class CountingTrainer(IModelTrainer inner) : IModelTrainer
{
    readonly ConcurrentDictionary<string, int> _fits = new();

    public string Method => inner.Method;
    public string? Unavailable => inner.Unavailable;
    public ImmutableArray<TrainerSettings> Candidates => inner.Candidates;

    /// <summary>Fits so far, by settings.</summary>
    public IReadOnlyDictionary<string, int> Fits => _fits;

    public IFittedModel Fit(Sample train, TrainerSettings settings, int seed, CancellationToken cancellation)
    {
        _fits.AddOrUpdate(settings.ToString(), 1, (_, count) => count + 1);
        return inner.Fit(train, settings, seed, cancellation);
    }

    public IFittedModel Load(string saved) => inner.Load(saved);
}
