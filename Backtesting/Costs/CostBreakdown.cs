namespace Trading.Backtests;

/// <summary>
/// What carrying out decisions cost, in the account's currency; a gain is negative. The parts sum exactly to what the decisions
/// earned on paper, filled at once at the price of the decision, less what they earned (Perold 1988).
/// </summary>
/// <param name="Spread">Half the spread, of orders that did not wait for the other side.</param>
/// <param name="Impact">What the order itself moved the price.</param>
/// <param name="Slippage">What a fast or thin market added.</param>
/// <param name="Delay">How the price moved between decision and fill.</param>
/// <param name="Fees">Commissions and the fees of the venue.</param>
/// <param name="Opportunity">What the part that was never filled would have earned until its order ended.</param>
public readonly record struct CostBreakdown(
    decimal Spread, decimal Impact, decimal Slippage, decimal Delay, decimal Fees, decimal Opportunity)
{
    public decimal Total => Spread + Impact + Slippage + Delay + Fees + Opportunity;

    public static CostBreakdown operator +(CostBreakdown left, CostBreakdown right) => new(
        left.Spread + right.Spread, left.Impact + right.Impact, left.Slippage + right.Slippage, left.Delay + right.Delay,
        left.Fees + right.Fees, left.Opportunity + right.Opportunity);
}

/// <summary>What was paid and earned for holding, in the account's currency; what was paid is negative.</summary>
/// <param name="Interest">On cash: earned on credit, paid on debit.</param>
/// <param name="Borrow">For shares that were sold short.</param>
/// <param name="Funding">Of perpetual futures.</param>
public readonly record struct CarryBreakdown(decimal Dividends, decimal Interest, decimal Borrow, decimal Funding)
{
    public decimal Total => Dividends + Interest + Borrow + Funding;

    public static CarryBreakdown operator +(CarryBreakdown left, CarryBreakdown right) => new(
        left.Dividends + right.Dividends, left.Interest + right.Interest, left.Borrow + right.Borrow,
        left.Funding + right.Funding);
}
