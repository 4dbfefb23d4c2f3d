using System.Collections.Immutable;
using System.Text.RegularExpressions;

namespace Trading.MarketData;

/// <summary>Runs the validators over the reference data set, file by file, and collects what they notice.</summary>
static partial class DataSetRun
{
    /// <summary>Every file of bars, quotes and closes. One that is none of these, as files of single trades and of
    /// returns are, says so.</summary>
    public static ImmutableArray<FileSightings> Over(string folder)
    {
        var files = ImmutableArray.CreateBuilder<FileSightings>();
        foreach (var path in Files(folder, "daily"))
        {
            var (listings, actions) = EvaluationFile.History(folder, Path.GetFileNameWithoutExtension(path));
            files.AddRange(Bars(folder, new(AssetClass.Equity, BarInterval.OneDay, actions, listings), [path]));
        }

        files.AddRange(Named(folder, "intraday", null, (path, interval) =>
        {
            var (_, actions) = EvaluationFile.History(folder, Path.GetFileName(path).Split('_')[0]);
            return new(AssetClass.Equity, interval, actions, []);
        }));
        files.AddRange(Named(folder, "crypto", null, (_, interval) => new(AssetClass.Crypto, interval)));
        files.AddRange(Named(folder, "fx", BarInterval.OneDay, (_, interval) => new(AssetClass.Fx, interval)));
        foreach (var path in Files(folder, "multi"))
            files.AddRange(Multi(folder, path));
        return files.ToImmutable();
    }

    static IEnumerable<string> Files(string folder, string part) =>
        Directory.Exists(Path.Combine(folder, part))
            ? Directory.EnumerateFiles(Path.Combine(folder, part), "*.csv").Order(StringComparer.Ordinal) : [];

    /// <summary>Files whose name says their interval, the days of one series together.</summary>
    /// <param name="otherwise">Where it does not; null for files that then hold no bars.</param>
    static IEnumerable<FileSightings> Named(
        string folder, string part, BarInterval? otherwise, Func<string, BarInterval, SeriesProfile> profile)
    {
        foreach (var series in Files(folder, part).GroupBy(Series))
        {
            string[] paths = [.. series];
            if ((IntervalOf(paths[0]) ?? otherwise) is { } interval)
                foreach (var file in Run(folder, profile(paths[0], interval), paths)) yield return file;
            else
                foreach (var path in paths) yield return Skip(folder, path, "its name tells no interval of bars");
        }
    }

    static FileSightings Skip(string folder, string path, string why) =>
        new SightingLog(folder, path).Result() with { Skipped = why };

    /// <summary>The name of a file without its date: the days of one series belong together.</summary>
    static string Series(string path) => Date().Replace(path, "");

    static BarInterval? IntervalOf(string path) =>
        Interval().Match(Path.GetFileName(path)) is { Success: true } found ? BarIntervals.Parse(found.Value) : null;

    [GeneratedRegex(@"_[0-9]{4}-[0-9]{2}-[0-9]{2}(?=\.csv\z)")]
    private static partial Regex Date();

    [GeneratedRegex("(?<=_)(1m|5m|15m|1h|1d)(?=[_.])")]
    private static partial Regex Interval();

    static IEnumerable<FileSightings> Run(string folder, SeriesProfile profile, string[] paths) =>
        Path.GetFileNameWithoutExtension(paths[0]).Contains("_quote", StringComparison.Ordinal)
            ? Quotes(folder, profile, paths) : Bars(folder, profile, paths);

    static IEnumerable<FileSightings> Bars(string folder, SeriesProfile profile, string[] paths)
    {
        var (validator, confirmations) = (new BarValidator(profile), new Confirmations());
        foreach (var path in paths)
        {
            var log = new SightingLog(folder, path);
            foreach (var row in EvaluationFile.Rows(path))
            {
                var bar = row.Bar(Instant(profile, row.Time));
                var verdict = validator.Check(
                    bar, new(
                        Coverage: row.Number("minutes") is { } minutes
                            ? (double)minutes / profile.Interval.Minutes() : null));
                log.Add(row.Time, verdict, bar.Time);
                foreach (var released in confirmations.Take(bar, verdict)) log.Release(released.Time);
            }

            if (IsWholeDay(profile, log)) log.Finish(validator.Finish(EndOfDay(log.Last)));
            yield return log.Result();
        }
    }

    static IEnumerable<FileSightings> Quotes(string folder, SeriesProfile profile, string[] paths)
    {
        var validator = new QuoteValidator(profile);
        foreach (var path in paths)
        {
            var log = new SightingLog(folder, path);
            foreach (var row in EvaluationFile.Rows(path))
                log.Add(row.Time, validator.Check(Quote(row, Instant(profile, row.Time))));
            if (IsWholeDay(profile, log)) log.Finish(validator.Finish(EndOfDay(log.Last)));
            yield return log.Result();
        }
    }

