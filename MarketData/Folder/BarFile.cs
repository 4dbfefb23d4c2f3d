using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Trading.MarketData;

/// <summary>The bars of one file by ticker.</summary>
/// <param name="Notes">What was put right on reading, in words: rows that were out of order or given twice.</param>
sealed record BarFileContent(
    BarInterval Interval, FrozenDictionary<string, ImmutableArray<Bar>> Bars, ImmutableArray<string> Notes);

/// <summary>Reads a data file whose name and header say what it holds: <c>aapl.csv</c> daily bars of one symbol,
/// <c>aapl_1m.csv</c> its bars of a minute (columns <c>date</c> or <c>time</c>, <c>open</c>, <c>high</c>, <c>low</c>,
/// <c>close</c>, and <c>volume</c> where it is known), or, with none of these columns behind the date, daily closes of
/// many symbols (<see cref="PriceFile"/>).</summary>
static class BarFile
{
    static readonly string[] Prices = ["open", "high", "low", "close"];

    /// <exception cref="MarketDataFormatException">The content breaks a rule; the exception lists every
    /// one.</exception>
    public static BarFileContent Parse(ReadOnlySpan<byte> content, string name, DateOnly today)
    {
        var findings = new FileFindings(name);
        var csv = CsvTable.Open(content, findings);
        findings.ThrowIfAny();
        var header = csv!.Header.Select(column => column.Trim().ToLowerInvariant()).ToArray();
        return header.Intersect(Prices).Any()
            ? ReadBars(csv, header, name, findings) : ReadCloses(content, name, today);
    }

    static BarFileContent ReadCloses(ReadOnlySpan<byte> content, string name, DateOnly today)
    {
        var history = PriceFile.Parse(content, name, FrozenDictionary<string, string>.Empty, today);
        return new(
            BarInterval.OneDay,
            history.Symbols.ToFrozenDictionary(
                symbol => symbol.Key, symbol => symbol.Value.Bars(history.Sessions), StringComparer.Ordinal), []);
    }

    static BarFileContent ReadBars(CsvTable csv, string[] header, string name, FileFindings findings)
    {
        var (symbol, interval) = Meaning(name, findings);
        var time = Array.FindIndex(header, column => column is "date" or "time");
        if (time < 0) findings.Add("time", "missing_column", "there is no column 'date' or 'time'", 1);
        var places = Prices.Select(column => SectorFile.CheckColumn(header, column, findings)).ToArray();
        var volume = Array.IndexOf(header, "volume");
        findings.ThrowIfAny(); // without its columns no row can be judged
        var bars = new List<Bar>();
        while (csv.Read())
        {
            if (BarCells.Time(Encoding.UTF8.GetBytes(csv.Cells[time]), out var at) != CellFault.None)
                findings.Add(
                    header[time], "time",
                    $"{FileFindings.Quote(csv.Cells[time])} is not a date or time of ISO 8601, or milliseconds since 1970",
                    csv.Line);
            bars.Add(new(at, Number(places[0]), Number(places[1]), Number(places[2]), Number(places[3]),
                volume < 0 || csv.Cells[volume].Length == 0 ? null : Number(volume)));
        }

        if (bars.Count == 0) findings.Add("file", "no_rows", "the file has no row that can be read", null);
        findings.ThrowIfAny();
        var notes = ImmutableArray.CreateBuilder<string>();
        var ordered = InOrder(bars, notes);
        return new(
            interval, new[] { KeyValuePair.Create(symbol, ordered) }.ToFrozenDictionary(StringComparer.Ordinal),
            notes.DrainToImmutable());

        decimal Number(int column)
        {
            const NumberStyles Plain =
                NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
            if (!decimal.TryParse(csv.Cells[column], Plain, CultureInfo.InvariantCulture, out var number))
                findings.Add(
                    header[column], "number", $"{FileFindings.Quote(csv.Cells[column])} is not a decimal number",
                    csv.Line);
            return number;
        }
    }

    /// <summary>Symbol and interval by the file's name.</summary>
    static (string Symbol, BarInterval Interval) Meaning(string name, FileFindings findings)
    {
        var stem = Path.GetFileNameWithoutExtension(name);
        var cut = stem.LastIndexOf('_');
        var interval = cut > 0 ? BarIntervals.Parse(stem[(cut + 1)..]) : null;
        var ticker = interval is null ? stem : stem[..cut];
        if (!Ticker.IsValid(ticker))
            findings.Add(
                "file", "symbol",
                $"{FileFindings.Quote(ticker)} is not a ticker; a file is named by its symbol, or by symbol_interval",
                null);
        return (Ticker.Normalize(ticker), interval ?? BarInterval.OneDay);
    }

    /// <summary>Oldest first, each time once: of rows with one time the last counts, as of a file that corrections are
    /// added to.</summary>
    static ImmutableArray<Bar> InOrder(List<Bar> bars, ImmutableArray<string>.Builder notes)
    {
        var ascending = true;
        for (var row = 1; row < bars.Count && ascending; row++) ascending = bars[row].Time > bars[row - 1].Time;
        if (ascending) return [.. bars];
        var last = new Dictionary<DateTimeOffset, Bar>();
        foreach (var bar in bars) last[bar.Time] = bar;
        if (last.Count < bars.Count)
            notes.Add($"{bars.Count - last.Count} rows repeat the time of another; the last one counts");
        else notes.Add("rows are not in order of time; they were sorted");
        return [.. last.Values.OrderBy(bar => bar.Time)];
    }
}
