using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What a book holds of one symbol and what approved orders may still add or take away, in units.</summary>
/// <param name="Quantity">Booked; negative when short.</param>
/// <param name="OpenBuys">Approved purchases that are not filled; zero or more. <paramref name="OpenSells"/>
/// likewise.</param>
public readonly record struct Exposure(decimal Quantity, decimal OpenBuys, decimal OpenSells)
{
    /// <summary>The position if every purchase is filled and no sale.</summary>
    public decimal Highest => Quantity + OpenBuys;

    /// <summary>The position if every sale is filled and no purchase.</summary>
    public decimal Lowest => Quantity - OpenSells;

    /// <summary>The largest position, long or short, that fills of the open orders can lead to. A reduction counts only
    /// when it is done.</summary>
    public decimal Effective => Math.Abs(Highest) >= Math.Abs(Lowest) ? Highest : Lowest;

    /// <summary>The end that <see cref="Effective"/> is not.</summary>
    public decimal Other => Highest + Lowest - Effective;

    /// <summary>Whether fills may still move the position.</summary>
    public bool IsOpen => OpenBuys != 0 || OpenSells != 0;

    public bool IsFlat => Quantity == 0 && OpenBuys == 0 && OpenSells == 0;

    /// <summary>With one more open order.</summary>
    public Exposure With(Side side, decimal quantity) => side == Side.Buy
        ? this with { OpenBuys = Money.Plain(OpenBuys + quantity) }
        : this with { OpenSells = Money.Plain(OpenSells + quantity) };
}
