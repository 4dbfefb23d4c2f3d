using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class RiskReportingTests
{
    static readonly (string Symbol, decimal Quantity)[] Held = [("AA", 1_000), ("GE", 750), ("INTC", -400), ("IBM", 120), ("XOM", 300)];

    [Fact]
    public void Measures_AgreeWithAPlainRecomputationFromTheSample()
    {
        var report = Report(SampleDesk());
        var losses = SampleLosses();
        var equity = (double)report.Equity!.Value;
        report.Method!.Sample.ShouldBe(252);
        Measure(report, "value_at_risk", 0.95, "order_statistic").ShouldBe(losses[12] / equity, 1e-12);
        Measure(report, "value_at_risk", 0.99, "order_statistic").ShouldBe(losses[2] / equity, 1e-12);
        Measure(report, "value_at_risk", 0.95, "type_7").ShouldBe(Type7(losses, 0.95) / equity, 1e-12);
        Measure(report, "expected_shortfall", 0.95, "rockafellar_uryasev").ShouldBe(MeanOfWorst(losses, 252 * 0.05) / equity, 1e-12);
        Measure(report, "expected_shortfall", 0.975, "rockafellar_uryasev").ShouldBe(MeanOfWorst(losses, 252 * 0.025) / equity, 1e-12);
    }

    [Fact]
    public void Decisions_MeasureAsTheReportDoes()
    {
        var valuation = SampleDesk();
        var report = Report(valuation);
        var before = valuation.Facts(Order(Side.Buy, 1)).Before!;
        before.ValueAtRisk95!.Value.ShouldBe(Measure(report, "value_at_risk", 0.95, "order_statistic"), 1e-14);
        before.ExpectedShortfall975!.Value.ShouldBe(Measure(report, "expected_shortfall", 0.975, "rockafellar_uryasev"), 1e-14);
    }

    [Fact]
    public void Contributions_SumToTheExpectedShortfall()
    {
        var report = Report(SampleDesk());
        report.Contributions.Length.ShouldBe(Held.Length);
        report.Contributions.Sum(part => part.ComponentFraction)
            .ShouldBe(Measure(report, "expected_shortfall", 0.975, "rockafellar_uryasev"), 1e-14);
        report.Contributions.Sum(part => part.Share).ShouldBe(1, 1e-14);
    }

    [Fact]
    public void Method_NamesTheWindow_AndItsHashChangesWithIt()
    {
        var method = Report(SampleDesk()).Method!;
        method.To.ShouldBe(new DateOnly(2001, 1, 2));
        method.ConfigurationHash.Length.ShouldBe(16);
        Report(SampleDesk()).Method!.ShouldBe(method);
        Report(SampleDesk(new PortfolioOptions { VarLookbackDays = 100 })).Method!.ConfigurationHash.ShouldNotBe(method.ConfigurationHash);
    }

    [Fact]
    public void OpenOrders_HaveMeasuresOfTheirOwn()
    {
        var valuation = SampleDesk();
        var posted = Report(valuation);
        valuation.Apply(PreTradeCheck.Decide(valuation, Order(Side.Buy, 500, symbol: "AA"), new LimitsVersion(1, new RiskLimits(), "", Now, ""), Now));
        var report = Report(valuation);
        Measure(report, "value_at_risk", 0.95, "order_statistic").ShouldBe(Measure(posted, "value_at_risk", 0.95, "order_statistic"));
        Measure(report, "value_at_risk_with_open_orders", 0.95, "order_statistic").ShouldBe(valuation.Tail!.Value.ValueAtRisk / (double)report.Equity!.Value, 1e-15);
        report.Warnings.ShouldContain(warning => warning.Code == "open_orders");
    }

    [Fact]
    public void Unknowns_AreNamed_AndNeverZero()
    {
        var valuation = SampleDesk();
        valuation.Apply(FillRules.Post(valuation.Book, External("x", Side.Buy, 1, 1, symbol: "XX"), Now));
        var report = Report(valuation);
        report.Equity.ShouldBeNull();
        report.GrossExposure.ShouldBeNull();
        report.Measures.ShouldBeEmpty();
        report.Contributions.ShouldBeEmpty();
        report.Warnings.ShouldContain(warning => warning.Code == "no_price" && warning.Symbol == "XX");
        RiskReporting.Snapshot(valuation).Equity.ShouldBeNull();
    }

    [Fact]
    public void PositionsWithoutASessionInCommon_HaveNoRiskNumber_AndAReportAllTheSame()
    {
        var valuation = SampleDesk();
        valuation.Reprice([("IBM", Market.Update(Market.Walk("IBM", 100m, version: 2)))], Now).ShouldBeTrue();
        valuation.Apply(new Recalculated(Now));
        var report = Report(valuation);
        report.Equity.ShouldNotBeNull();
        report.Measures.ShouldBeEmpty();
        report.Contributions.ShouldBeEmpty();
        report.Warnings.ShouldContain(warning => warning.Code == "short_window");
        DynamicLimitInputs.Of(valuation, Now).Volatility.ShouldBeNull();
        valuation.Facts(Order(Side.Buy, 1)).Before!.ValueAtRisk95.ShouldBeNull();
    }

    [Fact]
    public void StalePrices_ShortHistories_AndUnknownSectors_AreWarnedOf()
    {
        var valuation = new BookValuation(Opened(), new PortfolioOptions());
        valuation.Reprice([("AA", Market.Update(Market.Walk("AA", 10m, sessions: 30, sector: null)))], Now);
        valuation.Apply(FillRules.Post(valuation.Book, External("x", Side.Buy, 1, 1), Now));
        var report = RiskReporting.Report(valuation, RiskLimits.Default, Now, Now.AddHours(1));
        report.Warnings.Select(warning => warning.Code).ShouldBe(["stale_price", "short_history", "unknown_sector", "short_window"]);
        report.Measures.ShouldBeEmpty();
    }

    [Fact]
    public void EmptyBook_HasNoRisk()
    {
        var report = Report(new BookValuation(Opened(), new PortfolioOptions()));
        report.Measures.ShouldAllBe(measure => measure.Money == 0);
        report.Warnings.ShouldBeEmpty();
        report.Limits.ShouldNotBeEmpty();
    }

    [Fact]
    public void Snapshot_AddsUp()
    {
        var snapshot = RiskReporting.Snapshot(SampleDesk());
        snapshot.Equity.ShouldBe(snapshot.Cash + snapshot.MarketValue);
        snapshot.Equity.ShouldBe(snapshot.Deposits + snapshot.RealisedPnl + snapshot.UnrealisedPnl - snapshot.Fees);
        snapshot.Positions.Select(position => position.Symbol).ShouldBe(["AA", "GE", "IBM", "INTC", "XOM"]);
    }

    static BookValuation SampleDesk(PortfolioOptions? options = null)
    {
        var valuation = new BookValuation(Opened(1_000_000m, allowShort: true), options ?? new PortfolioOptions());
        valuation.Reprice(Market.Sample.Values.Select(series => (series.Symbol, Market.Update(series))), Now);
        foreach (var (symbol, quantity) in Held)
            valuation.Apply(FillRules.Post(valuation.Book, External(symbol, quantity > 0 ? Side.Buy : Side.Sell, Math.Abs(quantity), 12.5m, 1, symbol), Now));
        return valuation;
    }

    static RiskReport Report(BookValuation valuation) => RiskReporting.Report(valuation, RiskLimits.Default, Now, Now);

    static double Measure(RiskReport report, string name, double confidence, string quantile) =>
        report.Measures.Single(measure => measure.Name == name && measure.Confidence == confidence && measure.Quantile == quantile).Fraction;

    /// <summary>Losses of the last 252 days at today's positions, worst first.</summary>
    static List<double> SampleLosses()
    {
        var days = Market.Sample["AA"].Dates.Length;
        return Enumerable.Range(days - 252, 252).Select(day => -Held.Sum(held =>
        {
            var closes = Market.Sample[held.Symbol].Closes;
            return (double)held.Quantity * (double)closes[^1] * ((double)closes[day] / (double)closes[day - 1] - 1);
        })).OrderDescending().ToList();
    }

    static double Type7(List<double> worstFirst, double confidence)
    {
        var position = (worstFirst.Count - 1) * (1 - confidence);
        var lower = (int)Math.Floor(position);
        return worstFirst[lower] + (position - lower) * (worstFirst[lower + 1] - worstFirst[lower]);
    }

    static double MeanOfWorst(List<double> worstFirst, double mass)
    {
        var whole = (int)Math.Floor(mass);
        return (worstFirst.Take(whole).Sum() + (mass - whole) * worstFirst[whole]) / mass;
    }
}
