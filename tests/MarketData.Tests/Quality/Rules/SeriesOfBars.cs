namespace Trading.MarketData.Tests;

/// <summary>Daily bars as a calm series has them, to put something odd into.</summary>
static class SeriesOfBars
{
    /// <summary>The first Monday of the series.</summary>
    public static readonly DateTimeOffset Start = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>Days of a coin around 100 that moves by up to one percent, with a volume around 1,000.</summary>
    public static Bar Calm(int day, decimal level = 100)
    {
        var (open, close) = (level * (1 + Step(day)), level * (1 + Step(day + 1)));
        return new(Start.AddDays(day), open, Math.Max(open, close) * 1.004m, Math.Min(open, close) * 0.996m, close, 1_000 + (day * 7 % 100));
    }

    static decimal Step(int day) => ((day * 37 % 21) - 10) / 1_000m;

    /// <summary>A validator of daily bars that has seen a hundred calm ones.</summary>
    public static BarValidator Warm(SeriesProfile? profile = null, int days = 100)
    {
        var validator = new BarValidator(profile ?? new(AssetClass.Crypto, BarInterval.OneDay));
        for (var day = 0; day < days; day++) validator.Check(Calm(day)).Verdict.ShouldBe(Verdict.Accept);
        return validator;
    }

    public static Bar WithVolume(this Bar bar, decimal? volume) => bar with { Volume = volume };
}
