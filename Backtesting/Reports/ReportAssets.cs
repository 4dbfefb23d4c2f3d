using System.Collections.Immutable;
using System.Text;
using System.Text.Json;

namespace Trading.Backtests;

/// <summary>What pages are made of besides their numbers: files inside this library, so that a page needs nothing from
/// anywhere.</summary>
static class ReportAssets
{
    public static string Style { get; } = Read("report.css");

    public static string Script { get; } = Read("report.js");

    /// <summary>Lightweight Charts of TradingView, as the dashboard has it.</summary>
    public static string Charts { get; } = Read("lightweight-charts.js");

    static string Read(string name)
    {
        using var stream = typeof(ReportAssets).Assembly.GetManifestResourceStream($"reports/{name}")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}

/// <summary>A fill on the chart of its symbol.</summary>
/// <param name="Place">Of its day.</param>
readonly record struct TradeMark(int Place, decimal Quantity);

/// <summary>The symbol that traded most.</summary>
/// <param name="Prices">The close of each day; null where there was none.</param>
/// <param name="Fills">All that it had; the newest are marked.</param>
sealed record TradeChart(
    string Symbol, ImmutableArray<double?> Prices, ImmutableArray<TradeMark> Marks, int Fills);

/// <summary>The numbers of a page's charts, one for each day.</summary>
sealed record ChartData(
    ImmutableArray<DateOnly> Dates, ImmutableArray<double?> Equity, ImmutableArray<double?> Benchmark,
    ImmutableArray<double?> Drawdown, ImmutableArray<double?> Rolling, TradeChart? Trades)
{
    /// <summary>Fills that are marked.</summary>
    const int MostMarks = 400;

    /// <summary>Digits that a screen can show.</summary>
    const int Digits = 8;

    static readonly JsonSerializerOptions Options = new() { PropertyNamingPolicy = JsonNamingPolicy.CamelCase };

    public static ChartData Of(BacktestResult result, MarketHistory history)
    {
        ImmutableArray<DateOnly> dates = [.. result.Daily.Select(day => day.Date)];
        return new(
            dates, Numbers(result.Daily.Select(day => (double?)(double)day.Equity)),
            Numbers(result.Benchmark.Select(value => (double?)value)), Numbers(Drawdowns(result)),
            Numbers(RollingRecord.Of(result).Select(point => point.Sharpe)), MostTraded(result, history, dates));
    }

    /// <summary>As JSON that no markup can end: signs of markup are escaped.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, Options);

    static ImmutableArray<double?> Numbers(IEnumerable<double?> values) =>
    [
        .. values.Select(value => value is { } known && double.IsFinite(known)
            ? Math.Round(known, Digits - (int)Math.Clamp(Math.Log10(Math.Max(1, Math.Abs(known))), 0, Digits))
            : (double?)null),
    ];

    static IEnumerable<double?> Drawdowns(BacktestResult result)
    {
        var peak = 0m;
        foreach (var day in result.Daily)
        {
            peak = Math.Max(peak, day.Equity);
            yield return peak > 0 ? (double)(day.Equity / peak) - 1 : null;
        }
    }

    static TradeChart? MostTraded(BacktestResult result, MarketHistory history, ImmutableArray<DateOnly> dates)
    {
        if (result.Fills.IsEmpty) return null;
        var most = result.Fills.GroupBy(fill => fill.Symbol).OrderByDescending(group => group.Count())
            .ThenBy(group => group.Key, StringComparer.Ordinal).First();
        var series = history.Series[history.Places[most.Key]];
        var places = dates.Select((date, place) => (date, place)).ToDictionary(pair => pair.date, pair => pair.place);
        var prices = new double?[dates.Length];
        for (var bar = 0; bar < series.Count; bar++)
            if (places.TryGetValue(DateOnly.FromDateTime(new DateTime(series.EndTime(bar), DateTimeKind.Utc)),
                out var place))
                prices[place] = FixedPoint.ToDouble(series.Close[bar]);
        return new(
            most.Key, Numbers(prices),
            [
                .. most.TakeLast(MostMarks).OrderBy(fill => fill.Time)
                    .Select(fill => (Day: DateOnly.FromDateTime(fill.Time.UtcDateTime), fill.Quantity))
                    .Where(fill => places.ContainsKey(fill.Day))
                    .Select(fill => new TradeMark(places[fill.Day], fill.Quantity)),
            ],
            most.Count());
    }
}
