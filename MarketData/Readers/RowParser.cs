using System.Text.Unicode;

namespace Trading.MarketData;

/// <summary>Reads rows out of bytes that come in pieces. What comes out does not depend on where the pieces
/// end.</summary>
abstract class RowParser(BarRows rows)
{
    /// <summary>A longer line, or record of an array, is refused; so much is held in memory at most.</summary>
    public const int MaxRowBytes = 4_096;

    protected BarRows Rows => rows;

    /// <summary>Nothing behind can be trusted.</summary>
    public bool Stopped { get; private set; }

    /// <summary>Reads what is whole.</summary>
    /// <param name="last">Nothing follows.</param>
    /// <returns>How many bytes are done with. The others come again, with more behind them.</returns>
    public abstract int Parse(ReadOnlySpan<byte> input, bool last);

    protected void Stop() => Stopped = true;
}

/// <summary>An input whose rows are lines. A bad line harms no other one.</summary>
abstract class LineParser(BarRows rows) : RowParser(rows)
{
    /// <summary>What may be cut off a line before it is measured: the mark in front and the carriage return
    /// behind.</summary>
    const int Trimmed = 4;

    bool _skipping;

    protected long Line { get; private set; }

    public sealed override int Parse(ReadOnlySpan<byte> input, bool last)
    {
        var end = input.LastIndexOf((byte)'\n') + 1;
        var valid = Utf8.IsValid(input[..end]); // nearly always, and then no line has to be checked by itself
        var at = 0;
        while (at < end && !Stopped)
        {
            var length = input[at..end].IndexOf((byte)'\n');
            Take(input.Slice(at, length), valid, cut: false);
            at += length + 1;
        }

        if (Stopped) return input.Length;
        var rest = input[at..];
        if (last)
        {
            if (!rest.IsEmpty) Take(rest, Utf8.IsValid(rest), cut: true);
            return input.Length;
        }

        if (!_skipping && rest.Length <= MaxRowBytes + Trimmed) return at;
        if (!_skipping) RejectLine("line_length", $"the line is longer than {MaxRowBytes} bytes", Line + 1);
        _skipping = true;
        return input.Length;
    }

    /// <summary>One line without its end.</summary>
    /// <param name="cut">The input ends without the end of this line.</param>
    protected abstract void ParseLine(ReadOnlySpan<byte> line, bool cut);

    /// <summary>A line that could not be looked at was reported.</summary>
    protected virtual void OnRejected() { }

    void Take(ReadOnlySpan<byte> line, bool valid, bool cut)
    {
        Line++;
        if (_skipping)
        {
            _skipping = false; // the end of a line that is reported already
            return;
        }

        if (line is [.., (byte)'\r']) line = line[..^1];
        if (Line == 1 && line.StartsWith(CsvLine.Mark)) line = line[CsvLine.Mark.Length..];
        if (line.IsEmpty) return;
        if (line.Length > MaxRowBytes) RejectLine("line_length", $"the line is longer than {MaxRowBytes} bytes", Line);
        else if (!valid && !Utf8.IsValid(line)) RejectLine("utf8", "the line is not UTF-8", Line);
        else ParseLine(line, cut);
    }

    void RejectLine(string rule, string message, long line)
    {
        Rows.Reject(rule, message, line);
        OnRejected();
    }
}
