namespace Trading.Backtests;

/// <summary>Prices and volumes as integers of a hundred-millionth: exact, comparable in one instruction, and a decimal again
/// without loss.</summary>
static class FixedPoint
{
    public const int Digits = 8;
    public const long One = 100_000_000;

    /// <summary>What the integers hold.</summary>
    public const decimal Largest = long.MaxValue / One;

    /// <summary>The nearest one; null where it is too large.</summary>
    public static long? From(decimal value) =>
        Math.Abs(value) <= Largest ? (long)decimal.Round(value * One, MidpointRounding.ToEven) : null;

    public static decimal ToDecimal(long value)
    {
        var magnitude = (ulong)Math.Abs(value);
        return new((int)magnitude, (int)(magnitude >> 32), 0, value < 0, Digits);
    }

    public static double ToDouble(long value) => value / (double)One;
}
