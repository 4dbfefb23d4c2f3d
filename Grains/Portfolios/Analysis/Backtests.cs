using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Holds forecasts of losses against what happened.</summary>
static class Backtests
{
    const double ShortfallConfidence = 0.975, Significance = 0.05;

    const string Actual = "change of the value marked to market, less payments, with the book's trades and fees";
    const string Constant = "today's positions at today's weights in every past session";

    /// <summary>One day's forecasts and its profit or loss, as fractions of equity.</summary>
    readonly record struct Day(DateOnly Session, double Pnl, double At95, double At975, double At99, double Shortfall);

    /// <summary>The book's own forecasts; null with fewer than two that can be compared.</summary>
    public static Backtest? Realised(ImmutableArray<Forecast> forecasts, PortfolioOptions options)
    {
        Day[] days = [.. Forecasts.Comparable(forecasts).Select(forecast => new Day(
            forecast.Realised!.Session, forecast.Realised.Fraction, forecast.ValueAtRisk95.Fraction,
            forecast.ValueAtRisk975.Fraction,
            forecast.ValueAtRisk99.Fraction, forecast.ExpectedShortfall975.Fraction))];
        return days.Length < 2 ? null : Of("realised", Actual, days, options);
    }

    /// <summary>Rolling forecasts by history alone, each from the window before its session; null where none fits into
    /// the series twice.</summary>
    public static Backtest? Hypothetical(RiskInput input, HeldReturns history)
    {
        var window = input.Options.VarLookbackDays;
        if (history.Sample - window < TailRisk.MinimumSampleCount) return null;
        var days = new Day[history.Sample - window];
        for (var i = 0; i < days.Length; i++)
        {
            var before = history.Book.AsSpan(i, window);
            var (at95, at975, at99) = (
                ScenarioRisk.Measure(before, 0.95, 0.95), ScenarioRisk.Measure(before, 0.975, 0.975),
                ScenarioRisk.Measure(before, 0.99, 0.99));
            days[i] = new(
                history.Sessions[i + window + 1], history.Book[i + window], at95.ValueAtRisk, at975.ValueAtRisk,
                at99.ValueAtRisk, at975.ExpectedShortfall);
        }

        return Of("hypothetical", Constant, days, input.Options);
    }

    static Backtest Of(string name, string pnl, Day[] days, PortfolioOptions options) => new(
        name, pnl, RiskMethods.Short(options.VarLookbackDays), options.VarLookbackDays, days.Length, days[0].Session,
        days[^1].Session,
        [Coverage(days, 0.95, day => day.At95), Coverage(days, TrafficLights.Confidence, day => day.At99)],
        Shortfall(days, options.Analysis.Seed));

    static CoverageReport Coverage(Day[] days, double confidence, Func<Day, double> forecast)
    {
        double[] pnl = [.. days.Select(day => day.Pnl)];
        double[] forecasts = [.. days.Select(forecast)];
        var test = ValueAtRiskBacktest.Of(pnl, forecasts, confidence);
        var exceptions = ValueAtRiskBacktest.Exceptions(pnl, forecasts);
        var newest = exceptions.AsSpan()[^Math.Min(TrafficLights.Window, exceptions.Length)..];
        return new(
            confidence, days.Length, exceptions.AsSpan().Count(true), days.Length * (1 - confidence),
            Row(test.Unconditional), Row(test.Independence), Row(test.Conditional),
            Row(TrafficLight.Of(newest.Length, newest.Count(true), confidence)));
    }

    static ShortfallTest? Shortfall(Day[] days, int seed)
    {
        if (days.Any(day => day.Shortfall <= 0)) return null;
        var test = ExpectedShortfallBacktest.Of(
            [.. days.Select(day => day.Pnl)], [.. days.Select(day => day.At975)],
            [.. days.Select(day => day.Shortfall)], ShortfallConfidence, seed);
        return new(
            test.Statistic, test.PValue, test.PValue < Significance, ShortfallConfidence, test.Observations,
            test.Exceptions, test.Replications, test.Seed);
    }

    static CoverageTestResult Row(LikelihoodRatio test) =>
        new(test.Statistic, test.DegreesOfFreedom, test.PValue, test.PValue < Significance);

    static TrafficLightResult Row(TrafficLight light) => new(
        RiskTerms.Of(light.Zone), light.AtMost, light.AtLeast, light.PlusFactor, RiskTerms.Of(light.PlusFactorSource),
        light.Observations, light.Exceptions);
}
