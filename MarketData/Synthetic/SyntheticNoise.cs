namespace Trading.MarketData;

/// <summary>What the true bars of one symbol become on their way out: some are missing, some are spoilt. It takes the
/// same chance from its stream for every bar, whatever the rates.</summary>
sealed class SyntheticNoise(Random random, SyntheticOptions options)
{
    const int LongestGap = 3;

    int _missingYet;

    /// <summary>What a source gives.</summary>
    public List<Bar> Given { get; } = [];
    public List<DateTimeOffset> Missing { get; } = [];
    public List<(DateTimeOffset Time, BadTick Kind)> BadBars { get; } = [];

    public void Pass(Bar bar)
    {
        var (gap, length) = (random.NextDouble(), 1 + random.Next(LongestGap));
        var (bad, kind, up) = (random.NextDouble(), (BadTick)random.Next(1 + (int)BadTick.Stale), random.Next(2) == 1);
        if (Given.Count == 0)
        {
            Given.Add(bar);
            return;
        }

        if (_missingYet == 0 && gap < options.GapRate) _missingYet = length;
        if (_missingYet > 0)
        {
            _missingYet--;
            Missing.Add(bar.Time);
            return;
        }

        var spoilt = bad < options.BadTickRate;
        if (spoilt) BadBars.Add((bar.Time, kind));
        Given.Add(spoilt ? Spoil(bar, kind, up, Given[^1]) : bar);
    }

    static Bar Spoil(Bar bar, BadTick kind, bool up, Bar before)
    {
        var factor = up ? 10m : 0.1m;
        return kind switch
        {
            BadTick.Wick => up ? bar with { High = bar.High * factor } : bar with { Low = bar.Low * factor },
            BadTick.Scale => bar with
            {
                Open = bar.Open * factor,
                High = bar.High * factor,
                Low = bar.Low * factor,
                Close = bar.Close * factor,
            },
            BadTick.Crossed => bar with { High = bar.Low - 0.01m, Low = bar.High + 0.01m },
            BadTick.NotPositive => bar with { Close = up ? 0 : -bar.Close },
            _ => before with { Time = bar.Time, Volume = 0 },
        };
    }
}
