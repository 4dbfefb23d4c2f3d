using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Runs the validators over the reference data set, file by file, and collects what they notice.</summary>
static class DataSetRun
{
    /// <summary>Every file of bars, quotes and closes; files of single trades and quotes, and of returns, have no
    /// bars.</summary>
    public static ImmutableArray<FileSightings> Over(string folder)
    {
        var files = ImmutableArray.CreateBuilder<FileSightings>();
        foreach (var path in Files(folder, "daily"))
        {
            var (listings, actions) = EvaluationFile.History(folder, Path.GetFileNameWithoutExtension(path));
            files.AddRange(Bars(folder, new(AssetClass.Equity, BarInterval.OneDay, actions, listings), [path]));
        }

        foreach (var series in Files(folder, "intraday").Where(path => path.Contains("_1m_", StringComparison.Ordinal))
            .GroupBy(Series))
        {
            var (_, actions) = EvaluationFile.History(folder, Path.GetFileName(series.Key).Split('_')[0]);
            files.AddRange(Run(folder, new(AssetClass.Equity, BarInterval.OneMinute, actions, []), [.. series]));
        }

        foreach (var path in Files(folder, "crypto").Where(path => IntervalOf(path) is not null))
            files.AddRange(Run(folder, new(AssetClass.Crypto, IntervalOf(path)!.Value), [path]));
        foreach (var path in Files(folder, "fx"))
            files.AddRange(Quotes(folder, new(AssetClass.Fx, BarInterval.OneDay), [path]));
        foreach (var path in Files(folder, "multi"))
            files.AddRange(Multi(folder, path));
        return files.ToImmutable();
    }

    static IEnumerable<string> Files(string folder, string part) =>
        Directory.EnumerateFiles(Path.Combine(folder, part), "*.csv").Order(StringComparer.Ordinal);

    /// <summary>The name of a file without its date: the days of one series belong together.</summary>
    static string Series(string path) => path[..path.LastIndexOf('_')];

    static BarInterval? IntervalOf(string path) => Path.GetFileName(path) switch
    {
        var name when name.Contains("_1d_", StringComparison.Ordinal) => BarInterval.OneDay,
        var name when name.Contains("_1h_", StringComparison.Ordinal) => BarInterval.OneHour,
        var name when name.Contains("_1m_", StringComparison.Ordinal) => BarInterval.OneMinute,
        _ => null,
    };

    static IEnumerable<FileSightings> Run(string folder, SeriesProfile profile, string[] paths) =>
        paths[0].Contains("_quote_", StringComparison.Ordinal)
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
                log.Add(row.Time, verdict);
                foreach (var released in confirmations.Take(bar, verdict)) log.Release(Wall(profile, released.Time));
            }

            if (IsWholeDay(profile)) log.Finish(validator.Finish(EndOfDay(log.Last)));
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
            if (IsWholeDay(profile)) log.Finish(validator.Finish(EndOfDay(log.Last)));
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
        if (rows[0].Columns.ContainsKey("open"))
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
    }

    static FileSightings Closes(string folder, string path, ImmutableArray<EvaluationFile.Row> rows)
    {
        var log = new SightingLog(folder, path);
        foreach (var symbol in rows[0].Columns.Keys.Where(name => name != "Date"))
        {
            var validator = new BarValidator(new(AssetClass.Equity, BarInterval.OneDay));
            foreach (var row in rows)
                log.Add(row.Time,
                    validator.Check(Bar.OfClose(new(row.Time, TimeSpan.Zero), row.Number(symbol)!.Value)));
        }

        return log.Result();
    }

    /// <summary>Rows without dates: their number stands for a day.</summary>
    static FileSightings Repeats(string folder, string path, ImmutableArray<EvaluationFile.Row> rows)
    {
        string[] symbols = [.. rows[0].Columns.Keys.Except(["index", "decimal_year"])];
        var (log, filled) = (new SightingLog(folder, path), new FillForward(symbols.Length));
        foreach (var row in rows)
            log.Add(DateTime.MinValue.AddDays((double)row.Number("index")!.Value),
                filled.Check([.. symbols.Select(row.Number)]));
        return log.Result();
    }

    /// <summary>Minutes of shares are written in New York's time, everything else in UTC.</summary>
    static DateTimeOffset Instant(SeriesProfile profile, DateTime time) =>
        profile is { Kind: AssetClass.Equity, Interval: not BarInterval.OneDay }
            ? NewYorkTime.At(time).ToUniversalTime() : new(time, TimeSpan.Zero);

    static DateTime Wall(SeriesProfile profile, DateTimeOffset time) =>
        profile is { Kind: AssetClass.Equity, Interval: not BarInterval.OneDay }
            ? time.UtcDateTime + NewYorkTime.OffsetAt(time) : time.UtcDateTime;

    /// <summary>A file of minutes of a market that never closes is one day, and so has an end to be cut off.</summary>
    static bool IsWholeDay(SeriesProfile profile) =>
        profile is { Kind: AssetClass.Crypto, Interval: BarInterval.OneMinute };

    static DateTimeOffset EndOfDay(DateTime last) => new(last.Date.AddDays(1), TimeSpan.Zero);
}

/// <summary>Collects the sightings of one file.</summary>
sealed class SightingLog(string folder, string path)
{
    readonly string _file = Path.GetRelativePath(folder, path).Replace('\\', '/');
    readonly List<Sighting> _sightings = [];
    DateTime _first = DateTime.MaxValue;
    int _rows;

    public DateTime Last { get; private set; }

    public void Add(DateTime time, in BarVerdict verdict)
    {
        _rows++;
        if (time < _first) _first = time;
        if (!verdict.Rules.IsEmpty) _sightings.Add(new(_file, time, Last, verdict, false));
        Last = time;
    }

    public void Release(DateTime time)
    {
        var index = _sightings.FindIndex(sighting => sighting.Date == time);
        if (index >= 0) _sightings[index] = _sightings[index] with { Released = true };
    }

    public void Finish(in BarVerdict verdict)
    {
        if (!verdict.Rules.IsEmpty) _sightings.Add(new(_file, Last, Last, verdict, false));
    }

    public FileSightings Result() => new(_file, _rows, _first, Last, [.. _sightings]);
}
