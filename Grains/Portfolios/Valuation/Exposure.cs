using System.Text.Json.Serialization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What a book holds of one symbol and what approved orders may still add or take away, in units.</summary>
/// <param name="Quantity">Booked; negative when short.</param>
/// <param name="OpenBuys">Approved purchases that are not filled; zero or more. <paramref name="OpenSells"/>
/// likewise.</param>
public readonly record struct Exposure(decimal Quantity, decimal OpenBuys, decimal OpenSells)
{
    /// <summary>Approved purchases that can only cover what is short, each up to all of it; zero or more.
    /// <see cref="ReducingSells"/> of what is long likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public decimal ReducingBuys { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] public decimal ReducingSells { get; init; }

    /// <summary>The position if every purchase is filled and no sale. What only covers does so first, and goes no
    /// further than to zero.</summary>
    public decimal Highest => (Quantity < 0 ? Math.Min(0, Quantity + ReducingBuys) : Quantity) + OpenBuys;

    /// <summary>The position if every sale is filled and no purchase.</summary>
    public decimal Lowest => (Quantity > 0 ? Math.Max(0, Quantity - ReducingSells) : Quantity) - OpenSells;

    /// <summary>The largest position, long or short, that fills of the open orders can lead to. A reduction counts only
    /// when it is done.</summary>
    public decimal Effective
    {
        get
        {
            var (highest, lowest) = (Highest, Lowest);
            return Math.Abs(highest) >= Math.Abs(lowest) ? highest : lowest;
        }
    }

    /// <summary>The end that <see cref="Effective"/> is not.</summary>
    public decimal Other => Highest + Lowest - Effective;

    /// <summary>Whether fills may still move the position.</summary>
    public bool IsOpen => Highest != Lowest;

    public bool IsFlat =>
        Quantity == 0 && OpenBuys == 0 && OpenSells == 0 && ReducingBuys == 0 && ReducingSells == 0;

    /// <summary>With one more open order.</summary>
    public Exposure With(Side side, decimal quantity, bool reduceOnly = false) => (side, reduceOnly) switch
    {
        (Side.Buy, false) => this with { OpenBuys = Money.Plain(OpenBuys + quantity) },
        (Side.Buy, true) => this with { ReducingBuys = Money.Plain(ReducingBuys + quantity) },
        (_, false) => this with { OpenSells = Money.Plain(OpenSells + quantity) },
        (_, true) => this with { ReducingSells = Money.Plain(ReducingSells + quantity) },
    };
}
