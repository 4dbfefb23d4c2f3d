using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Trading.MarketData;

/// <summary>A file of bars that was opened. Its name says of which symbol and interval it is (<c>aapl.csv</c>,
/// <c>aapl_1m.csv</c>), where its rows do not say it themselves; a CSV with none of the columns of prices holds daily
/// closes, a column for each symbol.</summary>
sealed class DataFile : IDisposable
{
    const int MaxHeaderBytes = 1 << 16;
    readonly FileStream _stream;

    DataFile(FileStream stream, BarInterval interval, IBarRows rows) =>
        (_stream, Interval, Rows) = (stream, interval, rows);

    public BarInterval Interval { get; }

    public IBarRows Rows { get; }

    /// <summary>Bytes that were taken from it.</summary>
    public long Position => _stream.Position;

    /// <param name="otherwise">The interval where the name tells none.</param>
    /// <exception cref="MarketDataFormatException">It holds wide closes that break a rule; all are listed.</exception>
    public static async Task<DataFile> OpenAsync(
        string path, BarInterval otherwise, DateOnly today, CancellationToken cancellation)
    {
        var stream = new FileStream(
            path, new FileStreamOptions
            {
                Options = FileOptions.Asynchronous | FileOptions.SequentialScan,
                BufferSize = 0,
            });
        try
        {
            var columns = await ColumnsAsync(stream, cancellation);
            var (symbol, interval) = Meaning(path, otherwise);
            if (columns.IsEmpty || columns.Overlaps(PriceColumns))
                return new(stream, interval, new IntakeRows(stream, symbol, yields: true, name: path));
            var closes = PriceFile.Read(path, FrozenDictionary<string, string>.Empty, today);
            stream.Position = stream.Length;
            return new(stream, BarInterval.OneDay, new CloseRows(closes));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    public void Dispose() => _stream.Dispose();

    static readonly ImmutableArray<string> PriceColumns = ["open", "high", "low", "close"];

    /// <summary>The names in the header of a CSV; none where it is JSON.</summary>
    static async Task<ImmutableHashSet<string>> ColumnsAsync(FileStream stream, CancellationToken cancellation)
    {
        var head = new byte[MaxHeaderBytes];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        stream.Position = 0;
        var text = System.Text.Encoding.UTF8.GetString(head, 0, read).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text is "" or ['[' or '{', ..]) return [];
        return [.. text.Split('\n', 2)[0].Split(',').Select(column => column.Trim('"', ' ', '\r').ToLowerInvariant())];
    }

    /// <summary>Null where the name is no ticker: then each row has to name its own.</summary>
    static (string? Symbol, BarInterval Interval) Meaning(string path, BarInterval otherwise)
    {
        var stem = Path.GetFileNameWithoutExtension(path);
        var cut = stem.LastIndexOf('_');
        var interval = cut > 0 ? BarIntervals.Parse(stem[(cut + 1)..]) : null;
        var ticker = interval is null ? stem : stem[..cut];
        return (Ticker.IsValid(ticker) ? Ticker.Normalize(ticker) : null, interval ?? otherwise);
    }

    /// <summary>Closes of many symbols, which were read as a whole.</summary>
    sealed class CloseRows(PriceHistory closes) : IBarRows
    {
        public async IAsyncEnumerable<ReadOnlyMemory<BarRow>> ReadAsync(
            [EnumeratorCancellation] CancellationToken cancellation)
        {
            foreach (var symbol in closes.Symbols.Values.OrderBy(symbol => symbol.Symbol, StringComparer.Ordinal))
            {
                cancellation.ThrowIfCancellationRequested();
                yield return symbol.Bars(closes.Sessions)
                    .Select((bar, session) => new BarRow(session + 2, symbol.Symbol, bar)).ToArray();
            }

            await Task.CompletedTask;
        }

        public RowReport Report() => new((long)closes.Sessions.Length * closes.Symbols.Count, 0, [], []);
    }
}