    static QuoteBar Quote(EvaluationFile.Row row, DateTimeOffset time) => new(
        time,
        row.Number("bid_close") is null ? null : row.Bar(time, "bid_"),
        row.Number("ask_close") is null ? null : row.Bar(time, "ask_"));

    /// <summary>Several series in one file: closes of each, or an index with dates of its own, or rows that only have
    /// an order.</summary>
    static IEnumerable<FileSightings> Multi(string folder, string path)
    {
        var rows = EvaluationFile.Rows(path);
        if (rows.IsEmpty) yield return Skip(folder, path, "it has no row");
        else if (rows[0].Columns.ContainsKey("open"))
        {
            foreach (var file in Bars(folder, new(AssetClass.Equity, BarInterval.OneDay), [path])) yield return file;
        }
        else if (rows[0].Columns.ContainsKey("Date"))
        {
            yield return Closes(folder, path, rows);
        }
        else if (rows[0].Columns.ContainsKey("decimal_year"))
        {
            yield return Repeats(folder, path, rows);
        }
        else
        {
            yield return Skip(folder, path, "its columns hold no bars and no closes");
        }
    }

    static FileSightings Closes(string folder, string path, ImmutableArray<EvaluationFile.Row> rows)
    {
        var log = new SightingLog(folder, path);
        foreach (var symbol in rows[0].Columns.Keys.Where(name => name != "Date"))
        {
            var validator = new BarValidator(new(AssetClass.Equity, BarInterval.OneDay));
            foreach (var row in rows)
                if (row.Number(symbol) is { } close) log.Add(row.Time,
                    validator.Check(Bar.OfClose(new(row.Time.Ticks, TimeSpan.Zero), close)));
        }

        return log.Result();
    }

    /// <summary>Rows without dates: their number stands for a day.</summary>
    static FileSightings Repeats(string folder, string path, ImmutableArray<EvaluationFile.Row> rows)
    {
        string[] symbols = [.. rows[0].Columns.Keys.Except(["index", "decimal_year"])];
        var (log, filled) = (new SightingLog(folder, path), new FillForward(symbols.Length));
        foreach (var row in rows)
            log.Add(DateTime.MinValue.AddDays((double)(row.Number("index") ?? 0)),
                filled.Check([.. symbols.Select(row.Number)]));
        return log.Result();
    }

    /// <summary>Minutes of shares are written in New York's time where they name no zone, everything else in
    /// UTC.</summary>
    static DateTimeOffset Instant(SeriesProfile profile, DateTime time) =>
        profile is { Kind: AssetClass.Equity, Interval: not BarInterval.OneDay } && time.Kind != DateTimeKind.Utc
            ? NewYorkTime.At(time).ToUniversalTime() : new(time.Ticks, TimeSpan.Zero);

    /// <summary>A file of minutes of one day of a market that never closes has an end to be cut off.</summary>
    static bool IsWholeDay(SeriesProfile profile, SightingLog log) =>
        profile is { Kind: AssetClass.Crypto, Interval: < BarInterval.OneHour } && log.First.Date == log.Last.Date;

    static DateTimeOffset EndOfDay(DateTime last) => new(last.Date.AddDays(1), TimeSpan.Zero);
}

/// <summary>Collects the sightings of one file.</summary>
sealed class SightingLog(string folder, string path)
{
    readonly string _file = Path.GetRelativePath(folder, path).Replace('\\', '/');
    readonly List<Sighting> _sightings = [];
    readonly Dictionary<DateTimeOffset, int> _held = [];
    int _rows;

    public DateTime First { get; private set; } = DateTime.MaxValue;
    public DateTime Last { get; private set; }

    /// <param name="instant">Of the bar, by which it may be released; null where none is.</param>
    public void Add(DateTime time, in BarVerdict verdict, DateTimeOffset? instant = null)
    {
        _rows++;
        if (time < First) First = time;
        if (!verdict.Rules.IsEmpty)
        {
            if (instant is { } at) _held[at] = _sightings.Count;
            _sightings.Add(new(_file, time, Last, verdict, false));
        }

        Last = time;
    }

    public void Release(DateTimeOffset time)
    {
        if (_held.TryGetValue(time, out var index)) _sightings[index] = _sightings[index] with { Released = true };
    }

    public void Finish(in BarVerdict verdict)
    {
        if (!verdict.Rules.IsEmpty) _sightings.Add(new(_file, Last, Last, verdict, false));
    }

    public FileSightings Result() => new(_file, _rows, First, Last, [.. _sightings]);
}
