namespace Trading.Risk.Tests;

/// <summary>The rules that hold a book to what it was granted.</summary>
public sealed class BudgetRulesTests
{
    static readonly RiskLimits NoLimits = new();

    [Fact, Checks(RiskRule.BudgetGross)]
    public void GrossExposure_OverTheGrant_IsRefusedInMoney()
    {
        var violation = Judge(new(Held: 100, Other: -5_000), ExampleBook.Buy(60), new(20_000, null, null)).ShouldHaveSingleItem();
        violation.ShouldBe(new(RiskRule.BudgetGross, 21_000, 20_000, "money", "Gross exposure after the trade would be 21000; the budget is 20000."));
        Judge(new(Held: 100, Other: -5_000), ExampleBook.Buy(50), new(20_000, null, null)).ShouldBeEmpty();
    }

    [Fact, Checks(RiskRule.BudgetNet)]
    public void NetExposure_OverTheGrant_IsRefused_WhateverItsSign()
    {
        var book = new ExampleBook(Other: -15_000, AllowShort: true);
        Judge(book, ExampleBook.Sell(60), new(null, 20_000, null)).ShouldHaveSingleItem().Observed.ShouldBe(21_000);
        Judge(book, ExampleBook.Buy(350), new(null, 20_000, null)).ShouldBeEmpty();
        Judge(book, ExampleBook.Buy(351), new(null, 20_000, null)).ShouldHaveSingleItem().Code.ShouldBe(RiskRule.BudgetNet);
    }

    [Fact, Checks(RiskRule.BudgetShortfall)]
    public void Shortfall_OverTheGrant_OrUnknown_IsRefused()
    {
        Judge(new(), ExampleBook.Buy(100), new(null, null, 400)).ShouldHaveSingleItem().Code.ShouldBe(RiskRule.BudgetShortfall); // 467.6
        Judge(new(), ExampleBook.Buy(100), new(null, null, 500)).ShouldBeEmpty();
        Judge(new(Sessions: 10), ExampleBook.Buy(100), new(null, null, 500)).ShouldHaveSingleItem().Observed.ShouldBeNull();
    }

    [Fact]
    public void BookOverItsGrant_MayReduce()
    {
        Judge(new(Held: 100), ExampleBook.Sell(50), BudgetAmounts.Zero).ShouldBeEmpty();
        Judge(new(Held: 100), ExampleBook.Buy(1), BudgetAmounts.Zero).Select(violation => violation.Code)
            .ShouldBe([RiskRule.BudgetGross, RiskRule.BudgetNet, RiskRule.BudgetShortfall]);
    }

    static RiskViolation[] Judge(ExampleBook book, Order order, BudgetAmounts budget) =>
        [.. SignalRules.Evaluate(book.Facts(order) with { Budget = budget }, NoLimits, ExampleBook.Now)];
}
