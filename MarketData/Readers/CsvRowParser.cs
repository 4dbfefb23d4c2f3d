using System.Text;

namespace Trading.MarketData;

/// <summary>Bars as CSV: the header says which column is which. Files of Binance's archive have none; they are known by
/// their twelve columns, of which the first is a number.</summary>
sealed class CsvRowParser(BarRows rows) : LineParser(rows)
{
    const int MaxColumns = 256;

    /// <summary>The columns of the archive: what it adds behind the volume is not needed here.</summary>
    static readonly BarField[] Archive =
    [
        BarField.Time, BarField.Open, BarField.High, BarField.Low, BarField.Close, BarField.Volume,
        .. Enumerable.Repeat(BarField.Unknown, 6),
    ];

    readonly CsvLine _cells = new(MaxColumns);
    BarField[]? _columns;

    protected override void ParseLine(ReadOnlySpan<byte> line, bool cut)
    {
        Rows.Begin(Line);
        var cells = _cells.Split(ref line);
        if (cells < 0) Rows.Reject("quote", CsvLine.QuoteProblem, Line);
        if (_columns is null && IsArchive(line, cells)) _columns = Archive;
        if (_columns is null) ReadHeader(line, cells);
        else if (cells == _columns.Length) ReadCells(line);
        else if (cells >= 0) RejectCount(cells, cut);
    }

    protected override void OnRejected()
    {
        if (_columns is null) Stop();
    }

    bool IsArchive(ReadOnlySpan<byte> line, int cells) =>
        cells == Archive.Length && _cells.Cell(line, 0) is { IsEmpty: false } first && BarCells.AreDigits(first);

    void ReadCells(ReadOnlySpan<byte> line)
    {
        var columns = _columns!;
        var ends = _cells.Ends;
        var start = 0;
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i] != BarField.Unknown) Rows.Set(columns[i], line[start..ends[i]]);
            start = ends[i] + 1;
        }

        Rows.End();
    }

    void RejectCount(int cells, bool cut)
    {
        if (cut && cells < _columns!.Length)
            Rows.Reject(
                "truncated", $"the input ends inside this line, after {cells} of {_columns.Length} cells", Line);
        else
            Rows.Reject("cells", $"{cells} cells, but {_columns!.Length} columns", Line);
    }

    /// <summary>Unknown columns are passed over, and reported unless they are to be ignored. Without its own columns
    /// nothing can be read.</summary>
    void ReadHeader(ReadOnlySpan<byte> line, int cells)
    {
        if (cells is < 0 or > MaxColumns)
        {
            if (cells > 0) Rows.Fault("row", "too_many_columns", $"{cells} columns are more than {MaxColumns}");
            Stop();
            return;
        }

        var columns = new BarField[cells];
        for (var i = 0; i < cells; i++)
        {
            var name = Encoding.UTF8.GetString(_cells.Cell(line, i));
            columns[i] = BarFields.Of(name);
            if (columns[i] == BarField.Unknown)
            {
                if (!Rows.IgnoresUnknown)
                    Rows.Fault(name, "unknown_column", $"the column {FileFindings.Quote(name)} has no meaning here");
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
}
