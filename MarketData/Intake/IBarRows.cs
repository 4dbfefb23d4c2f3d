namespace Trading.MarketData;

/// <summary>The rows of one input, each with its symbol.</summary>
interface IBarRows
{
    /// <summary>In the order of the input. A batch is good until the next is asked for.</summary>
    IAsyncEnumerable<ReadOnlyMemory<BarRow>> ReadAsync(CancellationToken cancellation);

    /// <summary>What was read so far.</summary>
    RowReport Report();
}
