using System.Collections.Immutable;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>A factor file of QuantConnect/Lean: <c>last_date_inclusive,price_factor,split_factor,reference_close</c>.
/// A row holds for the dates up to its own, the last session before an ex-date; its reference close is that
/// session's.</summary>
sealed class FactorFile
{
    /// <summary>More decimals of a ratio of factors are noise of their seven digits.</summary>
    const int RatioDigits = 4;

    readonly ImmutableArray<(DateOnly Through, AdjustmentFactor Factor, decimal ReferenceClose)> _rows;

    FactorFile(ImmutableArray<(DateOnly, AdjustmentFactor, decimal)> rows)
    {
        _rows = rows;
        Adjustment = PriceAdjustment.FromFactors(_rows.Select(row => (row.Through, row.Factor)));
    }

    public PriceAdjustment Adjustment { get; }

    /// <exception cref="MarketDataFormatException">Every row that breaks the format, with its line.</exception>
    public static FactorFile Read(string path)
    {
        var findings = new FileFindings(path);
        var rows = ImmutableArray.CreateBuilder<(DateOnly, AdjustmentFactor, decimal)>();
        if (CsvTable.Load(path, findings) is { } content && CsvTable.Open(content, findings) is { } csv)
            while (csv.Read())
                if (Row(csv, findings, rows.Count > 0 ? rows[^1].Item1 : null) is { } row) rows.Add(row);
        findings.ThrowIfAny();
        return new(rows.ToImmutable());
    }

    /// <summary>The splits and dividends that the factors stand for.</summary>
    /// <param name="calendar">Says which session follows a date.</param>
    public ImmutableArray<CorporateAction> Actions(ITradingCalendar calendar)
    {
        var actions = ImmutableArray.CreateBuilder<CorporateAction>();
        for (var index = 0; index + 1 < _rows.Length; index++)
        {
            var ((through, now, close), next) = (_rows[index], _rows[index + 1].Factor);
            var (dividend, split) = (
                close * (1 - (now.Price / next.Price)), Math.Round(next.Split / now.Split, RatioDigits));
            var exDate = through.AddDays(1);
            while (!calendar.IsSession(exDate) && exDate < calendar.Last) exDate = exDate.AddDays(1);
            if (dividend > 0) actions.Add(new(exDate, CorporateActionKind.Dividend, dividend));
            if (split is not 1 and > 0) actions.Add(new(exDate, CorporateActionKind.Split, split));
        }

        return actions.ToImmutable();
    }

    static (DateOnly, AdjustmentFactor, decimal)? Row(CsvTable csv, FileFindings findings, DateOnly? before)
    {
        if (csv.Cells is [var date, var price, var split, var close]
            && DateOnly.TryParseExact(
                date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var through)
            && Number(price) is > 0 and var dividends && Number(split) is > 0 and var splits
            && Number(close) is >= 0 and var reference)
        {
            if (!(through <= before)) return (through, new(dividends, splits), reference);
            findings.Add("last_date_inclusive", "order", $"{date} does not come after {before:yyyy-MM-dd}", csv.Line);
            return null;
        }

        findings.Add("row", "factor", "a row is a date, two factors above zero, and a close", csv.Line);
        return null;
    }

    static decimal? Number(string cell) =>
        decimal.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null;
}
