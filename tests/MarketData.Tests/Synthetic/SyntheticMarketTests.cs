using System.Text.Json;
using Trading.Quant;

namespace Trading.MarketData.Tests;

public sealed class SyntheticMarketTests
{
    const int Years40 = 10_440;

    static SyntheticOptions Options(int seed = 7) => new() { Seed = seed, Symbols = 10, JumpsPerYear = 0, SplitsPerYear = 0, DividendYield = 0, GapRate = 0 };

    static SyntheticTruth Truth(SyntheticOptions options, string symbol, int bars = Years40) => new SyntheticMarket(options).Truth(symbol, bars).ShouldNotBeNull();

    static double[] Returns(SyntheticTruth truth) =>
        [.. truth.Bars.Zip(truth.Bars.Skip(1), (before, bar) => Math.Log((double)(bar.Close / before.Close)))];

    static double Correlation(double[] a, double[] b)
    {
        var (x, y) = (SampleMoments.Of(a), SampleMoments.Of(b));
        return a.Zip(b, (u, v) => (u - x.Mean) * (v - y.Mean)).Average() / x.StandardDeviation / y.StandardDeviation;
    }

    static string Bytes(SyntheticMarket market, string symbol) => JsonSerializer.Serialize(market.Truth(symbol, 2_000));

    [Fact]
    public void SameSeed_GivesTheSameBytes_InAnyOrderOfQuestions()
    {
        var (forward, backward) = (new SyntheticMarket(Options()), new SyntheticMarket(Options()));
        backward.Truth("SYN9", 17);
        backward.Truth("SYN3", 1_234);

        var first = forward.Listings.Select(listing => Bytes(forward, listing.Symbol)).ToArray();
        var second = backward.Listings.Reverse().Select(listing => Bytes(backward, listing.Symbol)).Reverse().ToArray();

        second.ShouldBe(first);
        first.Distinct().Count().ShouldBe(10);
    }

    [Fact]
    public void AnotherSeed_GivesAnotherMarket() => Bytes(new(Options(1)), "SYN1").ShouldNotBe(Bytes(new(Options(2)), "SYN1"));

    [Fact]
    public void MoreSymbols_ChangeNoneThatWereThere()
    {
        var more = Options();
        more.Symbols = 500;

        Bytes(new(more), "SYN4").ShouldBe(Bytes(new(Options()), "SYN4"));
    }

    [Fact]
    public void BadTicksAndGaps_LeaveThePricesBehindThemAlone()
    {
        var spoilt = Options();
        (spoilt.BadTickRate, spoilt.GapRate) = (0.05, 0.02);

        Truth(spoilt, "SYN1").Bars.ShouldBe(Truth(Options(), "SYN1").Bars);
    }

    [Fact]
    public void Volatility_IsWhatTheParametersSay()
    {
        var truth = Truth(Options(), "SYN1");
        var expected = (0.15 * 0.15 * truth.MarketBeta * truth.MarketBeta + 0.1 * 0.1 * truth.SectorBeta * truth.SectorBeta + 0.2 * 0.2) / 261;

        var sample = SampleMoments.Of(Returns(truth));

        (sample.StandardDeviation / Math.Sqrt(expected)).ShouldBe(1, 0.15);
        truth.Volatilities.Average(deviation => deviation * deviation).ShouldBe(expected, 0.3 * expected);
        Math.Abs(sample.Mean - 0.05 / 261).ShouldBeLessThan(4 * sample.StandardDeviation / Math.Sqrt(Years40));
    }

    [Fact]
    public void ReturnsOverTheirTrueVolatility_HaveVarianceOneAndNoMemory()
    {
        var truth = Truth(Options(), "SYN2");

        var residuals = Returns(truth).Zip(truth.Volatilities.Skip(1), (value, deviation) => (value - 0.05 / 261) / deviation).ToArray();

        SampleMoments.Of(residuals).StandardDeviation.ShouldBe(1, 0.05);
        LjungBox([.. residuals.Select(value => value * value)], 10).ShouldBeLessThan(40);
    }

    [Fact]
    public void Tails_AreFatterThanNormal_AndVolatilityClusters()
    {
        var returns = Returns(Truth(Options(), "SYN1"));

        SampleMoments.Of(returns).ExcessKurtosis.ShouldBeGreaterThan(0.8);
        LjungBox([.. returns.Select(value => value * value)], 10).ShouldBeGreaterThan(50, "the 99.9 % point of chi-squared with 10 degrees of freedom is 29.6");
        Math.Abs(Correlation(returns[1..], returns[..^1])).ShouldBeLessThan(0.04, "returns themselves have no memory");
    }

    /// <summary>Nothing but the symbol's own process: its parameters come back from the prices.</summary>
    [Fact]
    public void GarchFit_FindsTheParametersAgain()
    {
        var options = Options();
        (options.MarketVolatility, options.SectorVolatility, options.OwnVolatility) = (0.0001, 0.0001, 0.4);

        var fit = Garch.Fit(Returns(Truth(options, "SYN1")), GarchMean.Estimated, GarchInnovation.StudentT);

        fit.Converged.ShouldBeTrue();
        fit.Alpha.ShouldBe(0.08, 0.02);
        fit.Beta.ShouldBe(0.90, 0.03);
        fit.DegreesOfFreedom!.Value.ShouldBe(6, 1);
        fit.LongRunVariance.ShouldBe(0.16 / 261, 0.35 * 0.16 / 261);
    }

