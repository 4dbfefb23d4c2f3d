using System.Text;

namespace Trading.MarketData;

/// <summary>Bars as CSV: the header says which column is which.</summary>
sealed class CsvRowParser(BarRows rows) : LineParser(rows)
{
    const int MaxColumns = 256;
    readonly int[] _ends = new int[MaxColumns];
    byte[] _unquoted = [];
    BarField[]? _columns;

    protected override void ParseLine(ReadOnlySpan<byte> line, bool cut)
    {
        Rows.Begin(Line);
        var cells = Split(ref line);
        if (cells < 0) Rows.Reject("quote", "a quoted cell does not end before the next comma, or a quotation mark stands inside a cell", Line);
        if (_columns is null) ReadHeader(line, cells);
        else if (cells == _columns.Length) ReadCells(line);
        else if (cells >= 0) RejectCount(cells, cut);
    }

    protected override void OnRejected()
    {
        if (_columns is null) Stop();
    }

    void ReadCells(ReadOnlySpan<byte> line)
    {
        var columns = _columns!;
        var start = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] != BarField.Unknown) Rows.Set(columns[i], line[start.._ends[i]]);
            start = _ends[i] + 1;
        }

        Rows.End();
    }

    void RejectCount(int cells, bool cut)
    {
        if (cut && cells < _columns!.Length)
            Rows.Reject("truncated", $"the input ends inside this line, after {cells} of {_columns.Length} cells", Line);
        else
            Rows.Reject("cells", $"{cells} cells, but {_columns!.Length} columns", Line);
    }

    /// <summary>Unknown columns are passed over, and reported unless they are to be ignored. Without its own columns nothing can be read.</summary>
    void ReadHeader(ReadOnlySpan<byte> line, int cells)
    {
        if (cells is < 0 or > MaxColumns)
        {
            if (cells > 0) Rows.Fault("row", "too_many_columns", $"{cells} columns are more than {MaxColumns}");
            Stop();
            return;
        }

        var columns = new BarField[cells];
        var start = 0;
        for (var i = 0; i < cells; i++)
        {
            var name = Encoding.UTF8.GetString(line[start.._ends[i]]);
            start = _ends[i] + 1;
            columns[i] = BarFields.Of(name);
            if (columns[i] == BarField.Unknown)
            {
                if (!Rows.IgnoresUnknown) Rows.Fault(name, "unknown_column", $"the column {FileFindings.Quote(name)} has no meaning here");
            }
            else if (columns.AsSpan(0, i).Contains(columns[i]))
            {
                Rows.Fault(BarFields.NameOf(columns[i]), "duplicate_column", $"column {i + 1} repeats an earlier one");
                Stop();
            }
        }

        foreach (var required in BarFields.Required)
        {
            if (columns.Contains(required)) continue;
            var name = BarFields.NameOf(required);
            Rows.Fault(name, "missing_column", $"there is no column '{name}'");
            Stop();
        }

        _columns = columns;
    }

    /// <summary>Finds the ends of the cells; a line with quotation marks is replaced by the same without them.</summary>
    /// <returns>How many cells there are; negative where a quotation mark is misplaced.</returns>
    int Split(ref ReadOnlySpan<byte> line)
    {
        if (line.Contains((byte)'"')) return SplitQuoted(ref line);
        var count = 0;
        for (var at = 0; ; count++)
        {
            var length = line[at..].IndexOf((byte)',');
            var end = length < 0 ? line.Length : at + length;
            if (count < MaxColumns) _ends[count] = end;
            if (length < 0) return count + 1;
            at = end + 1;
        }
    }

    int SplitQuoted(ref ReadOnlySpan<byte> line)
    {
        if (_unquoted.Length == 0) _unquoted = new byte[MaxRowBytes];
        int count = 0, written = 0, at = 0;
        while (true)
        {
            if (at < line.Length && line[at] == '"')
            {
                if (!Unquote(line, ref at, ref written)) return -1;
            }
            else
            {
                for (; at < line.Length && line[at] != ','; at++)
                {
                    if (line[at] == '"') return -1;
                    _unquoted[written++] = line[at];
                }
            }

            if (count < MaxColumns) _ends[count] = written;
            count++;
            if (at == line.Length) break;
            _unquoted[written++] = line[at++];
        }

        line = _unquoted.AsSpan(0, written);
        return count;
    }

    /// <summary>A quoted cell; two marks in a row stand for one. A comma or the end must follow.</summary>
    bool Unquote(ReadOnlySpan<byte> line, ref int at, ref int written)
    {
        for (at++; at < line.Length; at++)
        {
            if (line[at] != '"') _unquoted[written++] = line[at];
            else if (at + 1 < line.Length && line[at + 1] == '"') _unquoted[written++] = line[at++];
            else
            {
                at++;
                return at == line.Length || line[at] == ',';
            }
        }

        return false;
    }
}
