using System.Text.Json.Serialization;
using Trading.Quant;

namespace Trading.Backtests;

/// <summary>How a spread is known.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<SpreadSource>))]
public enum SpreadSource
{
    /// <summary>No spread at all.</summary>
    None,
    /// <summary>The same part of the price everywhere.</summary>
    Fixed,
    /// <summary>By the quotes that came with the bars.</summary>
    Quoted,
    /// <summary>Estimated from the highs and lows of two bars (Corwin and Schultz 2012).</summary>
    CorwinSchultz,
    /// <summary>Estimated from closes, highs and lows (Abdi and Ranaldo 2017).</summary>
    AbdiRanaldo,
}

/// <summary>What costs depend on, by bar: each value is made of the bars before it, so that a fill within a bar is priced by
/// what was known at its opening.</summary>
sealed class MarketConditions(IReadOnlyList<SymbolBars> series)
{
    /// <summary>Bars that volume and estimated spreads are averaged over.</summary>
    public const int Window = 20;

    /// <summary>Bars before there is a volatility.</summary>
    const int LeastReturns = 5;

    /// <summary>An estimated spread is rounded to a hundredth of a basis point: logarithms differ between machines in their last
    /// bit, and a result must not.</summary>
    const double SpreadStep = 1e-6;

    readonly Lazy<double[]>[] _volatility = [.. series.Select(one => new Lazy<double[]>(() => Volatility(one)))];
    readonly Lazy<double[]>[] _volume = [.. series.Select(one => new Lazy<double[]>(() => Volume(one)))];
    readonly Lazy<double[]>[] _corwinSchultz = [.. series.Select(one => new Lazy<double[]>(() => Spread(one, corwin: true)))];
    readonly Lazy<double[]>[] _abdiRanaldo = [.. series.Select(one => new Lazy<double[]>(() => Spread(one, corwin: false)))];

    /// <summary>The standard deviation of a day's return; NaN while too few bars are known.</summary>
    public double[] DailyVolatility(int symbol) => _volatility[symbol].Value;

    /// <summary>Units traded on a day, on average; NaN where they are not known.</summary>
    public double[] DailyVolume(int symbol) => _volume[symbol].Value;

    /// <summary>Ask less bid as a part of the price; NaN while too few bars are known.</summary>
    public double[] EstimatedSpread(int symbol, SpreadSource source) =>
        source == SpreadSource.CorwinSchultz ? _corwinSchultz[symbol].Value : _abdiRanaldo[symbol].Value;

    static double[] Volatility(SymbolBars bars)
    {
        var known = new double[bars.Count];
        var (variance, toDay) = (0.0, Math.Sqrt(bars.BarsPerDay));
        for (var bar = 0; bar < known.Length; bar++)
        {
            // Returns that end before this bar: bar - 1 of them.
            if (bar >= 2)
            {
                var change = bars.Index[bar - 1] / bars.Index[bar - 2] - 1;
                var seen = bar - 1;
                var weight = Math.Max(1 - Ewma.DailyDecay, 1.0 / seen);
                variance += weight * (change * change - variance);
            }

            known[bar] = bar > LeastReturns ? Math.Sqrt(variance) * toDay : double.NaN;
        }

        return known;
    }

    static double[] Volume(SymbolBars bars)
    {
        var known = new double[bars.Count];
        var (sum, unknown) = (0.0, 0);
        for (var bar = 0; bar < known.Length; bar++)
        {
            var count = Math.Min(bar, Window);
            known[bar] = count == 0 || unknown > 0 ? double.NaN : sum / count * bars.BarsPerDay;
            Count(bars.Volume[bar], 1);
            if (bar >= Window) Count(bars.Volume[bar - Window], -1);
        }

        return known;

        void Count(long volume, int sign)
        {
            if (volume == SymbolBars.UnknownVolume) unknown += sign;
            else sum += sign * FixedPoint.ToDouble(volume);
        }
    }

    static double[] Spread(SymbolBars bars, bool corwin)
    {
        var known = new double[bars.Count];
        var (high, low, close) = (Doubles(bars.High), Doubles(bars.Low), Doubles(bars.Close));
        for (var bar = 0; bar < known.Length; bar++)
        {
            if (bar < Window)
            {
                known[bar] = double.NaN;
                continue;
            }

            var past = (bar - Window)..bar;
            var estimate = corwin
                ? SpreadEstimates.CorwinSchultz(high.AsSpan(past), low.AsSpan(past), close.AsSpan(past))
                : SpreadEstimates.AbdiRanaldo(high.AsSpan(past), low.AsSpan(past), close.AsSpan(past));
            known[bar] = Math.Round(estimate / SpreadStep) * SpreadStep;
        }

        return known;
    }

    static double[] Doubles(long[] values) => [.. values.Select(FixedPoint.ToDouble)];
}
