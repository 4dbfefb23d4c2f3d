using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>Makes the forecast of a session from a valuation, when the session of its prices advances.</summary>
sealed class Forecaster(BookValuation valuation)
{
    /// <summary>The event to record; null where the session is not a new one, or the risk is not known.</summary>
    public ForecastMade? Next(DateTimeOffset now)
    {
        if (RiskReporting.PricesAsOf(valuation) is not { } session) return null;
        var before = valuation.Book.Forecasts.Open;
        if (session <= before?.Session) return null;
        if (valuation.Equity is not > 0 || PositionScenarios.Of(valuation) is not { Legs.IsEmpty: false } scenarios
            || !scenarios.IsMeasurable(valuation.Options.VarMinSessions))
            return null;
        var realised = before is null ? null : Realise(before, scenarios, session, valuation.Equity.Value);
        return new(
            Measure(scenarios, session, valuation.Equity.Value, now), realised,
            Standing(before is null ? null : before with { Realised = realised }), now);
    }

    ForecastStanding Standing(Forecast? closed)
    {
        var all = valuation.Book.Forecasts.All;
        Forecast[] newest =
            [.. Forecasts.Comparable(closed is null ? all : [.. all[..^1], closed]).TakeLast(TrafficLights.Window)];
        return TrafficLights.Of(
            newest.Length, newest.Count(forecast => forecast.Realised!.Fraction < -forecast.ValueAtRisk99.Fraction),
            valuation.Options.Analysis.BacktestMinSessions);
    }

    Forecast Measure(PositionScenarios scenarios, DateOnly session, decimal equity, DateTimeOffset now)
    {
        var (at95, at975, at99) = (Tail(0.95), Tail(0.975), Tail(0.99));
        return new(
            session, now, valuation.Book.Sequence, equity, valuation.Book.Deposits,
            RiskMethods.Short(valuation.Options.VarLookbackDays),
            scenarios.Sample,
            Loss(at95.ValueAtRisk), Loss(at975.ValueAtRisk), Loss(at99.ValueAtRisk), Loss(at975.ExpectedShortfall));

        TailEstimate Tail(double confidence) => ScenarioRisk.Measure(scenarios.Pnl, confidence, confidence);

        LossForecast Loss(double money) => new(money / Money.ToDouble(equity), Money.FromDouble(money));
    }

    /// <summary>The sessions that passed are counted by the symbols held: more than one after a pause of the
    /// book.</summary>
    Realised Realise(Forecast before, PositionScenarios scenarios, DateOnly session, decimal equity)
    {
        var pnl = equity - before.Equity - (valuation.Book.Deposits - before.Deposits);
        return new(session, scenarios.Sessions.Count(date => date > before.Session && date <= session), pnl,
            Money.ToDouble(pnl) / Money.ToDouble(before.Equity));
    }
}
