using System.Collections.Immutable;
using Trading.MarketData;

namespace Trading.Backtests;

/// <summary>A moment after which the future was replaced.</summary>
/// <param name="Decisions">Orders and cancellations up to it.</param>
/// <param name="AreSame">Whether all of them stayed the same, byte for byte.</param>
public sealed record LookAheadCut(DateTimeOffset At, int Decisions, bool AreSame);

/// <summary>Whether a test used what it could not know.</summary>
public sealed record LookAheadProof(ImmutableArray<LookAheadCut> Cuts)
{
    public bool Holds => Cuts.All(cut => cut.AreSame);

    /// <summary>Runs the test again and again on histories whose bars after a moment are noise: other prices, other
    /// volumes, no actions. Decisions up to the moment must not notice.</summary>
    /// <param name="make">Makes a strategy for a history: one that looks into the history itself is caught,
    /// too.</param>
    /// <param name="cuts">Moments, spread evenly.</param>
    public static LookAheadProof Of(
        BacktestSpec spec, MarketHistory history, Func<MarketHistory, IReadOnlyList<Participant>> make, int cuts,
        IProgress<double>? progress = null, ITradeGate? gate = null, CancellationToken cancellation = default)
    {
        var real = Decide(spec, history, make, gate, cancellation);
        var found = ImmutableArray.CreateBuilder<LookAheadCut>();
        var times = history.Timeline.Times;
        for (var cut = 1; cut <= cuts; cut++)
        {
            var at = times[(long)times.Length * cut / (cuts + 1)];
            var other = Decide(spec, NoisyFuture.Of(history, at, spec.Seed + cut), make, gate, cancellation);
            var isSame = real.Until(at).SequenceEqual(other.Until(at));
            found.Add(new(new(at, TimeSpan.Zero), real.CountUntil(at), isSame));
            progress?.Report((double)cut / cuts);
        }

        return new(found.ToImmutable());
    }

    /// <summary>The same for strategies by name.</summary>
    /// <param name="predict">Learns from a history what strategies trade on; it is asked anew for each, so that a model
    /// which was trained on the future is caught.</param>
    public static LookAheadProof Of(
        BacktestSpec spec, MarketHistory history, StrategyCatalog catalog, int cuts, IProgress<double>? progress = null,
        Func<MarketHistory, IReadOnlyDictionary<string, ImmutableArray<Prediction>>>? predict = null,
        ITradeGate? gate = null,
        CancellationToken cancellation = default)
    {
        BacktestRunner.Refuse(spec, history, catalog, gate is not null);
        return Of(
            spec, history, other => BacktestRunner.Participants(spec, catalog, predict?.Invoke(other)), cuts, progress,
            gate, cancellation);
    }

    static DecisionLog Decide(
        BacktestSpec spec, MarketHistory history, Func<MarketHistory, IReadOnlyList<Participant>> make,
            ITradeGate? gate, CancellationToken cancellation)
    {
        var log = new DecisionLog();
        new Simulation(history, make(history), spec.Costs, spec.Execution, new Recording { Decisions = log }, gate)
            .Run(null, cancellation);
        return log;
    }
}

/// <summary>A history whose bars after a moment are a random walk.</summary>
static class NoisyFuture
{
    /// <summary>The largest step of a bar, to either side.</summary>
    const double Step = 0.05;

    public static MarketHistory Of(MarketHistory history, long after, long seed) => history.With(
        [.. history.Series.Select((series, place) => Of(series, after, new Random(HashCode(seed, place))))]);

    static SymbolBars Of(SymbolBars series, long after, Random random)
    {
        var columns = BarColumns.OfLength(series.Count);
        series.Start.CopyTo(columns.Start, 0);
        var price = series.Close[0];
        var quotes = series.Quotes is null ? null : (BarQuote[])series.Quotes.Clone();
        for (var bar = 0; bar < series.Count; bar++)
        {
            if (series.EndTime(bar) <= after)
            {
                (columns.Open[bar], columns.High[bar], columns.Low[bar], columns.Close[bar], columns.Volume[bar]) =
                    (series.Open[bar], series.High[bar], series.Low[bar], series.Close[bar], series.Volume[bar]);
                price = series.Close[bar];
                continue;
            }

            var (open, close) = (Moved(price, random), Moved(price, random));
            // Where only closes are known, that stays so: it is the shape of the data, and no price.
            var isFlat = series.High[bar] == series.Low[bar];
            if (isFlat) open = close;
            var (high, low) = (Math.Max(open, close), Math.Min(open, close));
            (columns.Open[bar], columns.Close[bar]) = (open, close);
            (columns.High[bar], columns.Low[bar]) = isFlat ? (close, close) : (high + (high >> 7), Math.Max(1, low - (low >> 7)));
            columns.Volume[bar] = series.Volume[bar] == SymbolBars.UnknownVolume
                ? SymbolBars.UnknownVolume
                : random.NextInt64(1, 2 * Math.Max(FixedPoint.One, series.Volume[bar]));
            price = close;
            if (quotes is not null)
                quotes[bar] = new(
                    FixedPoint.ToDecimal(columns.Low[bar]) * 0.99m, FixedPoint.ToDecimal(columns.High[bar]) * 1.01m,
                        quotes[bar].Spread);
        }

        var terms = series.Terms with { Actions = [.. series.Terms.Actions.Where(action => IsBefore(action, after))] };
        return new(series.Symbol, series.Interval, terms, columns, quotes);
    }

    static bool IsBefore(CorporateAction action, long after) =>
        new DateTimeOffset(action.ExDate, default, TimeSpan.Zero).UtcTicks <= after;

    static long Moved(long price, Random random) =>
        Math.Clamp((long)(price * (1 + (random.NextDouble() * 2 - 1) * Step)), FixedPoint.One / 100, long.MaxValue / 4);

    static int HashCode(long seed, int place) => unchecked((int)(seed * 7_919 + place));
}
