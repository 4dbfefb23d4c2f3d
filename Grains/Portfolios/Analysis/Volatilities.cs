using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>The book's volatility for the next session, by the models that follow it through time.</summary>
static class Volatilities
{
    public static VolatilityNow ByEwma(HeldReturns history, double decay)
    {
        var measured = Ewma.Measure(history.Book, decay);
        return Row(
            "ewma", history, measured.NextDeviation, null,
            RiskTerms.Text($"decay={decay} seed_count={measured.SeedCount}"), true);
    }

    public static VolatilityNow ByGarch(HeldReturns history, GarchModel model)
    {
        var next = Math.Sqrt(model.Filter(history.Book, default));
        return Row("garch", history, next, Math.Sqrt(model.LongRunVariance), Parameters(model), model.Converged);
    }

    public static string Parameters(GarchModel model) =>
        RiskTerms.Text($"mean={model.Mean:G4} omega={model.Omega:G4} alpha={model.Alpha:G4} beta={model.Beta:G4}");

    static VolatilityNow Row(
        string method, HeldReturns history, double daily, double? longRun, string parameters, bool converged) => new(
        method, daily, daily * Math.Sqrt(RiskTerms.Days), longRun, parameters, converged, history.Window,
        history.Sample, history.From, history.To,
        RiskTerms.Hash(method, parameters, history.Window, history.Sample, history.From, history.To));
}
