namespace Trading.MarketData;

/// <summary>Takes a line of CSV apart (RFC 4180, UTF-8, comma, a quoted cell ends on its line) without a copy, unless
/// it has quotation marks.</summary>
/// <param name="maxCells">More are counted only.</param>
sealed class CsvLine(int maxCells)
{
    const int UsualCells = 32;

    public const string QuoteProblem =
        "a quoted cell does not end before the next comma, or a quotation mark stands inside a cell";

    int[] _ends = new int[Math.Min(UsualCells, maxCells)];
    byte[] _unquoted = [];

    /// <summary>What some programs put in front of UTF-8.</summary>
    public static ReadOnlySpan<byte> Mark => [0xef, 0xbb, 0xbf];

    /// <summary>Finds the ends of the cells; a line with quotation marks is replaced by the same without them, good
    /// until the next.</summary>
    /// <returns>How many cells there are; negative where a quotation mark is misplaced.</returns>
    public int Split(ref ReadOnlySpan<byte> line)
    {
        if (line.Contains((byte)'"')) return SplitQuoted(ref line);
        var (count, at, ends) = (0, 0, _ends);
        while (true)
        {
            var length = line[at..].IndexOf((byte)',');
            var end = length < 0 ? line.Length : at + length;
            if (count < ends.Length) ends[count++] = end;
            else ends = End(count++, end);
            if (length < 0) return count;
            at = end + 1;
        }
    }

    /// <summary>Where the cells of the line that was split last end; the next begins behind the comma.</summary>
    public ReadOnlySpan<int> Ends => _ends;

    /// <summary>A cell of the line that was split last.</summary>
    public ReadOnlySpan<byte> Cell(ReadOnlySpan<byte> line, int index) =>
        line[(index == 0 ? 0 : _ends[index - 1] + 1).._ends[index]];

    int[] End(int cell, int end)
    {
        if (cell == _ends.Length && cell < maxCells) Array.Resize(ref _ends, Math.Min(2 * cell, maxCells));
        if (cell < maxCells) _ends[cell] = end;
        return _ends;
    }

    int SplitQuoted(ref ReadOnlySpan<byte> line)
    {
        if (_unquoted.Length < line.Length) _unquoted = new byte[line.Length];
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

            End(count++, written);
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
