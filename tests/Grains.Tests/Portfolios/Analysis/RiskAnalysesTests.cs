using Trading.Quant;

namespace Trading.Portfolios.Tests;

public sealed class RiskAnalysesTests
{
    static readonly double[] Confidences = [0.95, 0.975, 0.99];

    static RiskAnalysis Analysis => SampleAnalyses.Analysis;

    [Fact]
    public void EveryMethod_IsThere_AtEveryConfidence_AndBothHorizons()
    {
        string[] methods =
        [
            "historical", "age_weighted", "gaussian", "student_t", "cornish_fisher", "filtered_ewma", "filtered_garch", "monte_carlo", "peaks_over_threshold",
        ];
        Analysis.Measures.Select(measure => measure.Method).Distinct().ShouldBe(methods, ignoreOrder: true);
        foreach (var method in methods)
            foreach (var confidence in Confidences)
                Analysis.Measures.Where(measure => measure.Method == method && measure.Confidence == confidence).Select(measure => measure.HorizonDays).Distinct()
                    .ShouldBe([1, 10], ignoreOrder: true, method);
        Analysis.Measures.Where(measure => measure is { Method: "historical", HorizonDays: 1 }).Select(measure => measure.Convention).Distinct()
            .ShouldBe(["order_statistic", "type_7"], ignoreOrder: true);
        Analysis.Measures.Where(measure => measure is { Method: "historical", HorizonDays: 10 }).Select(measure => measure.HorizonRule).Distinct()
            .ShouldBe(["overlapping_sums", "square_root_of_time"], ignoreOrder: true);
    }

    [Fact]
    public void EveryNumber_SaysHowItWasMade()
    {
        foreach (var measure in Analysis.Measures)
        {
            measure.Sign.ShouldBe("loss_positive");
            measure.Sample.ShouldBeGreaterThan(0);
            measure.From.ShouldBeLessThan(measure.To);
            measure.ExpectedShortfall.ShouldBeGreaterThanOrEqualTo(measure.ValueAtRisk);
            measure.ValueAtRiskMoney.ShouldBe((decimal)(measure.ValueAtRisk * 1_000_000), 0.001m);
            measure.ConfigurationHash.ShouldMatch("^[0-9a-f]{16}$");
        }

        Analysis.Measures.Select(measure => measure.ConfigurationHash).ShouldBeUnique();
        Analysis.Measures.Where(measure => measure.Covariance is not null).Select(measure => measure.Covariance).Distinct()
            .ShouldBe(["sample", "exponentially_weighted", "ledoit_wolf"], ignoreOrder: true);
        Analysis.Measures.Where(measure => measure.Method == "monte_carlo").ShouldAllBe(measure => measure.Parameters!.Contains("seed=20260105"));
        Analysis.Measures.Where(measure => measure.Method == "cornish_fisher").ShouldAllBe(measure => measure.Domain != null);
    }

    [Fact]
    public void TheHash_ChangesWithTheConfiguration_AndWithNothingElse()
    {
        var other = new PortfolioOptions { Analysis = { AgeDecay = 0.97 } };
        var hashes = Hashes(RiskAnalyses.Run(SampleAnalyses.Input(other)));
        hashes.Except(Hashes(Analysis)).Count().ShouldBe(2 * Confidences.Length);
        Hashes(RiskAnalyses.Run(SampleAnalyses.Input())).ShouldBe(Hashes(Analysis));
    }

    [Fact]
    public void TheHistoricalMeasures_AreThoseOfAPlainRecomputation()
    {
        var worst = SampleAnalyses.BookReturns(252).Order().ToArray();
        One("historical", 0.95, "order_statistic").ValueAtRisk.ShouldBe(-worst[12], 1e-14);
        One("historical", 0.99, "order_statistic").ValueAtRisk.ShouldBe(-worst[2], 1e-14);
        One("historical", 0.975, "order_statistic").ExpectedShortfall.ShouldBe(-(worst[..6].Sum() + 0.3 * worst[6]) / 6.3, 1e-14);
    }

    [Fact]
    public void TheGaussian_OfTheSampleCovariance_IsThatOfTheBooksOwnReturns()
    {
        var returns = SampleAnalyses.BookReturns(252);
        var mean = returns.Average();
        var deviation = Math.Sqrt(returns.Sum(value => (value - mean) * (value - mean)) / 251);
        Analysis.Measures.Single(measure => measure is { Method: "gaussian", Covariance: "sample", HorizonDays: 1, Confidence: 0.99 })
            .ValueAtRisk.ShouldBe(2.3263478740408408 * deviation, 1e-12);
    }

    [Fact]
    public void AMethodThatCannotAnswer_NamesWhatAnsweredInstead()
    {
        var few = One("peaks_over_threshold", 0.99, null, RiskAnalyses.Run(SampleAnalyses.Input(sessions: 200)));
        few.Fallback.ShouldBe(new MethodFallback("historical", "too_few_exceedances"));
        few.WindowSessions.ShouldBe(1_000);
        few.Sample.ShouldBe(199);
        One("peaks_over_threshold", 0.99, null).Fallback.ShouldBeNull();
    }