    [Fact]
    public void SymbolsOfOneSector_MoveTogetherMoreThanOthers()
    {
        var market = new SyntheticMarket(Options());
        var truths = market.Listings.Select(listing => market.Truth(listing.Symbol, Years40)!).ToArray();
        var returns = truths.ToDictionary(truth => truth.Symbol, Returns);

        var pairs = (from a in truths
                     from b in truths
                     where string.CompareOrdinal(a.Symbol, b.Symbol) < 0
                     let own = 0.04
                     let together = 0.0225 * a.MarketBeta * b.MarketBeta + (a.SectorName == b.SectorName ? 0.01 * a.SectorBeta * b.SectorBeta : 0)
                     let expected = together / Math.Sqrt(Total(a) * Total(b))
                     select (Same: a.SectorName == b.SectorName, Expected: expected, Observed: Correlation(returns[a.Symbol], returns[b.Symbol]))).ToArray();

        foreach (var (_, expected, observed) in pairs) observed.ShouldBe(expected, 0.1);
        pairs.Where(pair => pair.Same).Average(pair => pair.Observed)
            .ShouldBeGreaterThan(pairs.Where(pair => !pair.Same).Average(pair => pair.Observed) + 0.08);

        static double Total(SyntheticTruth truth) =>
            0.0225 * truth.MarketBeta * truth.MarketBeta + 0.01 * truth.SectorBeta * truth.SectorBeta + 0.04;
    }

    [Fact]
    public void Jumps_ComeAtTheirRate_WithTheirSize_AndTheBarShowsThem()
    {
        var options = Options();
        (options.JumpsPerYear, options.JumpMean, options.JumpDeviation) = (5, -0.2, 0.02);

        var truth = Truth(options, "SYN1");

        truth.Jumps.Length.ShouldBeInRange(150, 250, "five a year in forty years");
        truth.Jumps.Average(jump => jump.Size).ShouldBe(-0.2, 0.01);
        var bars = truth.Bars.ToDictionary(bar => bar.Time);
        var times = truth.Bars.Select(bar => bar.Time).ToList();
        foreach (var (time, _) in truth.Jumps.Take(10))
            (bars[time].Open / bars[times[times.IndexOf(time) - 1]].Close).ShouldBeLessThan(0.95m);
    }

    [Fact]
    public void Splits_DivideThePrice_AndAdjustedReturnsDoNotShowThem()
    {
        var options = Options();
        (options.SplitsPerYear, options.DividendYield) = (1, 0.04);

        var truth = Truth(options, "SYN1");

        var byDate = truth.Bars.Select((bar, index) => (DateOnly.FromDateTime(bar.Time.Date), index)).ToDictionary();
        truth.Actions.Count(action => action.Kind == CorporateActionKind.Split).ShouldBeInRange(20, 65);
        truth.Actions.Count(action => action.Kind == CorporateActionKind.Dividend).ShouldBeInRange(155, 162);
        foreach (var action in truth.Actions)
        {
            var index = byDate[action.ExDate];
            var before = truth.Bars[index - 1].Close;
            var same = truth.Actions.Where(other => other.ExDate == action.ExDate);
            var expected = same.Aggregate((double)before, (price, other) => other.Kind == CorporateActionKind.Split ? price / (double)other.Value : price - (double)other.Value);
            Math.Abs(Math.Log((double)truth.Bars[index].Close / expected)).ShouldBeLessThan(12 * truth.Volatilities[index]);
        }
    }

    [Fact]
    public void EveryTrueBar_IsPossible() => new SyntheticMarket(new() { Seed = 3 }).Truth("SYN5", Years40)!.Bars.ShouldAllBe(bar =>
        bar.Low > 0 && bar.Low <= bar.Open && bar.Low <= bar.Close && bar.High >= bar.Open && bar.High >= bar.Close && bar.Volume >= 0);

    [Fact]
    public void MoreDegreesThanTwo_AndAStationaryVariance_AreNeeded_AndEveryBrokenRuleIsNamed()
    {
        var wrong = new SyntheticOptions { Symbols = 0, Alpha = 0.5, Beta = 0.6, DegreesOfFreedom = 2, OwnVolatility = double.NaN, BadTickRate = -1 };

        wrong.Validate(null, wrong).Failures!.Select(failure => failure.Split(' ')[0]["market_data:synthetic:".Length..])
            .ShouldBe(["symbols", "own_volatility", "garch_alpha", "degrees_of_freedom", "bad_tick_rate"]);
        new SyntheticOptions().Validate(null, new()).Succeeded.ShouldBeTrue();
    }

    /// <summary>n (n + 2) Σ r(k)² / (n - k), chi-squared with as many degrees of freedom as lags where there is no memory.</summary>
    static double LjungBox(double[] values, int lags)
    {
        var mean = values.Average();
        var total = values.Sum(value => (value - mean) * (value - mean));
        return values.Length * (values.Length + 2.0) * Enumerable.Range(1, lags).Sum(lag =>
        {
            var r = values.Skip(lag).Zip(values, (a, b) => (a - mean) * (b - mean)).Sum() / total;
            return r * r / (values.Length - lag);
        });
    }
}
