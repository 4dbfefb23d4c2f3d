using System.Collections.Frozen;
using System.Collections.Immutable;
using System.IO.Compression;
using System.Runtime.CompilerServices;

namespace Trading.MarketData;

/// <summary>A file of bars that was opened. Its name says of which symbol and interval it is (<see
/// cref="BarFileName"/>), where its rows do not say it themselves; a CSV with none of the columns of prices holds daily
/// closes, a column for each symbol. A zip holds one file of bars.</summary>
sealed class DataFile : IDisposable
{
    const int MaxHeaderBytes = 1 << 16;
    readonly FileStream _stream;
    readonly ZipArchive? _archive;

    DataFile(FileStream stream, ZipArchive? archive, BarInterval interval, IBarRows rows) =>
        (_stream, _archive, Interval, Rows) = (stream, archive, interval, rows);

    public BarInterval Interval { get; }

    public IBarRows Rows { get; }

    /// <summary>Bytes that were taken from it.</summary>
    public long Position => _stream.Position;

    /// <param name="otherwise">The interval where the name tells none.</param>
    /// <exception cref="MarketDataFormatException">Its name or its form breaks a rule, or it holds wide closes that do;
    /// all are listed.</exception>
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
            if (Path.GetExtension(path).Equals(".zip", StringComparison.OrdinalIgnoreCase))
                return await OpenZipAsync(path, stream, otherwise, cancellation);
            var columns = await ColumnsAsync(stream, cancellation);
            var (symbol, interval) = BarFileName.Of(path);
            if (columns.IsEmpty || columns.Overlaps(PriceColumns))
                return new(
                    stream, null, interval ?? otherwise, new IntakeRows(stream, symbol, yields: true, name: path));
            var closes = PriceFile.Read(path, FrozenDictionary<string, string>.Empty, today);
            stream.Position = stream.Length;
            return new(stream, null, BarInterval.OneDay, new CloseRows(closes));
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    static async Task<DataFile> OpenZipAsync(
        string path, FileStream stream, BarInterval otherwise, CancellationToken cancellation)
    {
        var archive = Open(path, stream);
        if (archive.Entries is not [var entry])
            throw Refused(path, "one_entry", $"it holds {archive.Entries.Count} files; it can hold one");
        var (symbol, interval) = BarFileName.Of(entry.Name);
        var rows = new IntakeRows(
            await entry.OpenAsync(cancellation), symbol, yields: true, name: $"{path}/{entry.Name}");
        return new(stream, archive, interval ?? otherwise, rows);
    }

    static ZipArchive Open(string path, FileStream stream)
    {
        try
        {
            return new(stream, ZipArchiveMode.Read, leaveOpen: true);
        }
        catch (InvalidDataException broken)
        {
            throw Refused(path, "zip", broken.Message);
        }
    }

    static MarketDataFormatException Refused(string path, string rule, string message) =>
        new(path, [new("file", rule, message)], 1);

    public void Dispose()
    {
        _archive?.Dispose();
        _stream.Dispose();
    }

    static readonly ImmutableArray<string> PriceColumns = ["open", "high", "low", "close"];

    /// <summary>The names in the header of a CSV; none where it is JSON or begins with a number, and so has no
    /// header.</summary>
    static async Task<ImmutableHashSet<string>> ColumnsAsync(FileStream stream, CancellationToken cancellation)
    {
        var head = new byte[MaxHeaderBytes];
        var read = await stream.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, cancellation);
        stream.Position = 0;
        var text = System.Text.Encoding.UTF8.GetString(head, 0, read).TrimStart('\uFEFF', ' ', '\t', '\r', '\n');
        if (text is "" or ['[' or '{' or (>= '0' and <= '9'), ..]) return [];
        return [.. text.Split('\n', 2)[0].Split(',').Select(column => column.Trim('"', ' ', '\r').ToLowerInvariant())];
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
