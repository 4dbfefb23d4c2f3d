using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Measures a book by every method. Pure, and slow: a worker runs it.</summary>
static class RiskAnalyses
{
    const double VarConfidence = HistoricalSimulation.VarConfidence, EsConfidence = HistoricalSimulation.EsConfidence;

    /// <summary>What cannot be measured is absent, and named in the failures.</summary>
    public static RiskAnalysis Run(RiskInput input)
    {
        var failures = ImmutableArray.CreateBuilder<ReportWarning>();
        var options = input.Analysis;
        var all = HeldReturns.Of(input.Held, Math.Max(options.StressWindowDays, options.LongWindowDays));
        var history = all.Last(options.LongWindowDays);
        var window = history.Last(input.Options.VarLookbackDays);
        var analysis = new RiskAnalysis(
            input.At, input.Sequence, input.PricesAsOf, input.Equity, [], [], [], null, [], [], null,
            Try(() => Backtests.Realised(input.Forecasts, input.Options)), null, []);
        if (window.Sample < input.Options.VarMinSessions)
        {
            failures.Add(new("short_window", null, RiskTerms.Text(
                $"The positions have {window.Sample} returns in common; {input.Options.VarMinSessions} are needed.")));
            return analysis with { Failures = failures.ToImmutable() };
        }

        foreach (var symbol in window.Repeating)
            failures.Add(RiskTerms.Repeating(symbol, "measures count it as it was: as no risk."));
        var places = window.Moving;
        var moving = window.Of(places);
        var shrunk = places.Length == 0 ? null : Try(() => Covariance.LedoitWolf(moving.Returns));
        // Shrunk with them, symbols without variance would be given some.
        var whole = shrunk is null ? null : shrunk with { Matrix = shrunk.Matrix.Embedded(places, window.Held.Length) };
        var garch = Try(() => Garch.Fit(history.Book));
        var factor = Try(() => Stresses.Factor(window));
        return analysis with
        {
            Measures = places.Length == 0
                ? []
                : new MethodTable(input, window, history, moving, shrunk, failures).Measure(garch),
            Volatility = Some([
                Try(() => Volatilities.ByEwma(history, options.EwmaDecay)),
                garch is null ? null : Try(() => Volatilities.ByGarch(history, garch))
            ]),
            Decompositions = places.Length == 0
                ? []
                : Some(
                [
                    Historical(LossMeasure.ValueAtRisk, VarConfidence),
                    Historical(LossMeasure.ExpectedShortfall, EsConfidence),
                    Gaussian(LossMeasure.ValueAtRisk, VarConfidence),
                    Gaussian(LossMeasure.ExpectedShortfall, EsConfidence),
                ]),
            Correlation = whole is null ? null : Try(() => Correlations.Of(window, whole, options)),
            Drawdowns = Some([
                Try(() => DrawdownReports.OfScenarios(history)),
                Try(() => DrawdownReports.OfEquity(input.Forecasts))]),
            Stress =
            [
                .. Try(() => Stresses.Historical(input, all, failures)) ?? [],
                .. options.StressShocks
                    .Select(shocks => Try(() => Stresses.Hypothetical(input, factor, shocks.ToShocks())))
                    .OfType<StressResult>()
            ],
            Factor = factor,
            Hypothetical = Try(() => Backtests.Hypothetical(input, history)),
            Failures = failures.ToImmutable(),
        };

        RiskDecomposition? Historical(LossMeasure measure, double confidence) =>
            Try(() => Decompositions.Historical(input, window, measure, confidence));

        RiskDecomposition? Gaussian(LossMeasure measure, double confidence) =>
            whole is null ? null : Try(() => Decompositions.Gaussian(input, window, whole, measure, confidence));

        T? Try<T>(Func<T?> measure) where T : class
        {
            try
            {
                return measure();
            }
            catch (ArgumentException refusal)
            {
                failures.Add(new("not_measured", null, refusal.Message));
                return null;
            }
        }
    }

    /// <summary>The shocks given against the positions; needs the factor only where the market is shocked.</summary>
    public static (StressResult Result, MarketFactor? Factor) Stress(RiskInput input, StressShocks shocks)
    {
        var window = HeldReturns.Of(input.Held, input.Options.VarLookbackDays);
        var factor = window.Sample < input.Options.VarMinSessions ? null : Stresses.Factor(window);
        return (Stresses.Hypothetical(input, factor, shocks), factor);
    }

    static ImmutableArray<T> Some<T>(ReadOnlySpan<T?> rows) where T : class
    {
        var some = ImmutableArray.CreateBuilder<T>(rows.Length);
        foreach (var row in rows)
            if (row is not null) some.Add(row);
        return some.DrainToImmutable();
    }
}
