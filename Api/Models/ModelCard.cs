using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Trading.Models;

namespace Trading.Api;

/// <summary>The model card: one page, no script, curves as pictures, everything said in words and numbers.</summary>
internal static class ModelCard
{
    const int MaxFeatures = 25, MaxEvents = 20;

    /// <summary>A cell that may be broken into lines.</summary>
    const int LongText = 40;

    const string Style = """
        :root{--text:#1a1d21;--soft:#5b6470;--rule:#e1e5ea;--page:#fff;--line:#1f6feb;--other:#9aa4b0;--good:#0a6b2d;--warn:#8a5a00;--bad:#a11;--tint:#f6f8fa}
        @media(prefers-color-scheme:dark){:root{--text:#e6e8eb;--soft:#9aa4b0;--rule:#30363d;--page:#15171a;--line:#58a6ff;--other:#768390;--good:#4cc38a;--warn:#e3b341;--bad:#ff7b72;--tint:#1c2024}}
        body{font:15px/1.5 system-ui,sans-serif;max-width:66rem;margin:2rem auto;padding:0 1rem;color:var(--text);background:var(--page)}
        h1{margin-bottom:.2rem}h2{margin:2.2rem 0 .4rem;border-bottom:2px solid var(--rule);padding-bottom:.2rem}h3{margin:1.6rem 0 .3rem}
        .scroll{overflow-x:auto}table{border-collapse:collapse;margin:.3rem 0 1rem;font-variant-numeric:tabular-nums}
        th,td{padding:.28rem .8rem;text-align:right;border-bottom:1px solid var(--rule);vertical-align:top}
        th{color:var(--soft);font-weight:600;font-size:13px;white-space:nowrap}td:not(.long){white-space:nowrap}
        th:first-child,td:first-child,.text{text-align:left}td:first-child{padding-left:0}th:first-child{padding-left:0}
        .verdict{border-left:4px solid;background:var(--tint);padding:.6rem .9rem;margin:.8rem 0}.verdict span{color:var(--text)}
        .promote{color:var(--good)}.hold{color:var(--warn)}.reject,.broken td{color:var(--bad)}
        .curves{display:grid;grid-template-columns:repeat(auto-fit,minmax(20rem,1fr));gap:1.5rem}figure{margin:0}figcaption{font-weight:600}
        svg{width:100%;height:auto}svg text{font-size:11px;fill:var(--soft)}.grid{stroke:var(--rule)}.axis{stroke:var(--other)}
        polyline{fill:none;stroke:var(--line);stroke-width:2;stroke-linejoin:round}polyline.other{stroke:var(--other);stroke-dasharray:5 4}.dot{fill:var(--line)}
        .key{margin:.2rem 0;font-size:13px;color:var(--soft)}.key span{display:inline-block;width:1.4rem;border-top:2px solid var(--line);margin:0 .4rem .25rem 0}
        .key span.other{border-top:2px dashed var(--other);margin-left:1rem}.long{overflow-wrap:anywhere}.soft{color:var(--soft)}
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
        page.Append(CultureInfo.InvariantCulture, $"<p class=\"soft\">{(champion is null ? "No version is in use: the model says nothing." : $"Version {champion.Version} is in use since {champion.TrainedAt:yyyy-MM-dd}.")} ")
            .Append(CultureInfo.InvariantCulture, $"Training: {versions.Training.State.ToString().ToLowerInvariant()}{Detail(versions.Training)}.</p>");
        if (performance.Evidence is { } evidence) Newest(page, performance, evidence);
        else page.Append("<p>Nothing has been trained yet.</p>");
        Watch(page, versions);
        Table(page, "Versions", ["version", "role", "method", "trained", "verdict"], versions.Versions.Select(version => new[]
        {
            $"{version.Version}", Word(version.Role), version.Method, $"{version.TrainedAt:yyyy-MM-dd}",
            version.Evidence is { } of ? $"{Word(of.Verdict)}: {of.Reason}" : "an earlier build's",
        }));
        Table(page, "Events", ["at", "version", "what", "by", "why"], versions.Events.Take(MaxEvents).Select(each =>
            new[] { $"{each.At:yyyy-MM-dd HH:mm}", $"{each.Version}", Word(each.Kind), each.By, each.Reason }));
        return page.Append("</body></html>").ToString();
    }

    static void Newest(StringBuilder page, ModelPerformance performance, ModelEvidence evidence)
    {
        var (lineage, overfitting) = (evidence.Lineage, evidence.Overfitting);
        page.Append(CultureInfo.InvariantCulture, $"<h2>Newest version: {performance.ModelVersion}</h2>")
            .Append(CultureInfo.InvariantCulture, $"<p class=\"verdict {Word(evidence.Verdict)}\"><strong>{Word(evidence.Verdict)}</strong>: <span>{Text(evidence.Reason)}</span></p>");
        Table(page, "What it is", ["of", "what"],
        [
            ["it learned", lineage.Label ?? "the direction of the next return"], ["method", $"{performance.Method} ({evidence.Settings})"],
            ["probabilities", $"calibrated by {evidence.Calibration}"],
            ["trained on", $"rows: {lineage.Rows}, from {lineage.TrainedFrom:O} to {lineage.TrainedThrough:O}"],
            ["configuration", lineage.Configuration], ["code", $"version {lineage.CodeVersion}"], ["data (SHA-256)", $"hash {lineage.DataHash}"],
        ]);
        Table(page, "Promotion gate", ["rule", "observed", "limit", "", "what it says"], evidence.Gate.Select(rule =>
            new[] { rule.Code, Number(rule.Observed), Number(rule.Limit), rule.Passed ? "kept" : "broken", rule.Meaning }));
        Table(page, "Out of sample", ["measure", "value", "95 % band, or of how many"],
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
        page.Append("<h3>Curves</h3><div class=\"curves\">");
        foreach (var curve in Curves(evidence))
            ModelCurves.Write(page, curve);
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

    static ModelCurves.Curve[] Curves(ModelEvidence evidence) =>
    [
        new("What the forecasts would have earned", "periods out of sample", "sum of log returns, above drift, after costs", null, evidence.Earned),
        new("Reliability", "mean probability", "share of rises", "perfect",
            [.. evidence.Reliability.Select(point => point with { Other = point.X })], HasDots: true),
        new("Learning curve", "training rows", "log loss of training", "of test", evidence.LearningCurve, HasDots: true),
    ];

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
        if (all.Count == 0) return;
        page.Append(CultureInfo.InvariantCulture, $"<h3>{title}</h3><div class=\"scroll\"><table><thead><tr>");
        for (var column = 0; column < heads.Length; column++)
            page.Append(CultureInfo.InvariantCulture, $"<th{Class(all.All(row => row[column].Length == 0 || IsText(row[column])), false)}>{heads[column]}</th>");
        page.Append("</tr></thead><tbody>");
        foreach (var row in all)
        {
            page.Append(row.Contains("broken") ? "<tr class=\"broken\">" : "<tr>");
            foreach (var cell in row)
                page.Append(CultureInfo.InvariantCulture, $"<td{Class(IsText(cell), cell.Length > LongText)}>{Text(cell)}</td>");
            page.Append("</tr>");
        }

        page.Append("</tbody></table></div>");
    }

    static bool IsText(string cell) => cell.Length > 0 && char.IsLetter(cell[0]);

    static string Class(bool text, bool isLong) => (text, isLong) switch
    {
        (true, true) => " class=\"text long\"",
        (true, false) => " class=\"text\"",
        _ => "",
    };

    static string Detail(TrainingStatus status) => status.Detail is { } detail ? $" ({Text(detail.TrimEnd('.'))})" : "";

    static string Word<T>(T value) where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    static string Number(double? value) => value is not { } number ? "not known"
        : number.ToString(Math.Abs(number) is >= 0.001 and < 10_000 or 0 ? "0.####" : Math.Abs(number) is >= 1e-6 and < 1 ? "0.######" : "0.###E0",
            CultureInfo.InvariantCulture);

    static string Text(string text) => WebUtility.HtmlEncode(text);
}
