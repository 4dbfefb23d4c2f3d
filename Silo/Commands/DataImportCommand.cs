using System.CommandLine;
using Spectre.Console;
using Trading.Hosting;
using Trading.Journal;
using Trading.MarketData;

namespace Trading.Commands;

/// <summary><c>trading data import</c>: files of bars into the store, through the rules of quality.</summary>
static class DataImportCommand
{
    public static Command Create()
    {
        var folder = new Argument<DirectoryInfo>("dir") { Description = "A folder of .csv, .ndjson, .jsonl, .json and .zip files: bars, named by symbol (aapl.csv, aapl_1m.csv), as Binance's archive names them (BTCUSDT-1m-2025-01.zip), or with a column symbol; or daily closes with a column for each symbol. actions.csv holds corporate actions: symbol, ex_date, kind (split or dividend), value." };
        var interval = DataFiles.IntervalOption();
        var source = new Option<string>("--source") { Description = "Who brings the bars: their provenance.", DefaultValueFactory = _ => "import" };
        var settings = Settings.Option("store:path=data/other.db");
        var command = new Command("import", "Store the bars of every file in a folder, judged like those of any source. Exit code 1 where something was refused.")
        {
            folder, interval, source, settings,
        };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => ImportAsync(
            parsed.GetValue(folder)!, BarIntervals.Parse(parsed.GetValue(interval)!)!.Value, parsed.GetValue(source)!, parsed.GetValue(settings) ?? [], cancellation)));
        return command;
    }

    static async Task<int> ImportAsync(DirectoryInfo folder, BarInterval interval, string source, string[] settings, CancellationToken cancellation)
    {
        string[] files = [.. folder.EnumerateFiles().Where(file => DataFiles.IsBars(file))
            .Select(file => file.FullName).Order(StringComparer.Ordinal)];
        if (files.Length == 0) throw new FileNotFoundException($"{folder.FullName} has no .csv, .ndjson, .jsonl, .json or .zip file.");
        using var host = TradingHost.BuildForFiles(settings);
        if (!await StartAsync(host, cancellation)) return Failure.Failed;
        var intake = host.Services.GetRequiredService<FileIntake>();
        var store = host.Services.GetRequiredService<IBarStore>();
        if (await intake.LearnActionsAsync(store, folder.FullName, cancellation) is > 0 and var actions) Console.WriteLine($"{DataFiles.Count(actions)} corporate actions");
        var import = intake.Into(store);
        var results = await DataFiles.WorkAsync(
            files, intake.Workers, show: true, (file, progress) => import.ImportAsync(file, interval, source, progress, cancellation), cancellation);
        await host.StopAsync(CancellationToken.None);
        Write(results);
        foreach (var result in results) await WriteProblemsAsync(result);
        return results.All(IsSound) ? 0 : Failure.Failed;
    }

    /// <summary>Opens the store. One that a running program writes is left to it: what it holds in memory must not grow old behind its back.</summary>
    static async Task<bool> StartAsync(IHost host, CancellationToken cancellation)
    {
        try
        {
            await host.StartAsync(cancellation);
            return true;
        }
        catch (JournalUnavailableException taken)
        {
            await Console.Error.WriteLineAsync(taken.Message);
            await Console.Error.WriteLineAsync("Where the program runs, send it the bars instead: curl --data-binary @FILE 'http://127.0.0.1:8080/api/data/ingest?symbol=…'");
            return false;
        }
    }

    static bool IsSound(FileResult<IngestReport> result) =>
        result.Report is { End: IngestEnd.Complete, Rows.IsSound: true, Receipt.Rejected: 0 };

    static void Write(FileResult<IngestReport>[] results)
    {
        var table = DataFiles.Table(["File", "Symbols"], ["Rows", "Accepted", "Held", "Rejected", "Known", "Bad"]);
        foreach (var (file, report, _) in results)
            if (report is null) table.AddRow(Markup.Escape(Path.GetFileName(file)), "", "", "", "", "", "", "refused");
            else table.AddRow([Markup.Escape(Path.GetFileName(file)), Symbols(report), .. Numbers(report).Select(DataFiles.Count)]);
        AnsiConsole.Write(table);
        var sum = results.Aggregate(IngestReceipt.None, (sum, result) => sum + (result.Report?.Receipt ?? IngestReceipt.None));
        Console.WriteLine($"{results.Length} files: {DataFiles.Count(sum.Accepted)} bars accepted, {DataFiles.Count(sum.Quarantined)} in quarantine, "
            + $"{DataFiles.Count(sum.Rejected)} rejected, {DataFiles.Count(sum.Unchanged)} known already");
    }

    static long[] Numbers(IngestReport report) =>
    [
        report.Rows.Good, report.Receipt.Accepted, report.Receipt.Quarantined, report.Receipt.Rejected, report.Receipt.Unchanged, report.Rows.Bad,
    ];

    static string Symbols(IngestReport report) => report.Symbols is [var single] ? single.Symbol : DataFiles.Count(report.Symbols.Length);

    static async Task WriteProblemsAsync(FileResult<IngestReport> result)
    {
        if (result.Problem is not null) await Console.Error.WriteLineAsync(result.Problem);
        if (result.Report?.Problem is { } problem) await Console.Error.WriteLineAsync($"{result.File}: {problem}");
        if (result.Report is { } report) await DataFaults.WriteAsync(result.File, report.Rows);
    }
}
