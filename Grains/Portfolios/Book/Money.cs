namespace Trading.Portfolios;

/// <summary>Where decimals are rounded, and the only place where they become doubles or come from them.</summary>
static class Money
{
    /// <summary>What open orders would cost is kept to this many decimal places, and so was everything in books taken
    /// up by programs older than <see cref="ExactDecimals"/>.</summary>
    public const int Decimals = 8;

    /// <summary>The finest fraction of an amount or a quantity, in decimal places.</summary>
    public const int ExactDecimals = 18;

    /// <summary>Sums below it hold <see cref="ExactDecimals"/> places and a digit to spare.</summary>
    const decimal ExactBelow = 1e9m;

    /// <summary>The largest amount that one event may book; it keeps every sum within the exact digits of a
    /// decimal.</summary>
    public const decimal MaxAmount = 1e15m;

    public static decimal Round(decimal amount, int decimals = Decimals) =>
        Math.Round(amount, decimals, MidpointRounding.ToEven);

    /// <summary>An amount that is to be added to others: to <see cref="ExactDecimals"/> places, and to one less for
    /// each factor of ten that the others are beyond a thousand million, so that every sum is exact. Half to
    /// even.</summary>
    /// <param name="beside">The largest of the others.</param>
    public static decimal Fit(decimal amount, decimal beside)
    {
        var decimals = ExactDecimals;
        for (var bound = ExactBelow; decimals > Decimals && bound <= beside; bound *= 10) decimals--;
        return Round(amount, decimals);
    }

    /// <summary>The largest amount of a book where <see cref="Fit"/> asks for it; null for a smaller one.</summary>
    public static decimal? Beside(decimal size) => size >= ExactBelow ? size : null;

    /// <summary>The same amount without trailing zeros. A decimal remembers the places of everything that it was added
    /// up from; what is written must depend on the amount alone, or a book from a snapshot writes other bytes than one
    /// from all its events.</summary>
    public static decimal Plain(decimal amount) => MayEndInZero(amount)
        ? amount / 1.0000000000000000000000000000m
        : amount;

    /// <summary>False for almost every amount: the division that takes zeros away is slow.</summary>
    static bool MayEndInZero(decimal amount)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(amount, parts);
        var digits = ((ulong)(uint)parts[1] << 32) | (uint)parts[0];
        return amount.Scale > 0 && (parts[2] != 0 || digits % 10 == 0);
    }

    public static double ToDouble(decimal value) => (double)value;

    /// <summary>A measured amount to a ten-thousandth of the currency unit.</summary>
    /// <exception cref="OverflowException">It is not finite, or beyond a decimal.</exception>
    public static decimal FromDouble(double amount) => Math.Round((decimal)amount, 4, MidpointRounding.ToEven);

    /// <summary>An amount as a fraction of equity; null where equity is not positive.</summary>
    public static double? Fraction(decimal amount, decimal equity) => equity > 0
        ? (double)amount / (double)equity
        : null;
}
