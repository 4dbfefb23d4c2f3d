namespace Trading.MarketData.Tests;

/// <summary>Daily bars with one event whose truth is known: a split, or a move of the market.</summary>
/// <param name="Size">The logarithm of the ratio of the split, or of the move; negative where the price fell.</param>
/// <param name="NearRatio">A move that was drawn about the ratio of a split.</param>
/// <param name="Calm">A move that no burst of volume came with.</param>
sealed record SplitCase(bool IsSplit, double Size, bool NearRatio, bool Calm, Bar[] Before, Bar[] After);

/// <summary>Makes series with a known event by laws that owe nothing to the rules: returns of Student's t with four
/// degrees of freedom in clusters of volatility, volumes as a lognormal autoregression that rises with the size of the
/// day's move, bars put together from steps within the day.
/// <para>A split changes prices and units by its ratio from its day on, for good; that day has a market move like any
/// other. A move of the market comes overnight or through the day, with a burst of volume (median six times the usual,
/// from about 1.5 to 25) that fades over days to weeks, and with higher volatility; a calm one, which is rare, with
/// neither.</para></summary>
sealed class SplitCases(int seed)
{
    public const int BeforeCount = 120, AfterCount = 60;
    const int Steps = 16;

    /// <summary>How often splits have which ratio: new units for one old.</summary>
    static readonly (double Ratio, double Share)[] Ratios =
    [
        (2, 0.36), (1.5, 0.2), (3, 0.08), (4.0 / 3, 0.03), (2.5, 0.02), (4, 0.04), (5, 0.03), (7, 0.02), (10, 0.04), (20, 0.02),
        (1 / 1.5, 0.01), (1 / 2.0, 0.02), (1 / 3.0, 0.02), (1 / 4.0, 0.02), (1 / 5.0, 0.02), (1 / 8.0, 0.01), (1 / 10.0, 0.04), (1 / 20.0, 0.02),
    ];

    readonly Random _random = new(seed);

    public SplitCase Next(bool isSplit, bool calm = false)
    {
        var near = calm || (!isSplit && _random.NextDouble() < 0.5);
        var size = isSplit ? -Math.Log(Ratio()) : Move(near);
        var (daily, level) = (Math.Exp(Uniform(Math.Log(0.008), Math.Log(0.035))), Math.Exp(Uniform(Math.Log(8), Math.Log(400))));
        var units = Math.Exp(Uniform(Math.Log(2e4), Math.Log(2e7)));
        var (burst, fades, overnight) = (Math.Log(6) + 0.7 * Normal(), Uniform(2, 10), _random.NextDouble() < 0.6);
        var bars = new Bar[BeforeCount + AfterCount];
        var (price, state, heat, count) = (level, 0.0, 1.0, 1.0);
        for (var day = 0; day < bars.Length; day++)
        {
            var since = day - BeforeCount;
            var market = daily * heat * StudentT();
            heat = Math.Sqrt(0.1 + 0.85 * heat * heat + 0.05 * Math.Min(market * market / (daily * daily), 25));
            state = 0.7 * state + 0.3 * Normal();
            var (gap, way, volume) = (0.3 * market, 0.7 * market, state + 0.2 * Math.Min(Math.Abs(market) / daily, 4));
            if (isSplit && since == 0) (gap, count, volume) = (gap + size, Math.Exp(-size), volume + 0.1 + 0.2 * Normal());
            if (!isSplit && since == 0)
            {
                (gap, way) = overnight ? (gap + 0.85 * size, way + 0.15 * size) : (gap + 0.2 * size, way + 0.8 * size);
                heat *= calm ? 1 : 2.5;
            }

            if (!isSplit && !calm && since >= 0) volume += burst * Math.Exp(-since / fades) + 0.15;
            bars[day] = Day(day, price * Math.Exp(gap), way, daily * heat, units * count * Math.Exp(volume));
            price = (double)bars[day].Close;
        }

        return new(isSplit, size, near, calm, bars[..BeforeCount], bars[BeforeCount..]);
    }

    /// <summary>A day's bar by a bridge from the open to the close.</summary>
    Bar Day(int day, double open, double way, double spread, double volume)
    {
        var (high, low, at) = (0.0, 0.0, 0.0);
        for (var step = 0; step < Steps; step++)
        {
            var left = Steps - step;
            at += ((way - at) / left) + 0.8 * spread * Math.Sqrt((left - 1.0) / left / Steps) * Normal();
            (high, low) = (Math.Max(high, at), Math.Min(low, at));
        }

        var (last, top, bottom) = (Price(open * Math.Exp(way)), Price(open * Math.Exp(high)), Price(open * Math.Exp(low)));
        var first = Price(open);
        return new(
            SeriesOfBars.Start.AddDays(day), first, Math.Max(top, Math.Max(first, last)), Math.Min(bottom, Math.Min(first, last)), last,
            Math.Round((decimal)volume));
    }

    static decimal Price(double price) => Math.Max(0.0001m, Math.Round((decimal)price, 4));

    double Ratio()
    {
        var draw = _random.NextDouble() * Ratios.Sum(ratio => ratio.Share);
        foreach (var (ratio, share) in Ratios)
            if ((draw -= share) < 0) return ratio;
        return Ratios[^1].Ratio;
    }

    /// <summary>Three of four fall. Half of them are within a day's move of a ratio of a split.</summary>
    double Move(bool near)
    {
        if (!near) return _random.NextDouble() < 0.75 ? -Uniform(0.27, 1.8) : Uniform(0.27, 1.2);
        double[] ratios = _random.NextDouble() < 0.75 ? [-Math.Log(1.5), -Math.Log(4.0 / 3), -Math.Log(2), -Math.Log(3)] : [Math.Log(1.5), Math.Log(2), Math.Log(3)];
        return ratios[_random.Next(ratios.Length)] + 0.02 * Normal();
    }

    double Uniform(double from, double to) => from + _random.NextDouble() * (to - from);

    double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    /// <summary>Four degrees of freedom, scaled to a variance of one.</summary>
    double StudentT()
    {
        var chi = 0.0;
        for (var degree = 0; degree < 4; degree++) chi += Math.Pow(Normal(), 2);
        return Normal() / Math.Sqrt(chi / 4) / Math.Sqrt(2);
    }
}
