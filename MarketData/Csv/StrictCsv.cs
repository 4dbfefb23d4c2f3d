using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;

namespace Trading.MarketData;

/// <summary>Reads a CSV file (RFC 4180, UTF-8, a header line) row by row and reports every row that is not well formed; only whole
/// rows with one cell for each header come out.</summary>
internal sealed class StrictCsv : IDisposable
{
    public const int MaxFileBytes = 64 << 20;
    const int MaxCellLength = 1_000;
    static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    readonly FileFindings _findings;
    readonly CsvParser _parser;
    readonly string _text;
    bool _badQuote;
    bool _stopped;

    StrictCsv(string text, FileFindings findings)
    {
        _text = text;
        _findings = findings;
        _parser = new CsvParser(new StringReader(text), new CsvConfiguration(CultureInfo.InvariantCulture)
        {
            BadDataFound = _ => _badQuote = true,
            Delimiter = ",",
            IgnoreBlankLines = false,
            LineBreakInQuotedFieldIsBadData = true,
            MaxFieldSize = MaxCellLength,
        });
        Header = ReadCells() ?? [""];
        if (_badQuote) ReportQuote();
    }

    /// <summary>The cells of the first line.</summary>
    public string[] Header { get; }

    /// <summary>The cells of the current row, one for each header.</summary>
    public string[] Cells { get; private set; } = [];

    /// <summary>The 1-based line on which the current row starts.</summary>
    public long Line { get; private set; }

    /// <summary>Opens a file's bytes; null, with the reason among the findings, where they are no text.</summary>
    public static StrictCsv? Open(ReadOnlySpan<byte> content, FileFindings findings)
    {
        try
        {
            var text = StrictUtf8.GetString(content).TrimStart('\uFEFF');
            if (!string.IsNullOrWhiteSpace(text)) return new StrictCsv(text, findings);
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
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            findings.Add("file", "unreadable", failure.Message, null);
        }

        return null;
    }

    /// <summary>Goes to the next well-formed row; false at the end, or where nothing behind can be trusted.</summary>
    public bool Read()
    {
        while (!_stopped && ReadCells() is { } cells)
        {
            if (_badQuote) ReportQuote();
            else if (cells.Length != Header.Length) ReportCount(cells);
            else
            {
                Cells = cells;
                return true;
            }
        }

        return false;
    }

    /// <summary>All cells of the next record, so that a bad one shows now; null at the end.</summary>
    string[]? ReadCells()
    {
        _badQuote = false;
        Line = _parser.RawRow + 1;
        try
        {
            return _parser.Read() ? _parser.Record : null;
        }
        catch (MaxFieldSizeException)
        {
            _stopped = true;
            _findings.Add("row", "cell_length", $"a cell is longer than {MaxCellLength} characters; reading stopped here", Line);
            return null;
        }
    }

    void ReportQuote()
    {
        _stopped = _parser.RawRow > Line;
        _findings.Add("row", "quote", _stopped
            ? "a quoted cell does not end on its line; reading stopped here"
            : "a quotation mark stands inside a cell", Line);
    }

    void ReportCount(string[] cells)
    {
        var cut = cells.Length < Header.Length && _text[^1] is not ('\n' or '\r') && _parser.CharCount >= _text.Length;
        if (cut)
            _findings.Add("row", "truncated", $"the file ends inside this line, after {cells.Length} of {Header.Length} cells", Line);
        else if (cells is [""])
            _findings.Add("row", "cells", "the line is empty", Line);
        else
            _findings.Add("row", "cells", $"{cells.Length} cells, but {Header.Length} columns", Line);
    }

    public void Dispose() => _parser.Dispose();
}
