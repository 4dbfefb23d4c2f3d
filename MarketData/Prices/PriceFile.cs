using System.Collections.Immutable;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>Reads daily closes in wide form: a column <c>date</c> (yyyy-MM-dd, ascending) and one column of prices for
/// each symbol.</summary>
static class PriceFile
{
    public const int MaxSymbols = 10_000;
    /// <summary>Prices outside these bounds are taken for a broken file rather than for a market.</summary>
    public const decimal MinPrice = 0.00000001m, MaxPrice = 10_000_000m;

    /// <exception cref="MarketDataFormatException">The file cannot be read or breaks a rule.</exception>
    public static PriceHistory Read(string path, IReadOnlyDictionary<string, string> sectors, DateOnly today)
    {
        var findings = new FileFindings(path);
        var content = CsvTable.Load(path, findings);
        findings.ThrowIfAny();
        return Parse(content, path, sectors, today);
    }

    /// <param name="name">The file's name in error messages.</param>
    /// <param name="sectors">Sector by ticker.</param>
    /// <param name="today">No session can be later.</param>
    /// <exception cref="MarketDataFormatException">The content breaks a rule; the exception lists every
    /// one.</exception>
    public static PriceHistory Parse(
        ReadOnlySpan<byte> content, string name, IReadOnlyDictionary<string, string> sectors, DateOnly today)
    {
        var findings = new FileFindings(name);
        var csv = CsvTable.Open(content, findings);
        findings.ThrowIfAny();
        var symbols = CheckHeader(csv!.Header, findings);
        var sessions = ImmutableArray.CreateBuilder<DateOnly>();
        var closes = symbols.Select(_ => ImmutableArray.CreateBuilder<decimal>()).ToArray();
        while (csv.Read())
        {
            sessions.Add(CheckDate(csv.Cells[0], sessions, today, csv.Line, findings));
            for (var column = 0; column < symbols.Length; column++)
                closes[column].Add(CheckPrice(csv.Cells[column + 1], symbols[column], csv.Line, findings));
        }

        if (sessions.Count == 0)
            findings.Add("file", "no_rows", "the file has no row of prices that can be read", null);
        findings.ThrowIfAny();
        return new(sessions.DrainToImmutable(), symbols.Select((symbol, column) =>
            new SymbolHistory(symbol, sectors.GetValueOrDefault(symbol), closes[column].DrainToImmutable())));
    }

    /// <summary>The tickers of the columns behind the date, or what stands in their place.</summary>
    static string[] CheckHeader(string[] header, FileFindings findings)
    {
        if (!header[0].Equals("date", StringComparison.OrdinalIgnoreCase))
            findings.Add(
                "date", "missing_column", $"the first column must be 'date', not {FileFindings.Quote(header[0])}", 1);
        if (header.Length == 1)
            findings.Add("file", "missing_column", "there is no column of prices", 1);
        if (header.Length - 1 > MaxSymbols)
            findings.Add("file", "too_many_columns", $"more than {MaxSymbols} symbols", 1);

        var symbols = new string[header.Length - 1];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var column = 1; column < header.Length; column++)
        {
            var isTicker = Ticker.IsValid(header[column]);
            var symbol = symbols[column - 1] = isTicker ? Ticker.Normalize(header[column]) : $"column {column + 1}";
            if (!isTicker)
                findings.Add(symbol, "symbol", $"{FileFindings.Quote(header[column])} is not a ticker", 1);
            else if (!seen.Add(symbol))
                findings.Add(symbol, "duplicate_column", $"column {column + 1} repeats an earlier one", 1);
        }

        return symbols;
    }

    static DateOnly CheckDate(
        string cell, ImmutableArray<DateOnly>.Builder earlier, DateOnly today, long line, FileFindings findings)
    {
        // A date that cannot be read takes the place of the one before it, so that the next is compared with the last
        // good one.
        var last = earlier.Count > 0 ? earlier[^1] : DateOnly.MinValue;
        if (!DateOnly.TryParseExact(
            cell, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
        {
            findings.Add("date", "date", $"{FileFindings.Quote(cell)} is not a date of the form yyyy-MM-dd", line);
            return last;
        }

        if (date > today)
        {
            findings.Add("date", "future", $"{cell} is later than today, {today:yyyy-MM-dd}", line);
            return last;
        }

        if (earlier.Count > 0 && date <= last)
        {
            var (rule, verb) = date == last ? ("duplicate", "repeats") : ("order", "comes before");
            findings.Add("date", rule, $"{cell} {verb} the date above, {last:yyyy-MM-dd}", line);
        }

        return date;
    }

    static decimal CheckPrice(string cell, string symbol, long line, FileFindings findings)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (cell.Length == 0)
            findings.Add(symbol, "empty", "the cell is empty", line);
        else if (!decimal.TryParse(cell, Plain, CultureInfo.InvariantCulture, out var price))
            findings.Add(symbol, "number", $"{FileFindings.Quote(cell)} is not a decimal number", line);
        else if (price <= 0)
            findings.Add(symbol, "positive", $"{FileFindings.Quote(cell)} is not above zero", line);
        else if (price is < MinPrice or > MaxPrice)
            findings.Add(
                symbol, "price_range", $"{FileFindings.Quote(cell)} is not between {MinPrice} and {MaxPrice}", line);
        else
            return price;
        return 0m; // never used: the file is refused
    }
}
