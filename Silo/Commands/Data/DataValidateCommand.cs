using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Spectre.Console;
using Trading.Api;
using Trading.Hosting;
using Trading.MarketData;

namespace Trading.Commands;

/// <summary><c>trading data validate</c>: what files of bars are worth, without storing them.</summary>
static class DataValidateCommand
{
    const int MaxFindings = 5;

    public static Command Create()
    {
        var files = new Argument<FileInfo[]>("file") { Description = "Files of bars as `data import` takes them.", Arity = ArgumentArity.OneOrMore };
        var interval = DataFiles.IntervalOption();
        var json = new Option<bool>("--json") { Description = "Print the reports as one JSON array of {file, report} instead of tables." };
        var settings = Settings.Option("market_data:parallel_workers=8");
        var command = new Command("validate", "Read and judge files of bars; nothing is stored. Exit code 1 where a row cannot be read or a bar is impossible.")
        {
            files, interval, json, settings,
        };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => ValidateAsync(
            parsed.GetValue(files)!, BarIntervals.Parse(parsed.GetValue(interval)!)!.Value, parsed.GetValue(json), parsed.GetValue(settings) ?? [], cancellation)));
        return command;
    }

    static async Task<int> ValidateAsync(FileInfo[] files, BarInterval interval, bool json, string[] settings, CancellationToken cancellation)
    {
        foreach (var missing in files.Where(file => !file.Exists)) throw new FileNotFoundException($"There is no file {missing.FullName}.");
        using var host = TradingHost.BuildForFiles(settings); // never started: no store is opened
        var intake = host.Services.GetRequiredService<FileIntake>();
        var results = await DataFiles.WorkAsync(
            [.. files.Select(file => file.FullName)], intake.Workers, show: !json,
            (file, progress) => intake.ValidateAsync(file, interval, progress, cancellation), cancellation);
        if (json) WriteJson(results);
        else Write(results);
        foreach (var result in results)
        {
            if (result.Problem is not null) await Console.Error.WriteLineAsync(result.Problem);
            if (result.Report is not null) await DataFaults.WriteAsync(result.File, result.Report.Rows);
        }

        return results.All(result => result.Report is { IsSound: true }) ? 0 : Failure.Failed;
    }

    static void WriteJson(FileResult<ValidationReport>[] results)
    {
        using var output = Console.OpenStandardOutput();
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Indented = true });
        writer.WriteStartArray();
        foreach (var result in results)
        {
            writer.WriteStartObject();
            writer.WriteString("file", result.File);
            writer.WritePropertyName("report");
            if (result.Report is null) writer.WriteNullValue();
            else JsonSerializer.Serialize(writer, result.Report, ApiJson.Default.ValidationReport);
            writer.WriteString("problem", result.Problem);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    static void Write(FileResult<ValidationReport>[] results)
    {
        var table = DataFiles.Table(["File", "Symbol"], ["Accepted", "Held", "Rejected", "Complete", "Consistent"]);
        foreach (var (file, report, _) in results)
            foreach (var series in report?.Symbols ?? [])
                table.AddRow(
                    Markup.Escape(Path.GetFileName(file)), Markup.Escape(series.Symbol), DataFiles.Count(series.Accepted), DataFiles.Count(series.Quarantined),
                    DataFiles.Count(series.Rejected), Share(series.Scores.Completeness), Share(series.Scores.Consistency));
        AnsiConsole.Write(table);
        foreach (var (file, report, _) in results)
            foreach (var series in report?.Symbols ?? [])
                foreach (var finding in series.Latest.Where(finding => finding.Verdict != Verdict.Accept).Take(MaxFindings))
                    Console.WriteLine($"{Path.GetFileName(file)} {series.Symbol} {finding.Time:yyyy-MM-dd HH:mm} {ApiWords.Of(finding.Verdict)}: {finding.Evidence}");
    }

    static string Share(double? share) => share?.ToString("P2", CultureInfo.InvariantCulture) ?? "not known";
}
