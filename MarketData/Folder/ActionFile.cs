using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;

namespace Trading.MarketData;

/// <summary>Reads corporate actions: columns <c>symbol</c>, <c>ex_date</c>, <c>kind</c> (split, dividend, capital_gain
/// delisting or symbol_change) and <c>value</c> (new units for one old, cash for one unit, or the new symbol).</summary>
public static class ActionFile
{
    /// <summary>The file of this name in a folder of bars is one of actions.</summary>
    public const string Name = "actions.csv";

    const decimal Most = 1_000_000m;
    static readonly Dictionary<string, CorporateActionKind> Kinds = new()
    {
        ["split"] = CorporateActionKind.Split,
        ["dividend"] = CorporateActionKind.Dividend,
        ["capital_gain"] = CorporateActionKind.CapitalGain,
        ["delisting"] = CorporateActionKind.Delisting,
        ["symbol_change"] = CorporateActionKind.SymbolChange,
    };

    static readonly string[] Columns = ["symbol", "ex_date", "kind", "value"];

    public static FrozenDictionary<string, ImmutableArray<CorporateAction>> None { get; } =
        FrozenDictionary<string, ImmutableArray<CorporateAction>>.Empty;

    /// <summary>The actions beside a file of bars; none where there is no such file.</summary>
    /// <exception cref="MarketDataFormatException">The file cannot be read or breaks a rule.</exception>
    public static FrozenDictionary<string, ImmutableArray<CorporateAction>> In(string folder) =>
        File.Exists(Path.Combine(folder, Name)) ? Read(Path.Combine(folder, Name)) : None;

    /// <exception cref="MarketDataFormatException">The file cannot be read or breaks a rule.</exception>
    public static FrozenDictionary<string, ImmutableArray<CorporateAction>> Read(string path)
    {
        var findings = new FileFindings(path);
        var content = CsvTable.Load(path, findings);
        findings.ThrowIfAny();
        return Parse(content, path);
    }

    /// <summary>Actions by ticker in upper case, each by ex-date.</summary>
    /// <exception cref="MarketDataFormatException">The content breaks a rule; the exception lists every
    /// one.</exception>
    public static FrozenDictionary<string, ImmutableArray<CorporateAction>> Parse(
        ReadOnlySpan<byte> content, string name)
    {
        var findings = new FileFindings(name);
        var csv = CsvTable.Open(content, findings);
        findings.ThrowIfAny();
        var places = Columns.Select(column => SectorFile.CheckColumn(csv!.Header, column, findings)).ToArray();
        findings.ThrowIfAny(); // without its columns no row can be judged
        var actions = new Dictionary<(string Symbol, DateOnly Date, CorporateActionKind Kind), CorporateAction>();
        while (csv!.Read())
        {
            var cells = places.Select(place => csv.Cells[place]).ToArray();
            if (!Ticker.IsValid(cells[0]))
                findings.Add("symbol", "symbol", $"{FileFindings.Quote(cells[0])} is not a ticker", csv.Line);
            if (!DateOnly.TryParseExact(
                cells[1], "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date))
                findings.Add(
                    "ex_date", "date", $"{FileFindings.Quote(cells[1])} is not a date of the form yyyy-MM-dd",
                    csv.Line);
            var kind = Kinds.TryGetValue(cells[2], out var named) ? named : (CorporateActionKind?)null;
            if (kind is null)
                findings.Add(
                    "kind", "kind", $"{FileFindings.Quote(cells[2])} is not {string.Join(", ", Kinds.Keys)}", csv.Line);
            var action = Read(date, kind, cells[3], findings, csv.Line);
            if (action is not null && Ticker.IsValid(cells[0])
                && !actions.TryAdd((Ticker.Normalize(cells[0]), date, action.Kind), action))
                findings.Add(
                    "ex_date", "duplicate", $"a {cells[2]} of {cells[0]} on {cells[1]} stands above already",
                    csv.Line);
        }

        findings.ThrowIfAny();
        return actions.GroupBy(action => action.Key.Symbol, action => action.Value, StringComparer.Ordinal)
            .ToFrozenDictionary(
                symbol => symbol.Key, symbol => symbol.OrderBy(action => action.ExDate).ToImmutableArray(),
                StringComparer.Ordinal);
    }
    static CorporateAction? Read(
        DateOnly date, CorporateActionKind? kind, string cell, FileFindings findings, long line)
    {
        if (kind == CorporateActionKind.SymbolChange)
        {
            if (Ticker.IsValid(cell)) return CorporateAction.Renamed(date, Ticker.Normalize(cell));
            findings.Add("value", "symbol", $"{FileFindings.Quote(cell)} is not a ticker", line);
            return null;
        }

        var least = kind == CorporateActionKind.Delisting ? "of 0 or more" : "above 0";
        if (decimal.TryParse(cell, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            && value <= Most && (value > 0 || (value == 0 && kind == CorporateActionKind.Delisting)))
            return kind is { } known ? new(date, known, value) : null;
        findings.Add("value", "number", $"{FileFindings.Quote(cell)} is not a number {least} and up to {Most}", line);
        return null;
    }
}
