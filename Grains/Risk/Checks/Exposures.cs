namespace Trading.Risk;

/// <summary>The limited measures of a book as fractions of equity. NaN where one is unknown, so that no comparison with
/// it holds: where equity is not positive, a fraction of it is unknown, and so is a number that is not
/// finite.</summary>
readonly record struct Exposures(
    double Position, double Gross, double Net, double Sector, double Strategy,
    double ValueAtRisk, double ValueAtRisk99, double Shortfall, double Drawdown, double DailyLoss)
{
    static readonly Exposures Unknown = new(
        double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN,
        double.NaN);

    /// <summary>Of the position in gross exposure; zero where there is none.</summary>
    public double Concentration => Gross == 0 ? 0 : Position / Gross;

    public static Exposures Of(BookMeasures? measures)
    {
        if (measures is null) return Unknown;
        if (measures.Equity <= 0m)
            return Unknown with { Drawdown = Finite(measures.Drawdown), DailyLoss = Finite(measures.DailyLoss) };
        var equity = (double)measures.Equity;
        return new(
            Finite(measures.PositionWeight),
            (double)measures.GrossExposure / equity,
            Math.Abs((double)measures.NetExposure) / equity,
            Finite(measures.SectorWeight),
            Finite(measures.StrategyWeight),
            Finite(measures.ValueAtRisk95),
            Finite(measures.ValueAtRisk99),
            Finite(measures.ExpectedShortfall975),
            Finite(measures.Drawdown),
            Finite(measures.DailyLoss));
    }

    static double Finite(double? value) => value is { } number && double.IsFinite(number) ? number : double.NaN;
}
