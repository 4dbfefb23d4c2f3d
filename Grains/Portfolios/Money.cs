namespace Trading.Portfolios;

/// <summary>Where decimals are rounded, and the only place where they become doubles or come from them.</summary>
static class Money
{
    /// <summary>Amounts are kept to this many decimal places, so that sums of them are exact.</summary>
    public const int Decimals = 8;

    /// <summary>The largest amount that one event may book; it keeps every sum within the exact digits of a decimal.</summary>
    public const decimal MaxAmount = 1e15m;

    public static decimal Round(decimal amount) => Math.Round(amount, Decimals, MidpointRounding.ToEven);

    public static double ToDouble(decimal value) => (double)value;

    /// <summary>A measured amount to a ten-thousandth of the currency unit.</summary>
    /// <exception cref="OverflowException">It is not finite, or beyond a decimal.</exception>
    public static decimal FromDouble(double amount) => Math.Round((decimal)amount, 4, MidpointRounding.ToEven);

    /// <summary>An amount as a fraction of equity; null where equity is not positive.</summary>
    public static double? Fraction(decimal amount, decimal equity) => equity > 0 ? (double)amount / (double)equity : null;
}
