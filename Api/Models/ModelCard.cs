using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Trading.Models;

namespace Trading.Api;

/// <summary>The model card: one page, no script, curves as pictures, everything said in words and numbers.</summary>
internal static class ModelCard
{
    const int Width = 420, Height = 200, Margin = 52, MaxFeatures = 25;

    const string Style = """
        body{font:15px/1.5 system-ui,sans-serif;max-width:64rem;margin:2rem auto;padding:0 1rem;color:#1a1a1a;background:#fff}
        table{border-collapse:collapse;margin:.5rem 0 1.5rem}th,td{padding:.2rem .7rem;text-align:right;border-bottom:1px solid #ddd}
        th:first-child,td:first-child,td.text,th.text{text-align:left}td:first-child:not(:only-child){white-space:nowrap}.promote{color:#0a6b2d}.hold{color:#8a5a00}.reject,.broken{color:#a11}
        .curves{display:flex;flex-wrap:wrap;gap:1.5rem}figure{margin:0}figcaption{font-size:13px;color:#444}code{font-size:12px}
        @media(prefers-color-scheme:dark){body{color:#e6e6e6;background:#15171a}th,td{border-color:#333}figcaption{color:#aaa}}
        """;

    public static string Html(ModelVersions versions, ModelPerformance performance)
    {
        var page = new StringBuilder();
        page.Append(CultureInfo.InvariantCulture, $"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
            <title>Model card {Text(versions.Symbol)}</title><style>{Style}</style></head><body>
            <h1>Model card: {Text(versions.Symbol)}</h1>
            """);
        var champion = versions.Versions.FirstOrDefault(version => version.Role == ModelRole.Champion);
        page.Append(CultureInfo.InvariantCulture, $"<p>{(champion is null ? "No version is in use: the model says nothing." : $"Version {champion.Version} is in use since {champion.TrainedAt:yyyy-MM-dd}.")} ")
            .Append(CultureInfo.InvariantCulture, $"Training: {versions.Training.State.ToString().ToLowerInvariant()}{Detail(versions.Training)}.</p>");
        if (performance.Evidence is { } evidence) Newest(page, performance, evidence);
        else page.Append("<p>Nothing has been trained yet.</p>");
        Watch(page, versions);
        Table(page, "Versions", ["version", "role", "method", "trained", "verdict"], versions.Versions.Select(version => new[]
        {
            $"{version.Version}", Word(version.Role), version.Method, $"{version.TrainedAt:yyyy-MM-dd}",
            version.Evidence is { } of ? $"{Word(of.Verdict)}: {of.Reason}" : "an earlier build's",
        }));
        Table(page, "Events", ["at", "version", "what", "by", "why"], versions.Events.Take(20).Select(each =>
            new[] { $"{each.At:yyyy-MM-dd HH:mm}", $"{each.Version}", Word(each.Kind), each.By, each.Reason }));
        return page.Append("</body></html>").ToString();
    }

    static void Newest(StringBuilder page, ModelPerformance performance, ModelEvidence evidence)
    {
        var (lineage, overfitting) = (evidence.Lineage, evidence.Overfitting);
        page.Append(CultureInfo.InvariantCulture, $"<h2>Newest version: {performance.ModelVersion}</h2>")
            .Append(CultureInfo.InvariantCulture, $"<p class=\"{Word(evidence.Verdict)}\"><strong>{Word(evidence.Verdict)}</strong>: {Text(evidence.Reason)}</p>")
            .Append(CultureInfo.InvariantCulture, $"<p>{Text(performance.Method)} ({Text(evidence.Settings)}), calibrated by {Text(evidence.Calibration)}, ")
            .Append(CultureInfo.InvariantCulture, $"trained on {lineage.Rows} rows from {lineage.TrainedFrom:O} to {lineage.TrainedThrough:O}. ")
            .Append(CultureInfo.InvariantCulture, $"It learned {Text(lineage.Label ?? "the direction of the next return")}. {Text(lineage.Configuration)}. Code {Text(lineage.CodeVersion)}. Data <code>{Text(lineage.DataHash)}</code>.</p>");
        Table(page, "Promotion gate", ["rule", "observed", "limit", "", ""], evidence.Gate.Select(rule =>
            new[] { rule.Code, Number(rule.Observed), Number(rule.Limit), rule.Passed ? "kept" : "broken", rule.Meaning }));
        Table(page, "Out of sample", ["measure", "value", "95 % band"],
        [
            ["log loss", Number(performance.LogLoss), $"{Number(evidence.LossLow)} to {Number(evidence.LossHigh)}"],
            ["log loss of the share of rises", Number(performance.BaselineLogLoss), ""],
            ["area under the curve", Number(performance.AreaUnderCurve), $"{Number(evidence.AreaLow)} to {Number(evidence.AreaHigh)}"],
            ["accuracy", Number(performance.Accuracy), ""], ["Brier score", Number(performance.BrierScore), ""],
            ["calibration error", Number(evidence.CalibrationError), ""],
            ["Sharpe ratio a year, above drift, after costs", Number(overfitting.Sharpe), overfitting.Paths == 0 ? ""
                : $"median of {overfitting.Paths} histories, {Number(overfitting.LowestSharpe)} to {Number(overfitting.HighestSharpe)}"],
            ["probabilistic / deflated Sharpe", $"{Number(overfitting.ProbabilisticSharpe)} / {Number(overfitting.DeflatedSharpe)}", $"{overfitting.Trials} trials"],
            ["probability of overfitting (PBO)", Number(overfitting.Pbo), ""],
            ["walk-forward efficiency", Number(overfitting.Efficiency), ""],
            ["log loss: test less training", Number(overfitting.TrainTestGap), ""],
            ["history / needed for so many trials", $"{Number(overfitting.Years)} / {Number(overfitting.MinimumYears)} years", ""],
            ["stability of the selection", Number(evidence.SelectionStability), ""],
        ]);
        page.Append("<div class=\"curves\">");
        Curve(page, "What the forecasts would have earned above the drift, after costs, by session", evidence.Earned);
        Curve(page, "Reliability: share of rises by mean probability; grey is perfect",
            [.. evidence.Reliability.Select(point => point with { Other = point.X })]);
        Curve(page, "Learning curve: log loss of training (blue) and test (grey) by rows", evidence.LearningCurve);
        page.Append("</div>");
        Table(page, "Folds", ["test", "train rows", "purged", "method", "log loss, 95 % band", "of its training rows", "features"],
            evidence.Folds.Select(fold => new[]
            {
                fold.Groups ?? $"{fold.TestFrom:O} to {fold.TestTo:O}", $"{fold.TrainRows}", $"{fold.Purged}", $"{fold.Method} ({fold.Settings})",
                $"{Number(fold.LossLow)} to {Number(fold.LossHigh)}", Number(fold.TrainLogLoss), $"{fold.Features}",
            }));
        Table(page, "Features", ["feature", "importance", "permutation", "information", "half samples", "folds"],
            evidence.Features.Take(MaxFeatures).Select(feature => new[]
            {
                feature.Name, Number(feature.Importance), Number(feature.Permutation), Number(feature.Information),
                Number(feature.Frequency), Number(feature.ChosenShare),
            }));
        if (!evidence.Refused.IsEmpty) Table(page, "Refused features", ["why"], evidence.Refused.Select(refused => new[] { refused }));
    }

    static void Watch(StringBuilder page, ModelVersions versions)
    {
        if (versions.Drift is { } drift)
            Table(page, "Since its training", ["measure", "value"],
            [
                ["sessions", $"{drift.Sessions}"], ["share of features that moved", Number(drift.DriftedShare)],
                ["most moved", drift.MostDrifted ?? "not known yet"], ["stability index of probabilities", Number(drift.Probabilities)],
                ["probability that those have not moved (Kolmogorov and Smirnov)", Number(drift.SameProbabilities)],
                ["calibration error, standard errors", Number(drift.CalibrationError)],
                ["log loss, 95 % band", $"{Number(drift.LossLow)} to {Number(drift.LossHigh)}"],
                ["log loss expected", Number(drift.ExpectedLoss)],
                ["verdict", drift.Act ? "train anew" : drift.DriftedShare is null ? "too few sessions to say" : "as it was"],
            ]);
        if (versions.Shadow is { } shadow)
            Table(page, "Shadow", ["measure", "value"],
            [
                ["challenger, champion", $"{shadow.Challenger}, {shadow.Champion}"], ["sessions", $"{shadow.Sessions}"],
                ["loss less the champion's", Number(shadow.LossDifference)], ["p-value (Diebold and Mariano)", Number(shadow.PValue)],
            ]);
    }

    static void Table(StringBuilder page, string title, string[] heads, IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        page.Append(CultureInfo.InvariantCulture, $"<h3>{title}</h3><table><tr>");
        for (var column = 0; column < heads.Length; column++)
            page.Append(CultureInfo.InvariantCulture, $"<th{Class(all.All(row => row[column].Length == 0 || IsText(row[column])))}>{heads[column]}</th>");
        page.Append("</tr>");
        foreach (var row in all)
        {
            page.Append(row.Contains("broken") ? "<tr class=\"broken\">" : "<tr>");
            foreach (var cell in row)
                page.Append(CultureInfo.InvariantCulture, $"<td{Class(IsText(cell))}>{Text(cell)}</td>");
            page.Append("</tr>");
        }

        page.Append("</table>");
    }

    static bool IsText(string cell) => cell.Length > 0 && char.IsLetter(cell[0]);

    static string Class(bool text) => text ? " class=\"text\"" : "";

    static void Curve(StringBuilder page, string title, ImmutableArray<CurvePoint> points)
    {
        if (points.Length < 2) return;
        var ys = points.SelectMany(point => new[] { point.Y, point.Other ?? point.Y }).ToList();
        var (left, right, low, high) = (points.Min(point => point.X), points.Max(point => point.X), ys.Min(), ys.Max());
        string Place(double x, double y) => FormattableString.Invariant(
            $"{Margin + (Width - 2 * Margin) * (right > left ? (x - left) / (right - left) : 0.5):0.#},{Height - Margin - (Height - 2 * Margin) * (high > low ? (y - low) / (high - low) : 0.5):0.#} ");
        string Line(Func<CurvePoint, double?> y) =>
            string.Concat(points.Where(point => y(point) is not null).Select(point => Place(point.X, y(point)!.Value)));
        page.Append(CultureInfo.InvariantCulture, $"""
            <figure><svg viewBox="0 0 {Width} {Height}" width="{Width}" height="{Height}" role="img" aria-label="{Text(title)}">
            <g font-size="11" fill="#888"><text x="{Margin}" y="{Height - 12}">{Number(left)}</text><text x="{Width - Margin}" y="{Height - 12}" text-anchor="end">{Number(right)}</text>
            <text x="4" y="{Height - Margin}">{Number(low)}</text><text x="4" y="{Margin + 4}">{Number(high)}</text></g>
            <polyline fill="none" stroke="#999" points="{Line(point => point.Other)}"/>
            <polyline fill="none" stroke="#1f6feb" stroke-width="2" points="{Line(point => point.Y)}"/></svg>
            <figcaption>{Text(title)}</figcaption></figure>
            """);
    }

    static string Detail(TrainingStatus status) => status.Detail is { } detail ? $" ({Text(detail.TrimEnd('.'))})" : "";

    static string Word<T>(T value) where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    static string Number(double? value) => value is not { } number ? "not known"
        : number.ToString(Math.Abs(number) is >= 0.001 and < 10_000 or 0 ? "0.####" : "0.###E0", CultureInfo.InvariantCulture);

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
