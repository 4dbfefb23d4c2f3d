namespace Trading.Portfolios;

/// <summary>Sums over the priced symbols of a book, in money. They move with each symbol and stay exact, since decimals
/// do not drift.</summary>
/// <param name="MarketValue">Of the positions booked.</param>
/// <param name="Gross">Of the absolute effective positions.</param>
/// <param name="Highest">Net, if every open purchase is filled and no sale.</param>
/// <param name="Lowest">Net, if every open sale is filled and no purchase.</param>
readonly record struct ExposureTotals(decimal MarketValue, decimal Gross, decimal Highest, decimal Lowest)
{
    /// <summary>The largest net position, long or short, that fills of the open orders can lead to.</summary>
    public decimal Net => Math.Abs(Highest) >= Math.Abs(Lowest) ? Highest : Lowest;

    /// <summary>With one symbol's exposure replaced by another.</summary>
    public ExposureTotals Replace(decimal price, in Exposure before, in Exposure after) => new(
        MarketValue + Money.Round(price * after.Quantity) - Money.Round(price * before.Quantity),
        Gross + GrossOf(price, after) - GrossOf(price, before),
        Highest + Money.Round(price * after.Highest) - Money.Round(price * before.Highest),
        Lowest + Money.Round(price * after.Lowest) - Money.Round(price * before.Lowest));

    public static decimal GrossOf(decimal price, in Exposure exposure) =>
        Money.Round(price * Math.Abs(exposure.Effective));
}
