using System.Collections.Immutable;
using Trading.Quant;
using QuantMeasure = Trading.Quant.TailMeasure;

namespace Trading.Portfolios;

/// <summary>Value at risk and expected shortfall by every method, at three confidences, for one session and a longer
/// horizon.</summary>
/// <param name="moving">The symbols of the window that have a variance.</param>
/// <param name="shrunk">Of those; null where it cannot be estimated.</param>
sealed class MethodTable(
    RiskInput input, HeldReturns window, HeldReturns history, HeldReturns moving, CovarianceEstimate? shrunk,
    ImmutableArray<ReportWarning>.Builder failures)
{
    const string ZeroMean = "zero_mean";

    static readonly double[] Confidences = [0.95, 0.975, 0.99];
    readonly ImmutableArray<MethodMeasure>.Builder _rows = ImmutableArray.CreateBuilder<MethodMeasure>();
    readonly AnalysisOptions _options = input.Analysis;

    /// <param name="garch">Of the book's history; null where it cannot be fitted.</param>
    public ImmutableArray<MethodMeasure> Measure(GarchModel? garch)
    {
        var days = _options.HorizonDays;
        Add(window, confidence => HistoricalTail.Measure(window.Book, confidence));
        Add(window, confidence => HistoricalTail.Measure(window.Book, confidence, QuantileMethod.Type7));
        AddRows(window, confidence => Horizon.Overlapping(
            window.Book, days, HorizonRule.OverlappingSums, runs => HistoricalTail.Measure(runs, confidence)));
        Add(
            window, confidence => AgeWeightedTail.Measure(window.Book, confidence, _options.AgeDecay),
            RiskTerms.Text($"decay={_options.AgeDecay}"));
        Add(window, confidence => GaussianTail.Measure(window.Book, confidence));
        Try(() => AddGaussian(Quant.Covariance.Sample(moving.Returns)));
        Try(() => AddGaussian(Quant.Covariance.ExponentiallyWeighted(moving.Returns, _options.EwmaDecay)));
        if (shrunk is not null) Try(() => AddGaussian(shrunk));
        Try(() => Add(window, confidence => StudentTTail.Measure(window.Book, confidence), StudentParameters()));
        Try(() => Add(window, confidence => CornishFisherTail.Measure(window.Book, confidence), MomentParameters()));
        Add(
            history, confidence => FilteredTail.ByEwma(history.Book, confidence, _options.EwmaDecay),
            RiskTerms.Text($"decay={_options.EwmaDecay}"));
        if (garch is not null)
            Add(
                history, confidence => FilteredTail.ByGarch(history.Book, confidence, garch),
                Volatilities.Parameters(garch));
        if (shrunk is not null) Try(() => AddSimulated(shrunk));
        Add(history, confidence => PeaksOverThreshold.Measure(history.Book, confidence, _options.ThresholdConfidence),
            RiskTerms.Text($"threshold_confidence={_options.ThresholdConfidence}"));
        return _rows.DrainToImmutable();
    }

    /// <summary>One session, and the longer horizon by the square root of time.</summary>
    void Add(
        HeldReturns sample, Func<double, QuantMeasure> measure, string? parameters = null,
        CovarianceMethod? covariance = null)
    {
        AddRows(sample, measure, parameters, covariance);
        AddRows(
            sample, confidence => Horizon.SquareRootOfTime(measure(confidence), _options.HorizonDays), parameters,
            covariance);
    }

    void AddRows(
        HeldReturns sample, Func<double, QuantMeasure> measure, string? parameters = null,
        CovarianceMethod? covariance = null) => Try(() =>
    {
        foreach (var confidence in Confidences)
            _rows.Add(Row(sample, measure(confidence), parameters, covariance));
    });

    /// <summary>What a method cannot measure is absent, and named.</summary>
    void Try(Action measure)
    {
        try
        {
            measure();
        }
        catch (ArgumentException refusal)
        {
            failures.Add(new("not_measured", null, refusal.Message));
        }
    }

    /// <summary>The means are taken as zero: a covariance says nothing of them.</summary>
    void AddGaussian(CovarianceEstimate covariance)
    {
        var deviation = Math.Sqrt(Math.Max(0, covariance.Matrix.QuadraticForm(moving.Weights)));
        var parameters = covariance switch
        {
            { Decay: { } decay } => RiskTerms.Text($"mean=0 decay={decay}"),
            { Shrinkage: { } shrinkage } => RiskTerms.Text($"mean=0 shrinkage={shrinkage:0.####}"),
            _ => "mean=0",
        };
        foreach (var confidence in Confidences)
        {
            var estimate = GaussianTail.Estimate(0, deviation, confidence);
            var measure = new QuantMeasure(
                estimate.ValueAtRisk, estimate.ExpectedShortfall, confidence, window.Sample, TailMethod.Gaussian,
                TailConvention.PopulationMoments);
            _rows.Add(Row(window, measure, parameters, covariance.Method, ZeroMean));
            _rows.Add(Row(
                window, Horizon.SquareRootOfTime(measure, _options.HorizonDays), parameters,
                covariance.Method, ZeroMean));
        }
    }

    void AddSimulated(CovarianceEstimate shrunk)
    {
        var distribution = MultivariateStudentT.WithCovariance(
            new double[moving.Held.Length], Square(shrunk.Matrix), _options.MonteCarloDegreesOfFreedom);
        var simulated = Confidences.ToDictionary(confidence => confidence, confidence => MonteCarloTail.Measure(
            distribution, moving.Weights, confidence, _options.MonteCarloScenarios, _options.Seed));
        var (freedom, seed, error) =
            (_options.MonteCarloDegreesOfFreedom, _options.Seed, simulated[0.99].ValueAtRiskError);
        var parameters = RiskTerms.Text(
            $"mean=0 degrees_of_freedom={freedom} seed={seed} standard_error_of_var_99={error:G3}");
        Add(window, confidence => simulated[confidence].Tail, parameters, shrunk.Method);
    }

    MethodMeasure Row(
        HeldReturns sample, QuantMeasure measure, string? parameters, CovarianceMethod? covariance,
        string? means = null)
    {
        var (method, convention, rule) = (
            RiskTerms.Of(measure.Method), means ?? RiskTerms.Of(measure.Convention),
            RiskTerms.Of(measure.Horizon.Rule));
        var by = covariance is { } estimator ? RiskTerms.Of(estimator) : null;
        var outside = measure.Fallback?.Reason == FallbackReason.OutsideDomain;
        return new(
            method, convention, measure.Confidence,
            measure.ValueAtRisk, input.MoneyOf(measure.ValueAtRisk), measure.ExpectedShortfall,
            input.MoneyOf(measure.ExpectedShortfall),
            RiskMethods.Sign, sample.Window, measure.SampleCount, sample.From, sample.To, measure.Horizon.Periods, rule,
            by, parameters,
            measure.Method == TailMethod.CornishFisher ? outside ? "outside" : "inside" : null,
            measure.Fallback is { } fallback ? new(RiskTerms.Of(fallback.Used), RiskTerms.Of(fallback.Reason)) : null,
            RiskTerms.Hash(
                method, convention, measure.Confidence, RiskMethods.Sign, sample.Window, measure.SampleCount,
                sample.From, sample.To,
                measure.Horizon.Periods, rule, by, parameters));
    }

    string? StudentParameters() => StudentT.Fit(window.Book) is { } fitted
        ? RiskTerms.Text($"degrees_of_freedom={fitted.DegreesOfFreedom:G4} scale={fitted.Scale:G4}")
        : null;

    string MomentParameters()
    {
        var moments = SampleMoments.Of(window.Book);
        return RiskTerms.Text($"skewness={moments.Skewness:0.###} excess_kurtosis={moments.ExcessKurtosis:0.###}");
    }

    static double[,] Square(SymmetricMatrix matrix)
    {
        var square = new double[matrix.Order, matrix.Order];
        for (var i = 0; i < matrix.Order; i++)
            for (var j = 0; j < matrix.Order; j++)
                square[i, j] = matrix[i, j];
        return square;
    }
}
