using System.Collections.Immutable;
using Orleans.Concurrency;
using Trading.Journal;

namespace Trading.Portfolios;

/// <summary>Reads the names off the journal; any number of activations may.</summary>
[StatelessWorker]
public sealed class PortfolioDirectoryGrain(IJournal journal) : Grain, IPortfolioDirectoryGrain
{
    public async Task<ImmutableArray<string>> ListAsync() =>
        [.. await BookEventStore.ListAsync(journal, CancellationToken.None)];
}
