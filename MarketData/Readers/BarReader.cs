using System.Buffers;
using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace Trading.MarketData;

/// <summary>Reads bars from an input of any size in bounded memory: it takes from the stream only when the caller asks
/// for more. Rows without a fault come out in the order of the input, the faults of the others are counted and the
/// first of them kept; whether one fault spoils all is the caller's choice (<see cref="ThrowIfBad"/>).</summary>
/// <remarks>Columns, in any case and order: <c>date</c>, <c>time</c> or <c>timestamp</c>; <c>open</c>, <c>high</c>,
/// <c>low</c>, <c>close</c>; and where wanted <c>volume</c> and <c>symbol</c>. Only the form is judged here, not
/// whether a bar is plausible.</remarks>
/// <param name="format">Null: by the first letter, <c>[</c> or <c>{</c> being JSON.</param>
/// <param name="name">What messages call the input.</param>
/// <param name="ignoreUnknown">Passes over columns that have no meaning here instead of reporting them.</param>
sealed class BarReader(Stream input, BarFormat? format = null, string name = "the input", bool ignoreUnknown = false)
{
    const int BufferBytes = 64 << 10;
    static ReadOnlySpan<byte> SpaceOrMark => [(byte)' ', (byte)'\t', (byte)'\r', (byte)'\n', 0xef, 0xbb, 0xbf];
    readonly BarRows _rows = new(new FileFindings(name), ignoreUnknown);
    RowParser? _parser;

    /// <summary>Rows that came out.</summary>
    public long GoodRows => _rows.Good;

    /// <summary>Rows that did not, for one fault or more.</summary>
    public long BadRows => _rows.Bad;

    /// <summary>Faults in all.</summary>
    public long Faults => _rows.Findings.Total;

    /// <summary>The first 100 faults, with line, field and rule.</summary>
    public ImmutableArray<FieldError> Errors => _rows.Findings.Listed;

    /// <summary>How many faults there are of each rule.</summary>
    public IReadOnlyDictionary<string, long> FaultsByRule => _rows.Findings.ByRule;

    /// <exception cref="MarketDataFormatException">There was a fault.</exception>
    public void ThrowIfBad() => _rows.Findings.ThrowIfAny();

    /// <summary>The rows in batches. A batch is good until the next is asked for. Exceptions are only those of the
    /// stream, and of cancellation.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<BarRow>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferBytes);
        try
        {
            int filled = 0, read;
            do
            {
                read = await input.ReadAsync(buffer.AsMemory(filled), cancellation);
                filled += read;
                filled = Parse(buffer.AsSpan(0, filled), last: read == 0);
                var batch = _rows.Take();
                if (!batch.IsEmpty) yield return batch;
            }
            while (read > 0 && _parser?.Stopped != true);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads what is whole and moves the rest to the front.</summary>
    /// <returns>The length of the rest, which is shorter than the buffer.</returns>
    int Parse(Span<byte> input, bool last)
    {
        if (_parser is null && !Choose(input, last)) return input.Length;
        var done = _parser!.Parse(input, last);
        input[done..].CopyTo(input);
        if (last && _rows is { Good: 0, Bad: 0, Findings.Total: 0 })
            _rows.Findings.Add("file", "no_rows", "there is no row", null);
        return input.Length - done;
    }

    /// <summary>False where more of the input is needed to tell.</summary>
    bool Choose(ReadOnlySpan<byte> input, bool last)
    {
        var start = input.IndexOfAnyExcept(SpaceOrMark);
        if (start < 0 && format is null && !last && input.Length < BufferBytes) return false;
        _parser = (format ?? (start < 0 ? BarFormat.Csv : FormatOf(input[start]))) switch
        {
            BarFormat.JsonArray => new JsonArrayRowParser(_rows),
            BarFormat.NdJson => new NdJsonRowParser(_rows),
            _ => new CsvRowParser(_rows),
        };
        return true;
    }

    static BarFormat FormatOf(byte first) => first switch
    {
        (byte)'[' => BarFormat.JsonArray,
        (byte)'{' => BarFormat.NdJson,
        _ => BarFormat.Csv,
    };
}
