using System.Collections.Frozen;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>Reads how instruments trade: columns <c>symbol</c>, <c>tradable</c> (true or false), <c>lot_size</c>,
/// <c>tick_size</c>, <c>min_notional</c>, <c>average_daily_volume</c>, and <c>currency</c> where the file has that
/// column. An empty cell is no rule, or not known.</summary>
static class InstrumentFile
{
    const string CurrencyColumn = "currency";

    static readonly string[] Columns =
        ["symbol", "tradable", "lot_size", "tick_size", "min_notional", "average_daily_volume"];

    /// <exception cref="MarketDataFormatException">The file cannot be read or breaks a rule.</exception>
    public static FrozenDictionary<string, InstrumentTerms> Read(string path)
    {
        var findings = new FileFindings(path);
        var content = CsvTable.Load(path, findings);
        findings.ThrowIfAny();
        return Parse(content, path);
    }

    /// <summary>Terms by ticker in upper case.</summary>
    /// <exception cref="MarketDataFormatException">The content breaks a rule; the exception lists every
    /// one.</exception>
    public static FrozenDictionary<string, InstrumentTerms> Parse(ReadOnlySpan<byte> content, string name)
    {
        var findings = new FileFindings(name);
        var csv = CsvTable.Open(content, findings);
        findings.ThrowIfAny();
        var places = Columns.Select(column => SectorFile.CheckColumn(csv!.Header, column, findings)).ToArray();
        var currency = csv!.Header.Contains(CurrencyColumn)
            ? SectorFile.CheckColumn(csv.Header, CurrencyColumn, findings)
            : -1;
        findings.ThrowIfAny(); // without its columns no row can be judged
        var terms = new Dictionary<string, InstrumentTerms>(StringComparer.Ordinal);
        while (csv!.Read())
        {
            var symbol = csv.Cells[places[0]];
            var read = new InstrumentTerms(Flag(1), Number(2), Number(3), Number(4), Number(5)) { Currency = Currency() };
            if (!Ticker.IsValid(symbol))
                findings.Add("symbol", "symbol", $"{FileFindings.Quote(symbol)} is not a ticker", csv.Line);
            else if (!terms.TryAdd(Ticker.Normalize(symbol), read))
                findings.Add("symbol", "duplicate", $"{FileFindings.Quote(symbol)} stands above already", csv.Line);
        }

        findings.ThrowIfAny();
        return terms.ToFrozenDictionary(StringComparer.Ordinal);

        bool Flag(int column)
        {
            var cell = csv.Cells[places[column]];
            if (cell is not ("true" or "false" or ""))
                findings.Add(Columns[column], "flag", $"{FileFindings.Quote(cell)} is not true or false", csv.Line);
            return cell != "false";
        }

        string? Currency()
        {
            var cell = currency < 0 ? "" : csv.Cells[currency].Trim();
            if (cell.Length == 0) return null;
            if (CurrencyCodes.IsValid(cell)) return CurrencyCodes.Normalize(cell);
            findings.Add(
                CurrencyColumn, "currency", $"{FileFindings.Quote(cell)} is not the code of a currency", csv.Line);
            return null;
        }

        decimal? Number(int column)
        {
            var cell = csv.Cells[places[column]];
            if (cell.Length == 0) return null;
            if (decimal.TryParse(cell, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number is >= Least and <= Most)
                return number;
            findings.Add(
                Columns[column], "number", $"{FileFindings.Quote(cell)} is not a number from {Least} to {Most}",
                csv.Line);
            return null;
        }
    }

    const decimal Least = 0.000000000000000001m, Most = 1_000_000_000_000m;
}
