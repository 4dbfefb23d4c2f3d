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

        var shrunk = Covariance.LedoitWolf(window.Returns);
        var garch = Try(() => Garch.Fit(history.Book));
        var factor = Stresses.Factor(window);
        return analysis with
        {
            Measures = new MethodTable(input, window, history, shrunk, failures).Measure(garch),
            Volatility = Some([
                Try(() => Volatilities.ByEwma(history, options.EwmaDecay)),
                garch is null ? null : Try(() => Volatilities.ByGarch(history, garch))
            ]),
            Decompositions = Some(
            [
                Decompositions.Historical(input, window, LossMeasure.ValueAtRisk, VarConfidence),
                Decompositions.Historical(input, window, LossMeasure.ExpectedShortfall, EsConfidence),
                Try(() => Decompositions.Gaussian(input, window, shrunk, LossMeasure.ValueAtRisk, VarConfidence)),
                Try(() => Decompositions.Gaussian(input, window, shrunk, LossMeasure.ExpectedShortfall, EsConfidence)),
            ]),
            Correlation = Correlations.Of(window, shrunk, options),
            Drawdowns = Some([
                Try(() => DrawdownReports.OfScenarios(history)),
                Try(() => DrawdownReports.OfEquity(input.Forecasts))]),
            Stress =
            [
                .. Stresses.Historical(input, all, failures),
                .. options.StressShocks.Select(shocks => Stresses.Hypothetical(input, factor, shocks.ToShocks()))
            ],
            Factor = factor,
            Hypothetical = Try(() => Backtests.Hypothetical(input, history)),
            Failures = failures.ToImmutable(),
        };

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
