using System.Collections.Concurrent;
using Trading.MarketData;
using Trading.MarketData.Tests;

namespace Trading.Portfolios.Tests;

/// <summary>AA has a price; XX is unknown. Answers can be held up.</summary>
sealed class GatedMarket : ISeriesScript
{
    readonly Market _market = new() { ["AA"] = Market.Walk("AA", 100m) };
    readonly ConcurrentBag<string> _waiting = [];
    Task _gate = Task.CompletedTask;

    /// <summary>Symbols whose price was asked for while answers were held up.</summary>
    public IReadOnlyCollection<string> Waiting => _waiting;

    /// <summary>Holds answers up until the result is set.</summary>
    public TaskCompletionSource Close()
    {
        var gate = new TaskCompletionSource();
        _gate = gate.Task;
        return gate;
    }

    public async ValueTask<SeriesUpdate> FetchAsync(string symbol, long newerThan, CancellationToken cancellation)
    {
        if (!_gate.IsCompleted) _waiting.Add(symbol);
        await _gate;
        return await _market.FetchAsync(symbol, newerThan, cancellation);
    }
}
