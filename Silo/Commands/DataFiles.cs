using System.CommandLine;
using System.Globalization;
using Spectre.Console;
using Trading.MarketData;

namespace Trading.Commands;

/// <summary>What became of one file.</summary>
/// <param name="Problem">Why nothing could be made of it; null where something was.</param>
sealed record FileResult<T>(string File, T? Report, string? Problem) where T : class;

/// <summary>Works on many files at once and shows how far it is: as a bar on a terminal, else as a line for each file.</summary>
static class DataFiles
{
    public static Option<string> IntervalOption()
    {
        var option = new Option<string>("--interval")
        {
            Description = "The length of a bar where a file's name does not tell (aapl_1m.csv).",
            DefaultValueFactory = _ => BarInterval.OneDay.Code(),
        };
        option.AcceptOnlyFromAmong([.. Enum.GetValues<BarInterval>().Select(BarIntervals.Code)]);
        return option;
    }

    public static bool IsBars(FileInfo file) =>
        FileIntake.Extensions.Contains(file.Extension.ToLowerInvariant()) && !file.Name.Equals(ActionFile.Name, StringComparison.OrdinalIgnoreCase);

    public static Table Table(string[] texts, string[] numbers)
    {
        var table = new Table().Border(TableBorder.SimpleHeavy);
        foreach (var column in texts) table.AddColumn(new TableColumn(column).NoWrap());
        foreach (var column in numbers) table.AddColumn(new TableColumn(column).NoWrap().RightAligned());
        return table;
    }

    /// <param name="show">Whether progress is shown at all.</param>
    /// <param name="work">What is done with a file; it reports the bytes that it has read.</param>
    /// <returns>In the order of the files.</returns>
    public static async Task<FileResult<T>[]> WorkAsync<T>(
        IReadOnlyList<string> files, int workers, bool show, Func<string, IProgress<long>, Task<T>> work, CancellationToken cancellation) where T : class
    {
        var results = new FileResult<T>[files.Count];
        var total = files.Sum(file => new FileInfo(file).Length);
        if (!show)
            await EachAsync(_ => new Bytes(_ => { }), _ => { });
        else if (AnsiConsole.Profile.Capabilities.Interactive && !Console.IsOutputRedirected)
            await AnsiConsole.Progress().Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
                .StartAsync(async progress =>
                {
                    var bar = progress.AddTask(Words(0), maxValue: Math.Max(1, total));
                    var done = 0;
                    await EachAsync(_ => new Bytes(more => bar.Increment(more)), _ => bar.Description = Words(Interlocked.Increment(ref done)));
                    bar.Value = bar.MaxValue;
                });
        else
            await EachAsync(_ => new Bytes(_ => { }), result => Console.WriteLine($"{result.File}: {result.Problem ?? "read"}"));
        return results;

        string Words(int done) => string.Create(CultureInfo.InvariantCulture, $"{done} of {files.Count} files");

        Task EachAsync(Func<string, IProgress<long>> progress, Action<FileResult<T>> finished) => Parallel.ForEachAsync(
            files.Index(), new ParallelOptions { MaxDegreeOfParallelism = workers, CancellationToken = cancellation }, async (file, _) =>
            {
                results[file.Index] = await TryAsync(file.Item, progress(file.Item), work);
                finished(results[file.Index]);
            });
    }

    /// <summary>Writes a number of rows or bars.</summary>
    public static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    static async Task<FileResult<T>> TryAsync<T>(string file, IProgress<long> progress, Func<string, IProgress<long>, Task<T>> work) where T : class
    {
        try
        {
            return new(file, await work(file, progress), null);
        }
        catch (Exception refused) when (refused is MarketDataFormatException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return new(file, null, refused.Message);
        }
    }

    /// <summary>Turns positions of one file into steps.</summary>
    sealed class Bytes(Action<long> more) : IProgress<long>
    {
        long _position;

        public void Report(long value)
        {
            more(value - _position);
            _position = value;
        }
    }
}
