namespace Trading.MarketData.Tests;

public sealed class QuoteValidatorTests
{
    static readonly DateTimeOffset Start = new(2018, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void OrdinaryQuotes_AndOneSidedOnes_AreAccepted()
    {
        Check(Side(100), Side(101)).ShouldBe(default);
        Check(Side(100), null).ShouldBe(default);
        Check(null, null).ShouldBe(default);
    }

    [Fact]
    public void EachOddity_HasItsRule()
    {
        Check(Side(101), Side(100)).Code.ShouldBe("crossed_quote");
        Check(Side(100), Side(100)).ShouldSatisfyAllConditions(
            verdict => verdict.Code.ShouldBe("locked_quote"), verdict => verdict.Verdict.ShouldBe(Verdict.Accept));
        Check(Side(100) with { Open = 1, Low = 1 }, Side(101)).Code.ShouldBe("stub_quote");
        Check(Side(100) with { Low = 1 }, Side(101)).Code.ShouldBe("quote_wick");
        Check(Side(100), Side(101) with { High = 200 }).Code.ShouldBe("quote_wick");
        Check(Side(100) with { High = 1 }, Side(101)).Verdict.ShouldBe(Verdict.Reject);
    }

    [Fact]
    public void QuotesMissing_AndRepeated_AreNoticed()
    {
        var validator = new QuoteValidator(new(AssetClass.Crypto, BarInterval.OneMinute));
        validator.Check(new(Start, Side(100), Side(101)));
        validator.Check(new(Start, Side(100), Side(101))).Code.ShouldBe("duplicate");
        validator.Check(new(Start.AddMinutes(5), Side(100), Side(101))).Code.ShouldBe("gap");
        validator.Finish(Start.AddMinutes(6)).ShouldBe(default);
        validator.Finish(Start.AddHours(1)).Observed.ShouldBe(54);
        validator.Counts.Missing.ShouldBe(4);
    }

    [Fact]
    public void DayThatRepeatsInEverySeries_IsFilledForward_AndOneSeriesMayStandStill()
    {
        var filled = new FillForward(3);
        filled.Check([1m, 2m, null]).ShouldBe(default);
        filled.Check([1m, 3m, 5m]).ShouldBe(default);
        filled.Check([1m, 3m, null]).Code.ShouldBe("fill_forward");
        filled.Check([2m, null, null]).ShouldBe(default);
        filled.Check([2m, null, null]).ShouldBe(default, "one series alone proves nothing");
        Should.Throw<ArgumentException>(() => filled.Check([1m]));
    }

    static BarVerdict Check(Bar? bid, Bar? ask) => new QuoteValidator(new(AssetClass.Crypto, BarInterval.OneMinute)).Check(new(Start, bid, ask));

    static Bar Side(decimal price) => Bar.OfClose(Start, price);
}
