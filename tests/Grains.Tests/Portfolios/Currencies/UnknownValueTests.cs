using Trading.Risk;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

/// <summary>Positions whose price is known, and whose value is not.</summary>
public sealed class UnknownValueTests
{
    [Theory]
    [InlineData(null, "has no exchange rate")]
    [InlineData(1_000_000_000, "more than 1000000000000 USD")]
    public void Position_ThatCannotBeValued_IsNamedInTheReport_WithTheReason(int? rate, string reason)
    {
        var share = Market.Walk("ACME", 2_000m) with { Terms = new() { Currency = "EUR" } };
        var valuation = new BookValuation(Opened(), new PortfolioOptions());
        valuation.Reprice([("ACME", Market.Update(share))], Now);
        valuation.Apply(FillRules.Post(
            valuation.Book, External("1", Side.Buy, 1, 2_000, symbol: "ACME"), Now,
            rates: FillRates.Of(valuation, "ACME", null)));
        if (rate is { } absurd)
            valuation.Reprice([("EURUSD", Market.Update(Market.Walk("EURUSD", absurd)))], Now);

        var report = RiskReporting.Report(valuation, new(), Now, Now);

        report.Equity.ShouldBeNull();
        var warning = report.Warnings.Single(warning => warning.Code == "no_value");
        warning.Symbol.ShouldBe("ACME");
        warning.Message.ShouldContain("2000 EUR");
        warning.Message.ShouldContain(reason);
    }

    [Fact]
    public void Position_ThatIsValued_HasNoSuchWarning()
    {
        var valuation = new BookValuation(Opened(), new PortfolioOptions());
        valuation.Reprice([("AA", Market.Update(Market.Walk("AA", 100m)))], Now);
        valuation.Apply(FillRules.Post(valuation.Book, External("1", Side.Buy, 1, 100), Now));
        RiskReporting.Report(valuation, new(), Now, Now).Warnings.ShouldNotContain(warning => warning.Code == "no_value");
    }
}
