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
        var check = AnswerChecks.AgainstLastClose((_, _) => 5000m, 20);
        var answer = ScriptedBars.Of(Day(0));

        check(Request, answer).ShouldNotBeNull();
        check(Request, answer with { Actions = [new(new(2026, 1, 5), CorporateActionKind.Split, 50m)] }).ShouldBeNull();
        AnswerChecks.AgainstLastClose((_, _) => null, 20)(Request, answer).ShouldBeNull();
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
