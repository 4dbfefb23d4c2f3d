namespace Trading.Risk;

/// <summary>The limited measures of a book as fractions of equity. A fraction of an equity that is not positive is unknown, and so is
/// a number that is not finite: both are null.</summary>
readonly record struct Exposures(
    double? Position, double? Gross, double? Net, double? Sector, double? ValueAtRisk, double? Shortfall, double? Drawdown)
{
    public static Exposures Of(BookMeasures? measures)
    {
        if (measures is null) return default;
        if (measures.Equity <= 0m) return default(Exposures) with { Drawdown = Finite(measures.Drawdown) };
        var equity = (double)measures.Equity;
        return new(
            Finite(measures.PositionWeight),
            (double)measures.GrossExposure / equity,
            Math.Abs((double)measures.NetExposure) / equity,
            Finite(measures.SectorWeight),
            Finite(measures.ValueAtRisk95),
            Finite(measures.ExpectedShortfall975),
            Finite(measures.Drawdown));
    }

    static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
