using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Trading.MarketData;
using Trading.Models;

namespace Trading.Backtests;

/// <summary>Brings the bars of a test from the grains of its symbols.</summary>
/// <remarks>The last one is kept: the workers of a sweep ask for it again and again.</remarks>
public sealed class BacktestHistories(IGrainFactory grains, IOptions<SourceChainOptions> chain, TimeProvider clock)
    : IDisposable
{
    /// <summary>Pages of one symbol; with <see cref="BarQuery.MaxLimit"/> bars each they are more than anybody
    /// keeps.</summary>
    const int MostPages = 1_000;

    /// <summary>Symbols that are asked at once.</summary>
    const int FanOut = 16;

    /// <summary>How long bars that were brought are taken for the newest.</summary>
    static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    readonly AssetClasses _classes = chain.Value.Classes();
    readonly SemaphoreSlim _one = new(1);
    (string Key, DateTimeOffset At, MarketHistory History)? _last;

    /// <exception cref="BacktestDataException">Bars are missing, or break a rule.</exception>
    public async Task<MarketHistory> LoadAsync(BacktestSpec spec, CancellationToken cancellation)
    {
        var key = $"{spec.Interval}|{spec.From}|{spec.To}|{spec.Benchmark}|{spec.Scenario}|{spec.Seed}|{string.Join(',', spec.Symbols)}";
        await _one.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_last is { } last && last.Key == key && clock.GetUtcNow() - last.At < Fresh) return last.History;
            var history = await BringAsync(spec, cancellation).ConfigureAwait(false);
            _last = (key, clock.GetUtcNow(), history);
            return history;
        }
        finally
        {
            _one.Release();
        }
    }

    /// <summary>What the models of the symbols said walk-forward; null where no strategy of the test trades on
    /// that.</summary>
    /// <exception cref="BacktestRefusedException">Models are missing, all of them named, or had seen the
    /// future.</exception>
    public async Task<IReadOnlyDictionary<string, ImmutableArray<Prediction>>?> PredictionsAsync(
        BacktestSpec spec, MarketHistory history, StrategyCatalog catalog)
    {
        if (!spec.Strategies.Any(strategy => catalog.Find(strategy.Name)!.NeedsPredictions)) return null;
        var models = new List<Outcome<WalkForwardForecasts>>();
        foreach (var some in history.Series.Select(series => series.Symbol).Chunk(FanOut))
            models.AddRange(await Task.WhenAll(some.Select(symbol =>
                grains.GetGrain<IModelGrain>(symbol).GetForecastsAsync())).ConfigureAwait(false));
        ImmutableArray<FieldError> missing = [.. models.Where(model => !model.IsDone).SelectMany(model => model.Errors)];
        return missing.IsEmpty
            ? WalkForwardPredictions.Of(history, models.Select(model => model.Value!))
            : throw new BacktestRefusedException(missing);
    }

    async Task<MarketHistory> BringAsync(BacktestSpec spec, CancellationToken cancellation)
    {
        if (spec.Symbols.IsEmpty) throw new BacktestDataException(
            [new("symbols", "required", "Name the symbols to test on.")]);
        var files = new List<SymbolFileBars>();
        string[] wanted = [.. spec.Symbols.Append(spec.Benchmark).OfType<string>().Select(GrainKeys.Symbol).Distinct()];
        foreach (var some in wanted.Chunk(FanOut))
            files.AddRange(await Task.WhenAll(some.Select(symbol => BarsAsync(symbol, spec, cancellation)))
                .ConfigureAwait(false));
        var sectors = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var some in wanted.Chunk(FanOut))
            foreach (var instrument in await Task.WhenAll(some.Select(symbol =>
                grains.GetGrain<ISymbolDataGrain>(symbol).GetInstrumentAsync())).ConfigureAwait(false))
                if (instrument.Sector is { } sector) sectors[instrument.Symbol] = sector;
        return HistoryLoader.Load(spec, files.Where(file => !file.Bars.IsEmpty), _classes, sectors);
    }

    async Task<SymbolFileBars> BarsAsync(string symbol, BacktestSpec spec, CancellationToken cancellation)
    {
        var grain = grains.GetGrain<ISymbolDataGrain>(symbol);
        List<Bar> bars = [];
        ImmutableArray<CorporateAction> actions = [];
        DateTimeOffset? until = spec.To is { } last ? new DateTimeOffset(last.AddDays(1), default, TimeSpan.Zero)
            : null;
        for (var pages = 0; pages < MostPages; pages++)
        {
            cancellation.ThrowIfCancellationRequested();
            DateTimeOffset? from = spec.From is { } first ? new DateTimeOffset(first, default, TimeSpan.Zero) : null;
            var page = await grain.GetBarsAsync(new(spec.Interval, from, until, null, BarQuery.MaxLimit))
                .ConfigureAwait(false);
            if (!page.IsDone) break; // no source knows it: the loader names what is missing
            if (actions.IsEmpty) actions = page.Value!.Actions;
            bars.InsertRange(0, page.Value!.Bars.Where(bar => bar.Verdict == Verdict.Accept).Select(bar => bar.Bar));
            if (!page.Value.More || page.Value.Bars.IsEmpty) break;
            until = page.Value.Bars[0].Bar.Time;
        }

        return new(symbol, spec.Interval, [.. bars], actions);
    }

    public void Dispose() => _one.Dispose();
}
