using System.Collections.Frozen;
using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>The bars of one symbol, as files give them, with its splits and dividends.</summary>
public sealed record SymbolFileBars(
    string Symbol, BarInterval Interval, ImmutableArray<Bar> Bars, ImmutableArray<CorporateAction> Actions);

/// <summary>Whole files of bars at once, for work on the past: nothing is judged or stored.</summary>
public static class HistoryFiles
{
    const string Pattern = "*.csv", SectorsName = "sectors.csv";

    /// <summary>A file, or the files of a folder, by symbol.</summary>
    /// <param name="path">Files as <c>data import</c> takes them; <c>actions.csv</c> beside them holds corporate actions.</param>
    /// <param name="factors">A folder of factor files (QuantConnect/Lean) named by symbol, which tell the actions of symbols that
    /// <c>actions.csv</c> has none of; null for none.</param>
    /// <param name="today">No session can be later.</param>
    /// <exception cref="FileNotFoundException">There is no such file or folder, or it has no file of bars.</exception>
    /// <exception cref="MarketDataFormatException">A file breaks a rule.</exception>
    public static ImmutableArray<SymbolFileBars> Read(string path, string? factors, DateOnly today)
    {
        string[] files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path, Pattern).Where(file => Path.GetFileName(file) is not (ActionFile.Name or SectorsName)).Order(StringComparer.Ordinal)]
            : File.Exists(path) ? [path] : throw new FileNotFoundException($"There is no file or folder {path}.");
        if (files.Length == 0) throw new FileNotFoundException($"{path} has no file of bars.");
        var actions = ActionFile.In(Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!);
        var read = ImmutableArray.CreateBuilder<SymbolFileBars>();
        foreach (var file in files)
        {
            var findings = new FileFindings(file);
            var content = CsvTable.Load(file, findings);
            findings.ThrowIfAny();
            var parsed = BarFile.Parse(content, Path.GetFileName(file), today);
            foreach (var (symbol, bars) in parsed.Bars.OrderBy(pair => pair.Key, StringComparer.Ordinal))
                read.Add(new(
                    symbol, parsed.Interval, bars,
                    actions.TryGetValue(symbol, out var known) ? known : FromFactors(factors, symbol)));
        }

        return read.ToImmutable();
    }

    /// <summary>Sectors by symbol, of the file <c>sectors.csv</c> beside the bars; empty where there is none.</summary>
    /// <exception cref="MarketDataFormatException">The file breaks a rule.</exception>
    public static IReadOnlyDictionary<string, string> Sectors(string path)
    {
        var folder = Directory.Exists(path) ? path : Path.GetDirectoryName(Path.GetFullPath(path))!;
        var file = Path.Combine(folder, SectorsName);
        return File.Exists(file) ? SectorFile.Read(file) : FrozenDictionary<string, string>.Empty;
    }

    static ImmutableArray<CorporateAction> FromFactors(string? folder, string symbol)
    {
        if (folder is null) return [];
        var file = Path.Combine(folder, $"{symbol.ToLowerInvariant()}.csv");
        return File.Exists(file) ? FactorFile.Read(file).Actions(NyseCalendar.Instance) : [];
    }
}
