using System.CommandLine;
using Trading.MarketData;

namespace Trading.Commands;

/// <summary><c>trading data evaluate</c>: measures the rules of quality on a data set whose oddities are listed.</summary>
static class DataEvaluateCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("dir") { Description = "The folder with daily, intraday, crypto, fx, multi and quality." };
        var page = new Option<FileInfo?>("--page") { Description = "Write the tables into this page too, for example docs/data-quality.md." };
        var all = new Option<bool>("--all") { Description = "Also print each finding that the list does not name." };
        var command = new Command("evaluate", "Hits, misses and false alarms of the quality rules, for each file of a data set.") { folder, page, all };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            EvaluateAsync(parsed.GetValue(folder)!, parsed.GetValue(page), parsed.GetValue(all), cancellation)));
        return command;
    }

    /// <returns>Success only where every listed oddity was found and no true move was rejected.</returns>
    static async Task<int> EvaluateAsync(DirectoryInfo folder, FileInfo? page, bool all, CancellationToken cancellation)
    {
        var files = DataSetEvaluation.Run(folder.FullName);
        var table = DataSetEvaluation.Table(files);
        Console.WriteLine(table);
        var sum = DataSetEvaluation.Sum(files);
        foreach (var line in sum.Missed) await Console.Error.WriteLineAsync($"missed: {line}");
        foreach (var line in sum.NotJudged) await Console.Error.WriteLineAsync($"not judged, for its kind is not known: {line}");
        foreach (var line in all ? sum.Unlisted : []) Console.WriteLine(line);
        if (page is not null) await WriteAsync(page, table, DataSetEvaluation.Unlisted(files), cancellation);
        return sum.Missed.IsEmpty && sum.TrueRejected == 0 ? 0 : Failure.Failed;
    }

    static async Task WriteAsync(FileInfo page, string table, string unlisted, CancellationToken cancellation)
    {
        var text = await File.ReadAllTextAsync(page.FullName, cancellation);
        text = GeneratedPart.Replace(text, "rules", BarRuleCatalog.Table());
        text = GeneratedPart.Replace(text, "evaluation", table);
        text = GeneratedPart.Replace(text, "unlisted", unlisted);
        await File.WriteAllTextAsync(page.FullName, text, cancellation);
    }
}
