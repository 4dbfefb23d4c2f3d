using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Hands bars on in batches of one symbol: those of a symbol one after another, those of several symbols at
/// once, and only so many as are worked on; who brings more waits. For one caller at a time.</summary>
/// <param name="hand">Deals with a batch.</param>
/// <param name="explain">Says in words why it failed.</param>
sealed class IngestPipeline(
    Func<string, ImmutableArray<Bar>, Task<IngestReceipt>> hand, Func<string, Exception, string> explain,
    int batchSize, int workers) : IAsyncDisposable
{
    /// <summary>Bars of all symbols that wait for their batch to fill: then every batch goes as it is.</summary>
    const int MaxWaiting = 1 << 16;

    readonly SemaphoreSlim _places = new(workers);
    readonly Dictionary<string, SymbolQueue> _queues = new(StringComparer.Ordinal);
    int _waiting;
    volatile string? _problem;

    /// <summary>Why nothing more is handed on; null while all is well.</summary>
    public string? Problem => _problem;

    /// <summary>Brings all rows of an input.</summary>
    public async Task<IngestReport> RunAsync(IBarRows rows, IntakeRequest request, CancellationToken cancellation)
    {
        await foreach (var batch in rows.ReadAsync(cancellation))
        {
            for (var i = 0; i < batch.Length; i++)
                await AddAsync(batch.Span[i].Symbol!, batch.Span[i].Bar, cancellation);
            if (Problem is not null) break;
        }

        var symbols = await FinishAsync(cancellation);
        var read = rows.Report();
        var receipt = symbols.Aggregate(IngestReceipt.None, (sum, symbol) => sum + symbol.Receipt);
        var (end, problem) = Problem is { } failed ? (IngestEnd.Failed, failed)
            : !request.SkipBadRows && !read.IsSound ? (IngestEnd.BadRow, Words(read.Errors[0]))
            : (IngestEnd.Complete, null);
        return new(end, problem, request.Source, request.Interval, read, receipt, symbols);
    }

    public ValueTask AddAsync(string symbol, in Bar bar, CancellationToken cancellation)
    {
        if (!_queues.TryGetValue(symbol, out var queue)) queue = _queues[symbol] = new(symbol);
        queue.Waiting.Add(bar);
        if (++_waiting >= MaxWaiting) return new(SendAllAsync(cancellation));
        return queue.Waiting.Count >= batchSize ? new(SendAsync(queue, cancellation)) : default;
    }

    /// <summary>Sends what waits and waits for what is under way.</summary>
    public async Task<ImmutableArray<IngestedSymbol>> FinishAsync(CancellationToken cancellation)
    {
        await SendAllAsync(cancellation);
        await Task.WhenAll(_queues.Values.Select(queue => queue.Turn));
        return [.. _queues.Values.OrderBy(queue => queue.Symbol, StringComparer.Ordinal)
            .Select(queue => new IngestedSymbol(queue.Symbol, queue.Receipt, queue.Failed))];
    }

    /// <summary>Waits for what is under way; what waits for its batch is dropped.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_queues.Values.Select(queue => queue.Turn));
        _places.Dispose();
    }

    static string Words(FieldError error) =>
        error.Place is { } place ? $"{place}, {error.Field}: {error.Message}" : error.Message;

    async Task SendAllAsync(CancellationToken cancellation)
    {
        foreach (var queue in _queues.Values)
            if (queue.Waiting.Count > 0) await SendAsync(queue, cancellation);
    }

    async Task SendAsync(SymbolQueue queue, CancellationToken cancellation)
    {
        await _places.WaitAsync(cancellation);
        ImmutableArray<Bar> batch = [.. queue.Waiting];
        _waiting -= batch.Length;
        queue.Waiting.Clear();
        queue.Turn = HandAsync(queue, queue.Turn, batch);
    }

    async Task HandAsync(SymbolQueue queue, Task before, ImmutableArray<Bar> batch)
    {
        try
        {
            await before;
            if (_problem is null) queue.Receipt += await hand(queue.Symbol, batch);
            else queue.Failed += batch.Length;
        }
        catch (Exception failure) // whatever a store or a grain throws: the report says which bars it concerns
        {
            queue.Failed += batch.Length;
            _problem = explain(queue.Symbol, failure);
        }
        finally
        {
            _places.Release();
        }
    }

    sealed class SymbolQueue(string symbol)
    {
        public string Symbol => symbol;
        public List<Bar> Waiting { get; } = [];
        public Task Turn { get; set; } = Task.CompletedTask;
        public IngestReceipt Receipt { get; set; } = IngestReceipt.None;
        public long Failed { get; set; }
    }
}
