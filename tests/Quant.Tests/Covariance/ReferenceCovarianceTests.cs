using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Covariances, correlations and betas of real series against NumPy, scikit-learn, pandas, statsmodels and R.</summary>
public sealed class ReferenceCovarianceTests
{
    [ReferenceFact]
    public void Covariances_Agree()
    {
        foreach (var portfolio in ReferencePortfolio.All())
        {
            ReferencePortfolio.ShouldAgree(Covariance.Sample(portfolio.Series).Matrix.Values, portfolio.Expected.GetProperty("covariance_sample"), portfolio.Name);
            ReferencePortfolio.ShouldAgree(
                Covariance.ExponentiallyWeighted(portfolio.Series, 0.94).Matrix.Values,
                portfolio.Expected.GetProperty("ewma_094_covariance_zero_mean_normalised_weights"), portfolio.Name);
        }
    }

    [ReferenceFact]
    public void LedoitWolf_AgreesWithScikitLearn()
    {
        foreach (var portfolio in ReferencePortfolio.All())
        {
            var expected = portfolio.Expected.GetProperty("ledoit_wolf");
            var estimate = Covariance.LedoitWolf(portfolio.Series);
            ReferencePortfolio.ShouldAgree(estimate.Matrix.Values, expected.GetProperty("covariance"), portfolio.Name);
            ReferencePortfolio.ShouldAgree([estimate.Shrinkage!.Value], WrapInArray(expected.GetProperty("shrinkage")), portfolio.Name);
        }
    }

    [ReferenceFact]
    public void Correlations_Agree()
    {
        foreach (var portfolio in ReferencePortfolio.All().Concat(ReferencePortfolio.All("r_portfolios.json", "from")))
        {
            var correlation = CorrelationMatrix.Of(Covariance.Sample(portfolio.Series).Matrix);
            double[] all = [.. from row in correlation.Known from column in correlation.Known select correlation[row, column]!.Value];
            ReferencePortfolio.ShouldAgree(all, portfolio.Expected.GetProperty("correlation"), portfolio.Name);
            if (portfolio.Expected.TryGetProperty("effective_bets_eigenvalues_correlation", out var eigenvalues))
                correlation.LargestEigenvalueShare()!.Value.ShouldBe(ReferencePortfolio.Numbers(eigenvalues).Max() / correlation.Order, 1e-12);
        }
    }

    [ReferenceFact]
    public void Betas_AgreeWithOrdinaryLeastSquares_AlsoRolling()
    {
        foreach (var one in ReferenceData.Json("py_beta.json").GetProperty("cases").EnumerateObject())
        {
            var input = one.Value.GetProperty("input");
            var (y, x) = (Returns("y"), Returns("x"));
            var expected = one.Value.GetProperty("full_sample_ols");
            var line = Comovement.Of(y, x);
            line.Beta!.Value.ShouldBe(expected.GetProperty("beta").GetDouble(), 1e-11, one.Name);
            line.Alpha!.Value.ShouldBe(expected.GetProperty("alpha").GetDouble(), 1e-13, one.Name);
            Math.Pow(line.Correlation!.Value, 2).ShouldBe(expected.GetProperty("r_squared").GetDouble(), 1e-12, one.Name);

            var window = input.GetProperty("window").GetInt32();
            var rolling = Enumerable.Range(0, y.Length - window + 1)
                .Select(start => Comovement.Of(y.AsSpan(start, window), x.AsSpan(start, window)).Beta!.Value).ToArray();
            var summary = one.Value.GetProperty("rolling");
            rolling.Length.ShouldBe(summary.GetProperty("count").GetInt32());
            double[] found = [rolling[0], rolling[^1], rolling.Min(), rolling.Max()];
            foreach (var (value, name) in found.Zip((string[])["first", "last", "min", "max"]))
                value.ShouldBe(summary.GetProperty(name).GetDouble(), 1e-9, one.Name);

            double[] Returns(string series) => ReferenceData.Returns(
                input.GetProperty(series).GetString()!, "adj_close", input.GetProperty("from_").GetString()!, input.GetProperty("to").GetString()!);
        }
    }

    static System.Text.Json.JsonElement WrapInArray(System.Text.Json.JsonElement number) =>
        System.Text.Json.JsonSerializer.SerializeToElement(new[] { number });
}
