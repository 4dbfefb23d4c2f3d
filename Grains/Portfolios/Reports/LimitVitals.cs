using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What the dynamic limits look at, taken from a book.</summary>
static class LimitVitals
{
    const double SessionsPerYear = 252;

    public static LimitInputs Of(Desk desk, DateTimeOffset now) => new(Volatility(desk), OldestPriceSeconds(desk, now)) { TrafficLight = desk.Book.Forecasts.Standing };

    /// <summary>Annualised RiskMetrics volatility of the positions booked over equity; null where a price, the history or positive equity is
    /// missing.</summary>
    static double? Volatility(Desk desk)
    {
        if (desk.Equity is not { } equity || equity <= 0 || Scenarios.Of(desk) is not { } scenarios) return null;
        if (scenarios.Legs.IsEmpty) return 0;
        if (scenarios.Sample < desk.Options.VarMinSessions) return null;
        var money = Money.ToDouble(equity);
        var returns = Array.ConvertAll(scenarios.Pnl, pnl => pnl / money);
        return Array.TrueForAll(returns, value => value == 0) ? 0 : Ewma.Measure(returns).NextDeviation * Math.Sqrt(SessionsPerYear);
    }

    static double? OldestPriceSeconds(Desk desk, DateTimeOffset now)
    {
        var oldest = 0.0;
        foreach (var symbol in desk.Book.Exposures.Keys)
        {
            if (desk.Prices.Find(symbol) is not { } instrument) return null;
            oldest = Math.Max(oldest, (now - instrument.PricedAt).TotalSeconds);
        }

        return oldest;
    }
}
