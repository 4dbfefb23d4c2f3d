using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>What today's positions would lose in events of the past and in events made up.</summary>
static class Stresses
{
    const string FactorDefinition = "the mean of the returns of the symbols held, each weighing the same";

    /// <summary>The worst stretches of the series at hand, then the configured ones that it covers.</summary>
    public static IEnumerable<StressResult> Historical(
        RiskInput input, HeldReturns all, ImmutableArray<ReportWarning>.Builder failures)
    {
        var results = new List<StressResult>
        {
            Worst("worst_session", 1),
            Worst($"worst_{input.Analysis.HorizonDays}_sessions", input.Analysis.HorizonDays)
        };
        foreach (var window in input.Analysis.StressWindows)
        {
            var first = all.Sessions.AsSpan().BinarySearch(window.From) is var found && found >= 0 ? found : ~found;
            var end = all.Sessions.AsSpan().BinarySearch(window.To) is var last && last >= 0 ? last : ~last - 1;
            if (window.From < all.Sessions[0] || window.To > all.Sessions[^1] || end <= first)
            {
                failures.Add(new("stress_window_not_covered", null,
                    RiskTerms.Text(
                        $"The symbols held have no common series for {window.Name}, {window.From:yyyy-MM-dd} to {window.To:yyyy-MM-dd}.")));
                continue;
            }

            var returns = all.Returns.Select(series => series[first..end]).ToArray();
            results.Add(Row(
                window.Name,
                $"closes of {all.Sessions[first]:yyyy-MM-dd} to {all.Sessions[end]:yyyy-MM-dd}, as configured",
                HistoricalStress.Compounded(returns, all.Weights), first..end));
        }

        return results;

        StressResult Worst(string name, int longest)
        {
            var worst = HistoricalStress.Worst(all.Returns, all.Weights, Math.Min(longest, all.Sample));
            return Row(
                name, RiskTerms.Text($"the largest loss over 1 to {longest} sessions in the {all.Sample} at hand"),
                worst, worst.Window!.Value);
        }

        StressResult Row(string name, string rule, StressLoss stress, Range range)
        {
            var (start, length) = range.GetOffsetAndLength(all.Sample);
            return Result(
                input, name, "historical", rule, all.Sessions[start], all.Sessions[start + length], length, stress,
                [.. all.Held.Select((position, i) => -stress.Components[i] / position.Weight)]);
        }
    }

    public static StressResult Hypothetical(RiskInput input, MarketFactor? factor, StressShocks shocks)
    {
        double[] moves = [.. input.Held.Select((position, i) => ShockOf(position, factor?.Betas[i].Beta, shocks))];
        var stress = StressLoss.UnderShocks([.. input.Held.Select(position => position.Weight)], moves);
        return Result(input, shocks.Name, "hypothetical", Words(shocks), null, null, null, stress, moves);
    }

    public static MarketFactor Factor(HeldReturns window)
    {
        var market = new double[window.Sample];
        foreach (var series in window.Returns)
            ScenarioRisk.AddScaled(market, series, 1.0 / window.Held.Length);
        return new(FactorDefinition, window.Sample, window.From, window.To,
            [
                .. window.Held.Select((position, i) =>
                    new SymbolBeta(position.Symbol, Comovement.Of(window.Returns[i], market).Beta))
            ]);
    }

    /// <summary>The most specific shock; never below a total loss. Without a beta a symbol moves as the market
    /// does.</summary>
    static double ShockOf(HeldSeries position, double? beta, StressShocks shocks) => Math.Max(-1,
        shocks.Symbols.FirstOrDefault(shock => shock.Name == position.Symbol)?.Shock
        ?? shocks.Sectors.FirstOrDefault(shock => shock.Name == position.Sector)?.Shock
        ?? (shocks.Market ?? 0) * (beta ?? 1));

    static string Words(StressShocks shocks) => string.Join(", ",
    [
        .. shocks.Symbols.Select(shock => RiskTerms.Text($"{shock.Name} {shock.Shock:+0.####;-0.####}")),
        .. shocks.Sectors.Select(shock => RiskTerms.Text($"sector {shock.Name} {shock.Shock:+0.####;-0.####}")),
        .. shocks.Market is { } market
            ? [RiskTerms.Text($"market factor {market:+0.####;-0.####} times beta")]
            : Array.Empty<string>(),
    ]);

    static StressResult Result(
        RiskInput input, string name, string kind, string rule, DateOnly? from, DateOnly? to, int? sessions,
        StressLoss stress, double[] moves) => new(
        name, kind, rule, from, to, sessions, stress.Loss, input.MoneyOf(stress.Loss), RiskMethods.Sign,
        [.. input.Held.Select((position, i) => new StressPart(
                position.Symbol, position.Sector, moves[i], input.MoneyOf(stress.Components[i])))
            .OrderByDescending(part => part.LossMoney)]);
}
