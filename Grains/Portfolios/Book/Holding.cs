using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>One symbol of a book at average cost.</summary>
/// <param name="Cost">What was paid for the units held, without fees; negative for a short position: what was
/// received.</param>
/// <param name="Realised">Profit of all reductions so far, without fees.</param>
public sealed record Holding(string Symbol, decimal Quantity, decimal Cost, decimal Realised)
{
    /// <summary>Per unit; zero without a position.</summary>
    public decimal AverageCost => Quantity == 0 ? 0 : Cost / Quantity;

    public decimal Unrealised(decimal price) => Money.Round(Quantity * price) - Cost;

    /// <summary>The holding after a trade. A reduction takes its share of the cost with it and realises the difference;
    /// what goes beyond zero opens the opposite position at the trade's price.</summary>
    /// <remarks>Every amount is subtracted in one place exactly as it is added in another: value + cost - realised is
    /// conserved to the last digit, whatever was rounded.</remarks>
    /// <param name="value">Signed amount of the whole trade: positive for a purchase.</param>
    public Holding Trade(Side side, decimal quantity, decimal value)
    {
        var signed = side == Side.Buy ? quantity : -quantity;
        if (Quantity == 0 || Quantity > 0 == signed > 0)
            return this with { Quantity = Quantity + signed, Cost = Cost + value };

        var held = Math.Abs(Quantity);
        var closing = Math.Min(held, quantity);
        var relieved = closing == held ? Cost : Money.Round(Cost * (closing / held));
        var closed = closing == quantity ? value : Money.Round(value * (closing / quantity));
        return this with
        {
            Quantity = Quantity + signed,
            Cost = Cost - relieved + (value - closed),
            Realised = Realised - closed - relieved,
        };
    }
}
