using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Globalization;
using Trading.MarketData;
using Trading.MarketData.Tests;
using Trading.Testing;

namespace Trading.Portfolios.Tests;

/// <summary>Prices for tests: series by hand, the bundled sample, and a source that a test can change.</summary>
sealed class Market : ISeriesScript
{
    public const string Sector = "Tests";
    readonly ConcurrentDictionary<string, PriceSeries> _series = [];

    public PriceSeries this[string symbol]
    {
        set => _series[symbol] = value;
    }

    public ValueTask<SeriesUpdate> FetchAsync(string symbol, long newerThan, CancellationToken cancellation) => new(
        !_series.TryGetValue(symbol, out var series) ? new SeriesUpdate(SeriesStatus.Unknown, null)
        : series.Version <= newerThan ? new SeriesUpdate(SeriesStatus.Unchanged, null)
        : new SeriesUpdate(SeriesStatus.Updated, series));

    /// <summary>Daily closes up to the first of January 2026, ending at a price, moving by a seeded walk.</summary>
    public static PriceSeries Walk(string symbol, decimal last, int sessions = 300, int seed = 1, string? sector = Sector, long version = 1)
    {
        var random = new System.Random(seed * 1000 + symbol.Sum(character => character));
        var closes = new decimal[sessions];
        closes[^1] = last;
        for (var i = sessions - 2; i >= 0; i--)
            closes[i] = Math.Round(closes[i + 1] * (1 + (decimal)(random.NextDouble() - 0.5) * 0.04m), 4);
        return Series(symbol, [.. Enumerable.Range(1 - sessions, sessions).Select(day => new DateOnly(2026, 1, 1).AddDays(day))], [.. closes], sector, version);
    }

    public static PriceSeries Series(string symbol, ImmutableArray<DateOnly> dates, ImmutableArray<decimal> closes, string? sector = Sector, long version = 1) =>
        new(symbol, sector, dates, closes, new Provenance("test", Books.Now, Books.Now), version);

    public static SeriesUpdate Update(PriceSeries series) => new(SeriesStatus.Updated, series);

    /// <summary>The columns of data/sample/closes.csv, read as plainly as can be.</summary>
    public static IReadOnlyDictionary<string, PriceSeries> Sample { get; } = ReadSample();

    static Dictionary<string, PriceSeries> ReadSample()
    {
        var rows = File.ReadLines(Path.Combine(RepositoryFiles.Sample, "closes.csv")).Select(line => line.Split(',')).ToList();
        var dates = rows.Skip(1).Select(row => DateOnly.Parse(row[0], CultureInfo.InvariantCulture)).ToImmutableArray();
        return rows[0].Select((symbol, column) => (symbol, column)).Skip(1).ToDictionary(
            name => name.symbol,
            name => Series(name.symbol, dates, [.. rows.Skip(1).Select(row => decimal.Parse(row[name.column], CultureInfo.InvariantCulture))]));
    }
}
