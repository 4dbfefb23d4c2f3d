using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Drawdowns of real series against R and Python, their dates included.</summary>
public sealed class ReferenceDrawdownTests
{
    [ReferenceFact]
    public void TheDeepestFalls_AreRs_WithTheirDates()
    {
        foreach (var series in ReferenceData.Cases("r_single_series.json"))
        {
            var prices = ReferenceData.Prices(series.Value.GetProperty("input"));
            double[] equity = [.. prices.Select(point => point.Price)];
            var deepest = DrawdownRisk.Falls(equity).OrderByDescending(fall => fall.Depth).ToArray();
            var expected = series.Value.GetProperty("performance").GetProperty("top_drawdowns").EnumerateArray().ToArray();
            foreach (var (fall, theirs) in deepest.Zip(expected))
            {
                fall.Depth.ShouldAgree(-theirs.Number("depth"), 1e-9, series.Name);
                prices[fall.Trough].At.ShouldBe(theirs.GetProperty("trough").GetString(), series.Name);
                prices[fall.Peak + 1].At.ShouldBe(theirs.GetProperty("first_day_below_peak").GetString(), series.Name);
                (fall.Recovery is { } at ? prices[at].At : null).ShouldBe(theirs.GetProperty("recovered").GetString(), series.Name);
            }

            var measure = DrawdownRisk.Measure(equity, 0.95);
            measure.Maximum!.Depth.ShouldAgree(series.Value.Number("performance", "max_drawdown"), 1e-9, series.Name);
            measure.UlcerIndex.ShouldAgree(series.Value.Number("performance", "ulcer_index"), 1e-9, series.Name);
        }
    }

    [ReferenceFact]
    public void TheMaximum_IsPythons_WithItsDates()
    {
        foreach (var series in ReferenceData.Cases("py_single_series.json"))
        {
            var prices = ReferenceData.Prices(series.Value.GetProperty("input"));
            var fall = DrawdownRisk.Measure([.. prices.Select(point => point.Price)], 0.95).Maximum.ShouldNotBeNull();
            var expected = series.Value.GetProperty("performance");
            fall.Depth.ShouldAgree(expected.Number("max_drawdown"), 1e-9, series.Name);
            prices[fall.Peak].At.ShouldBe(expected.GetProperty("max_drawdown_peak").GetString(), series.Name);
            prices[fall.Trough].At.ShouldBe(expected.GetProperty("max_drawdown_trough").GetString(), series.Name);
            (fall.Recovery is { } at ? prices[at].At : null).ShouldBe(expected.GetProperty("max_drawdown_recovered").GetString(), series.Name);
        }
    }
}
