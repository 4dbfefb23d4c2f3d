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

    /// <summary>With one symbol's part replaced by another.</summary>
    public ExposureTotals Replace(in ExposureTotals before, in ExposureTotals after) => new(
        MarketValue + after.MarketValue - before.MarketValue, Gross + after.Gross - before.Gross,
        Highest + after.Highest - before.Highest, Lowest + after.Lowest - before.Lowest);

    /// <summary>One symbol's part.</summary>
    public static ExposureTotals Of(Instrument instrument, in Exposure exposure)
    {
        var (highest, lowest) = (exposure.Highest, exposure.Lowest);
        var (most, least) = (instrument.ValueOf(highest), instrument.ValueOf(lowest));
        var (effective, value) = Math.Abs(highest) >= Math.Abs(lowest) ? (highest, most) : (lowest, least);
        return new(instrument.ValueOf(exposure.Quantity), effective < 0 ? -value : value, most, least); // rounding has no side
    }

    public static decimal GrossOf(Instrument instrument, in Exposure exposure) =>
        instrument.ValueOf(Math.Abs(exposure.Effective));
}
