using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What the dynamic limits look at, taken from a book.</summary>
static class DynamicLimitInputs
{
    const double SessionsPerYear = 252;

    public static LimitInputs Of(BookValuation valuation, DateTimeOffset now) =>
        new(Volatility(valuation), OldestPriceSeconds(valuation, now))
        {
            TrafficLight = valuation.Book.Forecasts.Standing
        };

    /// <summary>Annualised RiskMetrics volatility of the positions booked over equity; null where a price, a
    /// history that says something or positive equity is missing.</summary>
    static double? Volatility(BookValuation valuation)
    {
        if (valuation.Equity is not { } equity || equity <= 0 || PositionScenarios.Of(valuation) is not { } scenarios)
            return null;
        if (scenarios.Legs.IsEmpty) return 0;
        if (!scenarios.IsMeasurable(valuation.Options.VarMinSessions)) return null;
        var money = Money.ToDouble(equity);
        var returns = Array.ConvertAll(scenarios.Pnl, pnl => pnl / money);
        return Array.TrueForAll(returns, value => value == 0)
            ? 0
            : Ewma.Measure(returns).NextDeviation * Math.Sqrt(SessionsPerYear);
    }

    static double? OldestPriceSeconds(BookValuation valuation, DateTimeOffset now)
    {
        var oldest = 0.0;
        foreach (var symbol in valuation.Book.Exposures.Keys)
        {
            if (valuation.Prices.Find(symbol) is not { } instrument) return null;
            oldest = Math.Max(oldest, (now - instrument.AsOf).TotalSeconds);
        }

        return oldest;
    }
}
