using Trading.Quant;

namespace Trading.Learning;

/// <summary>What several blocks need of the sessions up to now: calculated once.</summary>
sealed class SessionState
{
    /// <summary>The longest look-back of all features, in closes.</summary>
    public const int Longest = 254;

    internal static readonly int[] Volatilities = [5, 10, 21, 63, 126, 252];
    readonly RollingMoments[] _volatility = [.. Volatilities.Select(length => new RollingMoments(length))];
    readonly RollingMoments _average200 = new(200);
    double _marketLevel = double.NaN;

    /// <summary>Logarithms of closes.</summary>
    public RollingWindow LogCloses { get; } = new(Longest);

    public FeatureBar Bar { get; private set; }
    public FeatureBar Before { get; private set; }

    /// <summary>Bars so far.</summary>
    public int Count { get; private set; }

    /// <summary>The logarithmic return of the session; NaN at the first.</summary>
    public double Return { get; private set; } = double.NaN;

    /// <summary>The market's logarithmic return since the symbol's session before; NaN at the first.</summary>
    public double MarketReturn { get; private set; }

    /// <summary>Standard deviation of the last 21 returns; NaN before.</summary>
    public double Volatility21 => Volatility(2);

    /// <summary>Mean of the last 200 closes; NaN before.</summary>
    public double Average200 => _average200.IsFull ? _average200.Mean : double.NaN;

    /// <summary>Population standard deviation of returns over one of <see cref="Volatilities"/>, by its
    /// place.</summary>
    public double Volatility(int place) =>
        _volatility[place].IsFull ? _volatility[place].PopulationDeviation : double.NaN;

    /// <param name="marketLevel">The sum of the market's logarithmic returns up to this session.</param>
    public void Advance(in FeatureBar bar, double marketLevel)
    {
        (Before, Bar) = (Bar, bar);
        // Over a session that the symbol missed, both returns span the same time.
        (MarketReturn, _marketLevel) = (marketLevel - _marketLevel, marketLevel);
        var log = Math.Log(bar.Close);
        if (Count++ > 0)
        {
            Return = log - LogCloses[0];
            foreach (var moments in _volatility)
                moments.Add(Return);
        }

        LogCloses.Add(log);
        _average200.Add(bar.Close);
    }

    /// <summary>The logarithmic return over so many sessions that ended so many ago; NaN where it reaches before the
    /// first.</summary>
    public double ReturnOver(int sessions, int ago = 0) =>
        LogCloses.Count > sessions + ago ? LogCloses[ago] - LogCloses[ago + sessions] : double.NaN;
}
