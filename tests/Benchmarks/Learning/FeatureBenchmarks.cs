using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Trading.Learning;

namespace Trading.Benchmarks.Learning;

/// <summary>Features of 30 symbols of 2,500 sessions on one core, beside pandas.</summary>
static class FeatureBenchmarks
{
    public static async Task RunAsync(TextWriter output, BenchmarkSize size)
    {
        var (symbols, sessions, runs) = (size.Of(30, small: 5), size.Of(2_500, small: 600), size.Of(15, small: 1));
        var dates = Days(sessions);
        var bars = Bars(dates, symbols, new Random(1));
        var count = symbols * sessions;
        var closes = bars.Select(symbol => symbol.Select(bar => FeatureBar.OfClose(bar.Session, bar.Close)).ToArray()).ToArray();
        await output.WriteLineAsync("| features | columns | ms | values a second, million | ns a value |\n| --- | ---: | ---: | ---: | ---: |");
        await WriteAsync(output, count, "of closes, one symbol at a time", FeatureCatalog.Columns(FeatureNeeds.None, []).Length,
            Peer.Median(runs, () => Apart(closes, FeatureNeeds.None)));
        await WriteAsync(output, count, "of bars with volumes, one symbol at a time",
            FeatureCatalog.Columns(FeatureNeeds.Range | FeatureNeeds.Volume, []).Length,
            Peer.Median(runs, () => Apart(bars, FeatureNeeds.Range | FeatureNeeds.Volume)));
        await WriteAsync(output, count, "all, with market and ranks among the symbols", FeatureCatalog.All.Length,
            Peer.Median(runs, () => Together(bars, dates)));
        if (await PandasAsync(closes, dates) is not { } pandas)
        {
            await output.WriteLineAsync("pandas is not installed.");
            return;
        }

        var last = pandas.GetProperty("last");
        await WriteAsync(output, count, $"of closes, {pandas.GetProperty("name").GetString()}, whole frames", last.EnumerateObject().Count(),
            pandas.GetProperty("ms").GetDouble());
        await output.WriteLineAsync(FormattableString.Invariant(
            $"\nLargest relative difference of the last session's values: {Difference(closes, last):0.0e0}."));
    }

    static Task WriteAsync(TextWriter output, int rows, string name, int columns, double milliseconds)
    {
        var values = (double)rows * columns;
        return output.WriteLineAsync(FormattableString.Invariant(
            $"| {name} | {columns} | {milliseconds:0.0} | {values / milliseconds / 1_000:0} | {milliseconds * 1e6 / values:0.0} |"));
    }

    static double[][] Apart(FeatureBar[][] bars, FeatureNeeds needs) => [.. bars.Select(symbol =>
    {
        var features = new SymbolFeatures(needs);
        var row = new double[features.Width];
        foreach (var bar in symbol)
            features.Update(bar, 0, row);
        return row;
    })];

    static void Together(FeatureBar[][] bars, DateOnly[] dates)
    {
        var panel = new PanelFeatures([.. bars.Select((_, i) => $"S{i}")], true, true, false, []);
        var (rows, session) = (new double[bars.Length * panel.Columns.Length], new FeatureBar?[bars.Length]);
        for (var day = 0; day < dates.Length; day++)
        {
            for (var symbol = 0; symbol < bars.Length; symbol++)
                session[symbol] = bars[symbol][day];
            panel.Advance(dates[day], session, null, rows);
        }
    }

    static async Task<JsonElement?> PandasAsync(FeatureBar[][] closes, DateOnly[] dates)
    {
        var (numbers, days) = (Path.GetTempFileName(), Path.GetTempFileName());
        try
        {
            double[] rows = [.. Enumerable.Range(0, dates.Length).SelectMany(day => closes.Select(symbol => symbol[day].Close))];
            await File.WriteAllBytesAsync(numbers, MemoryMarshal.AsBytes(rows.AsSpan()).ToArray());
            await File.WriteAllLinesAsync(days, dates.Select(date => date.ToString("O", CultureInfo.InvariantCulture)));
            return await Peer.PythonAsync(PandasFeatures.Script, numbers, days, $"{closes.Length}");
        }
        finally
        {
            File.Delete(numbers);
            File.Delete(days);
        }
    }

    /// <summary>Relative to the value, or to a millionth where it is smaller.</summary>
    static double Difference(FeatureBar[][] closes, JsonElement last)
    {
        var (rows, columns) = (Apart(closes, FeatureNeeds.None), FeatureCatalog.Columns(FeatureNeeds.None, []));
        return columns.SelectMany((column, place) => last.GetProperty(column.Name).EnumerateArray().Select((value, symbol) =>
            Math.Abs(value.GetDouble() - rows[symbol][place]) / Math.Max(1e-6, Math.Abs(value.GetDouble())))).Max();
    }

    static DateOnly[] Days(int sessions) => [.. Enumerable.Range(0, 2 * sessions).Select(new DateOnly(2010, 1, 4).AddDays)
        .Where(day => day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)).Take(sessions)];

    static FeatureBar[][] Bars(DateOnly[] dates, int symbols, Random random) => [.. Enumerable.Range(0, symbols).Select(_ =>
    {
        var close = 100.0;
        return dates.Select(date =>
        {
            var open = close * Math.Exp(0.004 * (random.NextDouble() - 0.5));
            close *= Math.Exp(0.03 * (random.NextDouble() - 0.498));
            return new FeatureBar(date, open, Math.Max(open, close) * (1 + 0.005 * random.NextDouble()),
                Math.Min(open, close) * (1 - 0.005 * random.NextDouble()), close, 1e6 * (0.5 + random.NextDouble()));
        }).ToArray();
    })];
}
