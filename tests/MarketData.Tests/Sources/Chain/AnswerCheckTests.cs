namespace Trading.MarketData.Tests;

public sealed class AnswerCheckTests
{
    static readonly DateTimeOffset Monday = new(2026, 1, 5, 0, 0, 0, TimeSpan.Zero);
    static readonly BarRequest Request = new("AAPL", BarInterval.OneDay, Monday, Monday.AddDays(5));

    static Bar Day(int day, decimal close = 100) => new(Monday.AddDays(day), close, close, close, close, 1);

    [Fact]
    public void BarsInOrderAndInside_AreFine() => AnswerChecks.Shape(Request, ScriptedBars.Of(Day(0), Day(1), Day(4))).ShouldBeNull();

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(-1, 0)]
    [InlineData(4, 5)]
    public void BarsOutOfOrder_TwiceOrOutside_AreNot(int first, int second) =>
        AnswerChecks.Shape(Request, ScriptedBars.Of(Day(first), Day(second))).ShouldNotBeNull();

    [Fact]
    public void OneImpossibleBarAmongGoodOnes_IsLeftToTheQualityRules()
    {
        AnswerChecks.Shape(Request, ScriptedBars.Of(Day(0), Day(1, -5), Day(2))).ShouldBeNull();
        AnswerChecks.Shape(Request, ScriptedBars.Of(Day(0), Day(1, -5), Day(2, 0))).ShouldNotBeNull();
    }

    [Fact]
    public void BarsOfAnUnknownSymbol_AreNonsense() =>
        AnswerChecks.Shape(Request, ScriptedBars.Of(Day(0)) with { Known = false }).ShouldNotBeNull();

    [Fact]
    public void JumpFromTheLastClose_NeedsASplit()
    {
        var answer = ScriptedBars.Of(Day(0));
        var known = Request with { Known = Bar.OfClose(answer.Bars[0].Time.AddDays(-1), 5000m) };

        AnswerChecks.AgainstKnown(known, answer).ShouldNotBeNull();
        AnswerChecks.AgainstKnown(known, answer with { Actions = [new(new(2026, 1, 5), CorporateActionKind.Split, 50m)] }).ShouldBeNull();
        AnswerChecks.AgainstKnown(known with { Known = Bar.OfClose(answer.Bars[0].Time.AddDays(-31), 5000m) }, answer).ShouldBeNull("after a long silence every price is believed");
        AnswerChecks.AgainstKnown(Request, answer).ShouldBeNull();
    }

    [Fact]
    public void NewestBarsThatEndTooLongAgo_StandStill()
    {
        var open = Request with { To = null };

        AnswerChecks.StandsStill(open, ScriptedBars.Of(Day(0), Day(1)), Monday.AddDays(7), 5).ShouldBeNull();
        AnswerChecks.StandsStill(open, ScriptedBars.Of(Day(0), Day(1)), Monday.AddDays(8), 5).ShouldNotBeNull();
        AnswerChecks.StandsStill(open, ScriptedBars.Of(), Monday.AddDays(8), 5).ShouldNotBeNull();
        AnswerChecks.StandsStill(open, ScriptedBars.Of(), Monday.AddDays(2), 5).ShouldBeNull();
        AnswerChecks.StandsStill(Request, ScriptedBars.Of(), Monday.AddDays(80), 5).ShouldBeNull();
    }
}
