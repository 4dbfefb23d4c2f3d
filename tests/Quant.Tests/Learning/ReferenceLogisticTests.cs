using System.Text.Json;
using Trading.Testing;

namespace Trading.Quant.Tests;

/// <summary>Fits and scores on a real feature matrix against scikit-learn.</summary>
public sealed class ReferenceLogisticTests
{
    const double Tolerance = 1e-6;

    [ReferenceFact]
    public void ModelAndScores_AgreeForEveryPenalty()
    {
        var (dates, features, labels) = Sample();
        var split = dates.Count(date => string.CompareOrdinal(date, "2014-01-01") < 0);
        var reference = ReferenceData.Json("py_logistic.json");
        foreach (var (name, penalty) in ((string, double)[])[("C=1", 1), ("C=0.1", 10), ("C=0.01", 100)])
        {
            var expected = reference.GetProperty("models").GetProperty(name);
            var model = LogisticRegression.Fit(features[..split], labels[..split], penalty);
            model.Intercept.ShouldBe(expected.GetProperty("intercept").GetDouble(), Tolerance);
            model.Coefficients.ShouldBe(expected.GetProperty("coef").EnumerateObject().Select(item => item.Value.GetDouble()), Tolerance);
            model.Means.ShouldBe(Numbers(reference.GetProperty("scaler").GetProperty("mean")), 1e-12);
            model.Scales.ShouldBe(Numbers(reference.GetProperty("scaler").GetProperty("sd_population")), 1e-12);
            ShouldScore(model, features[..split], labels[..split], expected.GetProperty("train"));
            ShouldScore(model, features[split..], labels[split..], expected.GetProperty("test"));
        }
    }

    [ReferenceFact]
    public void Probabilities_Agree()
    {
        var (dates, features, labels) = Sample();
        var expected = ReferenceData.Csv("reference/ml/spy_probabilities.csv").Skip(1).ToDictionary(row => row[0], row => ReferenceData.Number(row[2]));
        var split = dates.Count(date => string.CompareOrdinal(date, "2014-01-01") < 0);
        var model = LogisticRegression.Fit(features[..split], labels[..split], 1);
        foreach (var (date, row) in dates.Zip(features))
            model.Probability(row).ShouldBe(expected[date], Tolerance, date);
    }

    [ReferenceFact]
    public void ExpandingFolds_Agree()
    {
        var (dates, features, labels) = Sample();
        foreach (var fold in ReferenceData.Json("py_logistic.json").GetProperty("walk_forward_C1").EnumerateArray())
        {
            var train = fold.GetProperty("train")[2].GetInt32();
            var test = fold.GetProperty("test")[2].GetInt32();
            dates[train].ShouldBe(fold.GetProperty("test")[0].GetString());
            var model = LogisticRegression.Fit(features[..train], labels[..train], 1);
            model.Coefficients.ShouldBe(Numbers(fold.GetProperty("coef")), Tolerance);
            ShouldScore(model, features[train..(train + test)], labels[train..(train + test)], fold.GetProperty("test_scores"));
        }
    }

    static void ShouldScore(LogisticModel model, double[][] features, bool[] labels, JsonElement expected)
    {
        var scores = ClassificationScores.Of([.. features.Select(row => model.Probability(row))], labels);
        scores.Count.ShouldBe(expected.GetProperty("n").GetInt32());
        scores.Accuracy.ShouldBe(expected.GetProperty("accuracy").GetDouble(), 1e-12);
        scores.LogLoss.ShouldBe(expected.GetProperty("log_loss").GetDouble(), 1e-8);
        scores.BrierScore.ShouldBe(expected.GetProperty("brier").GetDouble(), 1e-8);
        scores.AreaUnderCurve!.Value.ShouldBe(expected.GetProperty("auc").GetDouble(), 1e-9);
    }

    static (string[] Dates, double[][] Features, bool[] Labels) Sample()
    {
        var rows = ReferenceData.Csv("reference/ml/spy_features.csv").Skip(1).ToArray();
        return ([.. rows.Select(row => row[0])], [.. rows.Select(row => row[1..7].Select(ReferenceData.Number).ToArray())], [.. rows.Select(row => row[7] == "1")]);
    }

    static IEnumerable<double> Numbers(JsonElement array) => array.EnumerateArray().Select(item => item.GetDouble());
}