    [Fact]
    public void TheParts_SumToTheWhole()
    {
        Analysis.Decompositions.Select(one => (one.Measure, one.Model)).ShouldBe(
            [("value_at_risk", "historical"), ("expected_shortfall", "historical"), ("value_at_risk", "gaussian"), ("expected_shortfall", "gaussian")]);
        foreach (var decomposition in Analysis.Decompositions)
        {
            decomposition.Parts.Length.ShouldBe(SampleAnalyses.Symbols.Length);
            decomposition.Parts.Sum(part => part.Component).ShouldBe(decomposition.Whole, 1e-10);
            decomposition.Parts.Sum(part => part.Share!.Value).ShouldBe(1, 1e-10);
            decomposition.Parts.ShouldAllBe(part => Math.Abs(part.Weight * part.Marginal - part.Component) < 1e-15);
        }

        Analysis.Decompositions[0].Whole.ShouldBe(One("historical", 0.95, "order_statistic").ValueAtRisk, 1e-15);
        Analysis.Decompositions[2].Covariance.ShouldBe("ledoit_wolf");
    }

    [Fact]
    public void AnIncrement_IsTheWholeLessTheWholeWithoutThePosition()
    {
        var returns = SampleAnalyses.BookReturns(252);
        var part = Analysis.Decompositions[0].Parts.Single(part => part.Symbol == "IBM");
        var closes = Market.Sample["IBM"].Closes;
        double[] without = [.. returns.Select((value, i) => value - part.Weight * ((double)closes[^(252 - i)] / (double)closes[^(253 - i)] - 1))];
        part.Incremental.ShouldBe(-returns.Order().ElementAt(12) + without.Order().ElementAt(12), 1e-14);
    }

    [Fact]
    public void VolatilityNow_IsOfBothModels()
    {
        Analysis.Volatility.Select(one => one.Method).ShouldBe(["ewma", "garch"]);
        Analysis.Volatility.ShouldAllBe(one => one.Daily > 0.003 && one.Daily < 0.05 && Math.Abs(one.Annualised - one.Daily * Math.Sqrt(252)) < 1e-15);
        Analysis.Volatility[1].Converged.ShouldBeTrue();
        Analysis.Volatility[1].LongRunDaily!.Value.ShouldBeGreaterThan(0);
    }

    [Fact]
    public void Correlations_AreOfTheSymbolsHeld_AndEverySymbolIsInOneCluster()
    {
        var report = Analysis.Correlation!;
        report.Rows.Select(row => row.Symbol).ShouldBe(SampleAnalyses.Symbols);
        report.Omitted.ShouldBe(0);
        for (var i = 0; i < report.Rows.Length; i++)
        {
            report.Rows[i].Values[i].ShouldBe(1);
            for (var j = 0; j < i; j++) report.Rows[i].Values[j]!.Value.ShouldBe(report.Rows[j].Values[i]!.Value, 1e-15);
        }

        report.Clusters.SelectMany(cluster => cluster.Symbols).ShouldBe(SampleAnalyses.Symbols, ignoreOrder: true);
        RiskAnalyses.Run(SampleAnalyses.Input(new PortfolioOptions { Analysis = { CorrelationSymbols = 2 } })).Correlation!.Omitted.ShouldBe(3);
    }

    [Fact]
    public void Drawdowns_AreThoseOfThePathOfScenarios()
    {
        var path = DrawdownRisk.Compound(SampleAnalyses.BookReturns(1_000));
        var report = Analysis.Drawdowns.ShouldHaveSingleItem();
        report.Path.ShouldBe("scenarios");
        report.Maximum.ShouldBe(Enumerable.Range(0, path.Length).Max(i => 1 - path[i] / path[..(i + 1)].Max()), 1e-12);
        report.ConditionalAtRisk.ShouldBeGreaterThanOrEqualTo(report.AtRisk);
    }

    [Fact]
    public void AShortWindow_IsSaid_AndNothingIsMeasured()
    {
        var analysis = RiskAnalyses.Run(SampleAnalyses.Input(sessions: 40));
        analysis.Measures.ShouldBeEmpty();
        analysis.Failures.ShouldHaveSingleItem().Code.ShouldBe("short_window");
    }

    static string[] Hashes(RiskAnalysis analysis) => [.. analysis.Measures.Select(measure => measure.ConfigurationHash)];

    static MethodMeasure One(string method, double confidence, string? convention, RiskAnalysis? analysis = null) => (analysis ?? Analysis).Measures.Single(
        measure => measure.Method == method && measure.HorizonDays == 1 && measure.Confidence == confidence && (convention ?? measure.Convention) == measure.Convention);
}
