using Microsoft.Extensions.Options;

namespace Trading.Backtests;

/// <summary>Results as files, a folder for each job by its <see cref="BacktestRecord.Folder"/>. A file is there whole or not at all.</summary>
public sealed class BacktestFiles(IOptions<BacktestOptions> options)
{
    /// <summary>The name of a part's file.</summary>
    public static string Name(BacktestPart part) => part switch
    {
        BacktestPart.Report => "report.html",
        BacktestPart.Equity => "equity.json",
        BacktestPart.Trades => "trades.json",
        BacktestPart.Sweep => "sweep.json",
        _ => "result.json",
    };

    /// <summary>The name of the file of a sweep's trials from one place on.</summary>
    public static string Chunk(int first) => $"trials-{first:0000000}.json";

    /// <summary>The name of the file of what a part of the trials had to offer for a window.</summary>
    public static string Choice(int window, int first) => $"choice-{window:0000}-{first:0000000}.json";

    /// <summary>The name of the file of a step of the walk forward.</summary>
    public static string Step(int window) => $"step-{window:0000}.json";

    public async Task WriteAsync(string job, string name, byte[] content, CancellationToken cancellation)
    {
        var folder = Directory.CreateDirectory(Folder(job)).FullName;
        var (file, part) = (Path.Combine(folder, name), Path.Combine(folder, name + ".part"));
        await File.WriteAllBytesAsync(part, content, cancellation);
        File.Move(part, file, overwrite: true);
    }

    /// <summary>What a file holds; null where there is none.</summary>
    public async Task<byte[]?> ReadAsync(string job, string name, CancellationToken cancellation)
    {
        var file = Path.Combine(Folder(job), name);
        return File.Exists(file) ? await File.ReadAllBytesAsync(file, cancellation) : null;
    }

    public bool Has(string job, string name) => File.Exists(Path.Combine(Folder(job), name));

    string Folder(string job) => Path.Combine(options.Value.Folder, job);
}
