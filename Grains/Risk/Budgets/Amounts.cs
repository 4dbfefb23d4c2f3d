namespace Trading.Risk;

/// <summary>Arithmetic of <see cref="BudgetAmounts"/>, measure by measure. Null is without limit.</summary>
static class Amounts
{
    public static BudgetAmounts Zip(
        this BudgetAmounts first, BudgetAmounts second, Func<decimal?, decimal?, decimal?> combine) =>
        new(
            combine(first.Gross, second.Gross), combine(first.Net, second.Net),
            combine(first.Shortfall, second.Shortfall));

    public static BudgetAmounts Zip(
        this BudgetAmounts first, BudgetAmounts second, BudgetAmounts third,
        Func<decimal?, decimal?, decimal?, decimal?> combine) => new(
        combine(first.Gross, second.Gross, third.Gross), combine(first.Net, second.Net, third.Net),
        combine(first.Shortfall, second.Shortfall, third.Shortfall));

    public static BudgetAmounts Min(BudgetAmounts first, BudgetAmounts second) => first.Zip(second, Min);

    public static decimal? Min(decimal? first, decimal? second) =>
        first is { } one && second is { } other ? Math.Min(one, other) : first ?? second;

    /// <summary>Whether one amount is less than another.</summary>
    public static bool IsLess(decimal? first, decimal? second) =>
        first is { } one && (second is not { } other || one < other);

    /// <summary>Whether any measure of one is less than of the other.</summary>
    public static bool AnyLess(BudgetAmounts first, BudgetAmounts second) =>
        IsLess(first.Gross, second.Gross) || IsLess(first.Net, second.Net) || IsLess(first.Shortfall, second.Shortfall);

    /// <summary>Measure by measure; null where one of them is.</summary>
    public static BudgetAmounts Sum(IEnumerable<BudgetAmounts> amounts) =>
        amounts.Aggregate(BudgetAmounts.Zero, (sum, next) => sum.Zip(next, (total, amount) => total + amount));
}
