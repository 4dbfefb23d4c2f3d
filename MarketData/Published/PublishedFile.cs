using System.Collections.Immutable;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>Reads a published series: columns <c>published</c> (a time with its zone, or a date, which was known when
/// its day had ended; ascending), <c>symbol</c> where it tells symbols apart, and <c>level</c> or <c>count</c>.</summary>
static class PublishedFile
{
    /// <summary>Numbers beyond it are taken for a broken file.</summary>
    public const decimal MaxValue = 1_000_000_000_000m;

    const int MaxName = 40;
    const string Day = "yyyy-MM-dd";

    static readonly string[] Times =
        [$"{Day}'T'HH:mm'Z'", $"{Day}'T'HH:mm:ss'Z'", $"{Day}'T'HH:mmzzz", $"{Day}'T'HH:mm:sszzz"];

    /// <summary>The series that the content of a file is.</summary>
    /// <param name="file">Its name, which is that of the series too.</param>
    /// <param name="now">Nothing was published later.</param>
    /// <exception cref="MarketDataFormatException">It breaks a rule; the exception lists every one.</exception>
    public static PublishedSeries Parse(ReadOnlySpan<byte> content, string file, DateTimeOffset now)
    {
        var findings = new FileFindings(file);
        var name = Path.GetFileNameWithoutExtension(file);
        if (name.Length is 0 or > MaxName || !char.IsAsciiLetterLower(name[0])
            || !name.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_'))
            findings.Add("file", "name",
                $"its name is that of the series: at most {MaxName} lower-case letters, digits and '_', a letter first", null);
        if (content.Length > CsvTable.MaxFileBytes)
            findings.Add("file", "too_large", $"the file is larger than {CsvTable.MaxFileBytes >> 20} MiB", null);
        findings.ThrowIfAny();
        var csv = CsvTable.Open(content, findings);
        findings.ThrowIfAny();
        var bySymbol = csv!.Header is ["published", "symbol", _];
        PublishedKind? kind = csv.Header is ["published", .., "level"] ? PublishedKind.Level
            : csv.Header is ["published", .., "count"] ? PublishedKind.Count : null;
        if (kind is null || csv.Header.Length != (bySymbol ? 3 : 2))
            findings.Add("file", "columns",
                "the columns are published, symbol (which may be absent), and level or count, not "
                + FileFindings.Quote(string.Join(',', csv.Header)), 1);
        findings.ThrowIfAny(); // without its columns no row can be judged

        var values = ImmutableArray.CreateBuilder<PublishedValue>();
        var seen = new HashSet<(DateTimeOffset, string?)>();
        while (csv.Read())
        {
            var before = values.Count > 0 ? values[^1].At : DateTimeOffset.MinValue;
            var at = CheckTime(csv.Cells[0], before, now, csv.Line, findings);
            var symbol = bySymbol ? CheckSymbol(csv.Cells[1], csv.Line, findings) : null;
            var value = CheckValue(csv.Cells[^1], kind!.Value, csv.Header[^1], csv.Line, findings);
            // A time that cannot be takes the place of the one before it: the next is compared with the last good one.
            values.Add(new(at ?? before, symbol, value));
            if (at is not null && !seen.Add((at.Value, symbol)))
                findings.Add("published", "duplicate",
                    $"{csv.Cells[0]} comes twice{(symbol is null ? "" : $" for {symbol}")}", csv.Line);
        }

        if (values.Count == 0) findings.Add("file", "no_rows", "the file has no row that can be read", null);
        findings.ThrowIfAny();
        return new(name, kind!.Value, bySymbol, values.DrainToImmutable());
    }

    static DateTimeOffset? CheckTime(
        string cell, DateTimeOffset before, DateTimeOffset now, long line, FileFindings findings)
    {
        var isDay = DateOnly.TryParseExact(cell, Day, CultureInfo.InvariantCulture, DateTimeStyles.None, out var day);
        DateTimeOffset at = default;
        if (isDay) at = new(day.AddDays(1), default, TimeSpan.Zero);
        else if (!DateTimeOffset.TryParseExact(cell, Times, CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out at))
        {
            findings.Add("published", "time",
                $"{FileFindings.Quote(cell)} is no date ({Day}), nor a time with its zone (2026-01-31T13:30:00Z)", line);
            return null;
        }

        if (isDay ? day > DateOnly.FromDateTime(now.UtcDateTime) : at > now)
            findings.Add("published", "future", string.Create(
                CultureInfo.InvariantCulture, $"{cell} is later than now, {now.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"), line);
        else if (at < before)
            findings.Add("published", "order", $"{cell} comes before the row above", line);
        else
            return at;
        return null;
    }

    static string? CheckSymbol(string cell, long line, FileFindings findings)
    {
        if (cell.Length == 0) return null;
        if (!Ticker.IsValid(cell)) findings.Add("symbol", "symbol", $"{FileFindings.Quote(cell)} is not a ticker", line);
        return Ticker.Normalize(cell);
    }

    static decimal CheckValue(string cell, PublishedKind kind, string column, long line, FileFindings findings)
    {
        const NumberStyles Plain = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint;
        if (cell.Length == 0)
            findings.Add(column, "empty", "the cell is empty; what is not known has no row", line);
        else if (!decimal.TryParse(cell, Plain, CultureInfo.InvariantCulture, out var value))
            findings.Add(column, "number", $"{FileFindings.Quote(cell)} is not a decimal number", line);
        else if (Math.Abs(value) > MaxValue)
            findings.Add(column, "range", $"{FileFindings.Quote(cell)} is not between -{MaxValue} and {MaxValue}", line);
        else if (kind == PublishedKind.Count && (value < 0 || value != decimal.Truncate(value)))
            findings.Add(column, "count", $"{FileFindings.Quote(cell)} is not a whole number from 0", line);
        else
            return value;
        return 0m; // never used: the file is refused
    }
}
