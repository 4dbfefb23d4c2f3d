using System.Text;

namespace Trading.MarketData;

/// <summary>Puts rows together from their cells: checks each, reports every fault, and keeps the rows that have
/// none.</summary>
sealed class BarRows(FileFindings findings, bool ignoreUnknown)
{
    const int MaxKnownSymbols = 10_000;
    readonly Dictionary<string, string> _symbols = new(StringComparer.Ordinal);
    readonly byte[] _lastTicker = new byte[Ticker.MaxLength];
    string _lastSymbol = "";
    BarRow[] _rows = new BarRow[16];
    int _count, _present;
    long _line;
    long? _index;
    bool _bad;
    DateTimeOffset _time;
    decimal _open, _high, _low, _close;
    decimal? _volume;
    string? _symbol;

    public FileFindings Findings => findings;

    public bool IgnoresUnknown => ignoreUnknown;

    /// <summary>Rows without a fault.</summary>
    public long Good { get; private set; }

    /// <summary>Rows with at least one fault.</summary>
    public long Bad { get; private set; }

    /// <summary>The rows since the last call; valid until more are read.</summary>
    public ReadOnlyMemory<BarRow> Take()
    {
        var taken = _rows.AsMemory(0, _count);
        _count = 0;
        return taken;
    }

    /// <param name="index">The element of an array; null in other inputs.</param>
    public void Begin(long line, long? index = null)
    {
        (_line, _index, _bad, _present, _symbol, _volume) = (line, index, false, 0, null, null);
    }

    public void Set(BarField field, ReadOnlySpan<byte> cell)
    {
        _present |= 1 << (int)field;
        var fault = field switch
        {
            BarField.Time => BarCells.Time(cell, out _time),
            BarField.Open => BarCells.Number(cell, out _open),
            BarField.High => BarCells.Number(cell, out _high),
            BarField.Low => BarCells.Number(cell, out _low),
            BarField.Close => BarCells.Number(cell, out _close),
            BarField.Volume => SetVolume(cell),
            _ => SetSymbol(cell),
        };
        if (fault != CellFault.None) Report(field, fault, cell);
    }

    public bool Has(BarField field) => (_present & (1 << (int)field)) != 0;

    /// <summary>A fault of the row that is not one of a cell's text.</summary>
    public void Fault(string field, string rule, string message)
    {
        _bad = true;
        findings.Add(field, rule, message, _line, _index);
    }

    /// <summary>A whole line or record that cannot be taken apart.</summary>
    public void Reject(string rule, string message, long line, long? index = null)
    {
        Bad++;
        findings.Add("row", rule, message, line, index);
    }

    public void End()
    {
        if (_bad)
        {
            Bad++;
            return;
        }

        Good++;
        if (_count == _rows.Length) Array.Resize(ref _rows, 2 * _count);
        _rows[_count++] = new(_line, _symbol, new(_time, _open, _high, _low, _close, _volume), _index);
    }

    /// <summary>An empty cell says that the volume is not known.</summary>
    CellFault SetVolume(ReadOnlySpan<byte> cell)
    {
        if (cell.IsEmpty) return CellFault.None;
        var fault = BarCells.Number(cell, out var volume);
        _volume = volume;
        return fault;
    }

    /// <summary>Rows of one symbol mostly stand together, and a symbol is one string however often it comes.</summary>
    CellFault SetSymbol(ReadOnlySpan<byte> cell)
    {
        if (_lastSymbol.Length > 0 && cell.SequenceEqual(_lastTicker.AsSpan(0, _lastSymbol.Length)))
        {
            _symbol = _lastSymbol;
            return CellFault.None;
        }

        if (cell.IsEmpty) return CellFault.Empty;
        Span<char> ticker = stackalloc char[Ticker.MaxLength];
        if (cell.Length > ticker.Length || !Ascii.IsValid(cell)) return CellFault.Number;
        ticker = ticker[..Encoding.ASCII.GetChars(cell, ticker)];
        var known = _symbols.GetAlternateLookup<ReadOnlySpan<char>>();
        if (!known.TryGetValue(ticker, out var symbol))
        {
            var text = ticker.ToString();
            if (!Ticker.IsValid(text)) return CellFault.Number;
            if (_symbols.Count == MaxKnownSymbols) _symbols.Clear();
            _symbols[text] = symbol = Ticker.Normalize(text);
        }

        cell.CopyTo(_lastTicker);
        _symbol = _lastSymbol = symbol;
        return CellFault.None;
    }

    void Report(BarField field, CellFault fault, ReadOnlySpan<byte> cell)
    {
        var shown = FileFindings.Quote(Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, 60)]));
        var (rule, message) = fault switch
        {
            CellFault.Empty => ("empty", "the cell is empty"),
            CellFault.NotANumber => ("nan", $"{shown} is not a finite number"),
            CellFault.Range when field == BarField.Time =>
                ("range", $"{shown} is not between {BarCells.Earliest:yyyy-MM-dd} and {BarCells.Latest:yyyy-MM-dd}"),
            CellFault.Range => ("range", $"{shown} has more than 28 digits or is not below 10^15"),
            CellFault.Date => (
                "date", $"{shown} is not yyyy-MM-dd, an ISO 8601 time, or milliseconds or microseconds since 1970"),
            _ when field == BarField.Symbol => ("symbol", $"{shown} is not a ticker"),
            _ => ("number", $"{shown} is not a decimal number"),
        };
        Fault(BarFields.NameOf(field), rule, message);
    }
}
