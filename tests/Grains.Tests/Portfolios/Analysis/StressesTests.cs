using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Portfolios.Tests;

public sealed class StressesTests
{
    static RiskAnalysis Analysis => SampleAnalyses.Analysis;

    [Fact]
    public void TheWorstSession_IsTheWorstOfTheSeries()
    {
        var returns = SampleAnalyses.BookReturns(Market.Sample["AA"].Dates.Length - 1);
        var worst = Analysis.Stress[0];
        worst.Name.ShouldBe("worst_session");
        worst.Loss.ShouldBe(-returns.Min(), 1e-12);
        worst.To.ShouldBe(Market.Sample["AA"].Dates[Array.IndexOf(returns, returns.Min()) + 1]);
        worst.Sessions.ShouldBe(1);
        Analysis.Stress[1].Loss.ShouldBeGreaterThanOrEqualTo(worst.Loss);
    }

    [Fact]
    public void AConfiguredWindow_HoldsThePositionsThroughIt()
    {
        var asia = Analysis.Stress.Single(result => result.Name == "asia_1997");
        (asia.From, asia.To).ShouldBe((new DateOnly(1997, 10, 21), new DateOnly(1997, 10, 27)));
        asia.Loss.ShouldBe(-SampleAnalyses.Symbols.Select((symbol, i) => SampleAnalyses.Weights[i] * (Close(symbol, asia.To) / Close(symbol, asia.From) - 1)).Sum(), 1e-12);
        asia.Parts.Sum(part => part.LossMoney).ShouldBe(asia.LossMoney, 0.001m);
        asia.Parts.Single(part => part.Symbol == "IBM").Shock.ShouldBe(Close("IBM", asia.To) / Close("IBM", asia.From) - 1, 1e-12);
    }

    [Fact]
    public void AWindowThatTheSeriesDoesNotCover_IsNamed_NotInvented()
    {
        Analysis.Stress.ShouldNotContain(result => result.Name == "black_monday_1987");
        Analysis.Failures.Where(failure => failure.Code == "stress_window_not_covered").Select(failure => failure.Message)
            .ShouldContain(message => message.Contains("black_monday_1987"));
    }

    [Fact]
    public void TheMostSpecificShock_Counts()
    {
        var input = SampleAnalyses.Input();
        var (result, factor) = RiskAnalyses.Stress(input, new("mixed", -0.2, [new("Technology", -0.5)], [new("IBM", 0.1)]));
        double Shock(string symbol) => result.Parts.Single(part => part.Symbol == symbol).Shock;
        Shock("IBM").ShouldBe(0.1);
        Shock("INTC").ShouldBe(-0.5);
        Shock("GE").ShouldBe(-0.2 * factor!.Betas.Single(beta => beta.Symbol == "GE").Beta!.Value, 1e-15);
        result.Loss.ShouldBe(-input.Held.Sum(position => position.Weight * Shock(position.Symbol)), 1e-14);
    }

    [Fact]
    public void TheMarketFactor_IsTheMeanOfTheSymbolsHeld_SoTheirBetasAverageToOne()
    {
        Analysis.Factor!.Definition.ShouldContain("each weighing the same");
        Analysis.Factor.Betas.Average(beta => beta.Beta!.Value).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void NoShock_TakesMoreThanEverything()
    {
        var (result, _) = RiskAnalyses.Stress(SampleAnalyses.Input(), new("end", -1, [], []));
        result.Parts.ShouldAllBe(part => part.Shock >= -1);
    }

    [Fact]
    public void EveryBrokenRule_IsNamedAtOnce()
    {
        var shocks = new StressShocks("", -2, [new("Utilities", 0), new("Utilities", double.NaN)], [new("not a ticker", 11), new("KO", -0.1)]);
        StressValidator.Check(shocks, SampleAnalyses.Input().Held).Select(error => $"{error.Field} {error.Rule}").ShouldBe(
        [
            "name length", "market range", "sectors[0].sector held", "sectors[1].sector unique", "sectors[1].sector held", "sectors[1].shock range",
            "symbols[0].symbol form", "symbols[0].shock range", "symbols[1].symbol held",
        ]);
        StressValidator.Check(new("nothing", null, [], [])).ShouldHaveSingleItem().Rule.ShouldBe("required");
    }

    [Fact]
    public void TheHypotheticalBacktest_ForecastsEachSessionFromThoseBeforeIt()
    {
        var returns = SampleAnalyses.BookReturns(1_000);
        var backtest = Analysis.Hypothetical!;
        backtest.Observations.ShouldBe(748);
        var exceptions = Enumerable.Range(252, 748).Count(day => returns[day] < returns[(day - 252)..day].Order().ElementAt(12));
        backtest.Coverage[0].Exceptions.ShouldBe(exceptions);
        backtest.Coverage[0].Kupiec.Statistic.ShouldBe(Kupiec.Test(748, exceptions, 0.95).Statistic);
        backtest.Coverage[1].TrafficLight.Observations.ShouldBe(250);
        backtest.Coverage[1].TrafficLight.PlusFactorSource.ShouldBe("basel_table");
        backtest.Shortfall!.Confidence.ShouldBe(0.975);
    }

    static double Close(string symbol, DateOnly? session) =>
        (double)Market.Sample[symbol].Closes[Market.Sample[symbol].Dates.BinarySearch(session!.Value)];
}
