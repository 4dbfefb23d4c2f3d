namespace Trading.Portfolios;

/// <summary>New units for one old, as a ratio of whole numbers where it is one: files write a third as 0.3333.</summary>
readonly record struct SplitRatio(decimal New, decimal Old)
{
    const int LargestWhole = 100;

    /// <summary>How far a written value may be from the ratio that it stands for, relative to it.</summary>
    const decimal Tolerance = 1.5e-4m;

    public static SplitRatio Of(decimal value)
    {
        for (var old = 1; old <= LargestWhole; old++)
        {
            var units = Math.Round(value * old);
            if (units > 0 && Math.Abs((units / old) - value) <= value * Tolerance) return new(units, old);
        }

        return new(value, 1);
    }

    public decimal Units(decimal old) => Money.Plain(Money.Round(old * New / Old, Money.ExactDecimals));

    /// <summary>A price of less than one, as coins have, keeps more decimal places.</summary>
    public decimal Price(decimal old)
    {
        var price = old * Old / New;
        return Money.Plain(price < 1 ? Money.Round(price, Money.ExactDecimals) : Money.Round(price));
    }

    /// <summary>Whether a price is in old units, seen from one in new units: it is nearer to it when it is converted.</summary>
    public bool IsOld(decimal price, decimal inNewUnits) =>
        Distance(Money.ToDouble(price * Old / New), inNewUnits) < Distance(Money.ToDouble(price), inNewUnits);

    static double Distance(double price, decimal other) => Math.Abs(Math.Log(price / Money.ToDouble(other)));
}
