using System.Globalization;
using Spectre.Console;
using Trading.Models;

namespace Trading.Commands;

/// <summary>What is to be thought of a model, on the terminal.</summary>
static class ModelTable
{
    const int MaxFeatures = 15;

    public static void Write(IAnsiConsole console, string name, ModelPerformance performance)
    {
        if (performance.Evidence is not { } evidence)
        {
            console.WriteLine($"{name}: no version was trained. {performance.Training.Detail}");
            return;
        }

        console.WriteLine($"{name}: {evidence.Verdict.ToString().ToLowerInvariant()}. {evidence.Reason}");
        console.WriteLine(FormattableString.Invariant(
            $"{performance.Method} ({evidence.Settings}), {evidence.Lineage.Rows} rows, ")
            + $"{evidence.Lineage.TrainedFrom:O} to {evidence.Lineage.TrainedThrough:O}, {evidence.Lineage.Label}");
        Write(console, ["gate", "observed", "limit", ""], evidence.Gate.Select(rule =>
            new[] { rule.Code, Number(rule.Observed), Number(rule.Limit), rule.Passed ? "kept" : "broken" }));
        Write(console, ["out of sample", "value", "95 % band"],
        [
            ["log loss", Number(performance.LogLoss), $"{Number(evidence.LossLow)} to {Number(evidence.LossHigh)}"],
            ["of the share of rises", Number(performance.BaselineLogLoss), ""],
            ["area under the curve", Number(performance.AreaUnderCurve), $"{Number(evidence.AreaLow)} to {Number(evidence.AreaHigh)}"],
            ["Sharpe a year", Number(evidence.Overfitting.Sharpe), evidence.Overfitting.Paths == 0 ? ""
                : $"{evidence.Overfitting.Paths} histories: {Number(evidence.Overfitting.LowestSharpe)} to {Number(evidence.Overfitting.HighestSharpe)}"],
            ["deflated Sharpe", Number(evidence.Overfitting.DeflatedSharpe), $"{evidence.Overfitting.Trials} trials"],
            ["PBO", Number(evidence.Overfitting.Pbo), ""],
            ["test less training loss", Number(evidence.Overfitting.TrainTestGap), ""],
        ]);
        Write(console, ["test", "rows", "method", "log loss", "baseline", "area"], performance.Folds.Zip(evidence.Folds).Select(fold => new[]
        {
            fold.Second.Groups ?? $"{fold.First.TestFrom:O} to {fold.First.TestTo:O}", $"{fold.First.Observations}", $"{fold.Second.Method} {fold.Second.Settings}",
            Number(fold.First.LogLoss), Number(fold.First.BaselineLogLoss), Number(fold.First.AreaUnderCurve),
        }));
        Write(console, ["feature", "importance", "permutation", "folds"], evidence.Features.Take(MaxFeatures).Select(feature =>
            new[] { feature.Name, Number(feature.Importance), Number(feature.Permutation), Number(feature.ChosenShare) }));
    }

    public static void Write(IAnsiConsole console, ModelPrediction prediction)
    {
        console.WriteLine(prediction.ProbabilityUp is { } probability
            ? FormattableString.Invariant($"{prediction.Symbol} after {prediction.AsOf:O}: a rise with {probability:P1}, that is, {prediction.LabelMeaning}; ")
                + FormattableString.Invariant($"return {prediction.ExpectedReturn:P2}, nine in ten from {prediction.ReturnLow:P2} ")
                + FormattableString.Invariant($"to {prediction.ReturnHigh:P2} (version {prediction.ModelVersion})")
            : $"{prediction.Symbol}: {prediction.Abstention}");
        Write(console, ["feature", "value", "weight", "effect"], prediction.Features
            .OrderByDescending(feature => Math.Abs(feature.Effect ?? 0)).ThenByDescending(feature => Math.Abs(feature.Coefficient ?? 0))
            .Take(MaxFeatures)
            .Select(feature => new[] { feature.Name, Number(feature.Value), Number(feature.Coefficient), Points(feature.Effect) }));
        if (prediction.ProbabilityUp is not null)
            console.WriteLine("Effect: what the probability is higher or lower by than with the feature at its mean.");
    }

    static void Write(IAnsiConsole console, string[] heads, IEnumerable<string[]> rows)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var head in heads)
            table.AddColumn(new TableColumn(Markup.Escape(head)));
        foreach (var row in rows)
            table.AddRow([.. row.Select(Markup.Escape)]);
        console.Write(table);
    }

    static string Points(double? share) =>
        share is { } part ? string.Create(CultureInfo.InvariantCulture, $"{100 * part:+0.00;-0.00;0.00} %") : "not known";

    static string Number(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "not known";
}
