using System.Text;

namespace Trading.MarketData;

/// <summary>Reads a CSV file (RFC 4180, UTF-8, a header line) row by row and reports every row that is not well
/// formed; only whole rows with one cell for each header come out.</summary>
sealed class CsvTable
{
    public const int MaxFileBytes = 64 << 20;
    const int MaxCells = 1 << 14, MaxCellBytes = 1_000;
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly FileFindings _findings;
    readonly byte[] _content;
    readonly CsvLine _cells = new(MaxCells);
    int _at;

    CsvTable(byte[] content, FileFindings findings)
    {
        (_content, _findings) = (content, findings);
        Header = Next(out var header, out _) ? CellsOf(header) ?? [""] : [""];
    }

    /// <summary>The cells of the first line.</summary>
    public string[] Header { get; }

    /// <summary>The cells of the current row, one for each header.</summary>
    public string[] Cells { get; private set; } = [];

    /// <summary>The 1-based line of the current row.</summary>
    public long Line { get; private set; }

    /// <summary>Opens a file's bytes; null, with the reason among the findings, where they are no text.</summary>
    public static CsvTable? Open(ReadOnlySpan<byte> content, FileFindings findings)
    {
        try
        {
            StrictUtf8.GetCharCount(content);
            if (content.StartsWith(CsvLine.Mark)) content = content[CsvLine.Mark.Length..];
            if (content.ContainsAnyExcept(" \t\r\n"u8)) return new CsvTable(content.ToArray(), findings);
            findings.Add("file", "empty_file", "the file is empty", null);
        }
        catch (DecoderFallbackException invalid)
        {
            var line = 1 + content[..Math.Clamp(invalid.Index, 0, content.Length)].Count((byte)'\n');
            findings.Add("file", "utf8", $"byte {invalid.Index} is not UTF-8", line);
        }

        return null;
    }

    /// <summary>The file's bytes; null, with the reason among the findings, where it cannot be read.</summary>
    public static byte[]? Load(string path, FileFindings findings)
    {
        try
        {
            if (new FileInfo(path).Length <= MaxFileBytes) return File.ReadAllBytes(path);
            findings.Add("file", "too_large", $"the file is larger than {MaxFileBytes >> 20} MiB", null);
        }
        catch (Exception failure) when (
            failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            findings.Add("file", "unreadable", failure.Message, null);
        }

        return null;
    }

    /// <summary>Goes to the next well-formed row; false at the end.</summary>
    public bool Read()
    {
        while (Next(out var line, out var cut))
        {
            if (CellsOf(line) is not { } cells) continue;
            if (cells.Length == Header.Length)
            {
                Cells = cells;
                return true;
            }

            ReportCount(cells, cut);
        }

        return false;
    }

    /// <summary>The next line without its end.</summary>
    /// <param name="cut">The file ends without the end of this line.</param>
    bool Next(out ReadOnlySpan<byte> line, out bool cut)
    {
        var rest = _content.AsSpan(_at);
        var length = rest.IndexOf((byte)'\n');
        cut = length < 0;
        line = cut ? rest : rest[..length];
        if (line is [.., (byte)'\r']) line = line[..^1];
        if (rest.IsEmpty) return false;
        _at += cut ? rest.Length : length + 1;
        Line++;
        return true;
    }

    /// <summary>Null, with the reason among the findings, for a line that cannot be taken apart.</summary>
    string[]? CellsOf(ReadOnlySpan<byte> line)
    {
        var count = _cells.Split(ref line);
        if (count < 0) _findings.Add("row", "quote", CsvLine.QuoteProblem, Line);
        else if (count > MaxCells) _findings.Add("row", "cells", $"{count} cells are more than {MaxCells}", Line);
        if (count is < 0 or > MaxCells) return null;
        var cells = new string[count];
        for (var i = 0; i < count; i++)
        {
            var cell = _cells.Cell(line, i);
            if (cell.Length > MaxCellBytes)
            {
                _findings.Add("row", "cell_length", $"a cell is longer than {MaxCellBytes} bytes", Line);
                return null;
            }

            cells[i] = Encoding.UTF8.GetString(cell);
        }

        return cells;
    }

    void ReportCount(string[] cells, bool cut)
    {
        if (cut && cells.Length < Header.Length)
            _findings.Add(
                "row", "truncated", $"the file ends inside this line, after {cells.Length} of {Header.Length} cells",
                Line);
        else if (cells is [""])
            _findings.Add("row", "cells", "the line is empty", Line);
        else
            _findings.Add("row", "cells", $"{cells.Length} cells, but {Header.Length} columns", Line);
    }
}
