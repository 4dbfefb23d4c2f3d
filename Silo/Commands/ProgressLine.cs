using Spectre.Console;

namespace Trading.Commands;

/// <summary>Shows how far a long work is: as a bar on a terminal, else not at all.</summary>
static class ProgressLine
{
    public static async Task<T> ShowAsync<T>(string what, Func<IProgress<double>, Task<T>> work)
    {
        if (!AnsiConsole.Profile.Capabilities.Interactive || Console.IsOutputRedirected) return await work(new Share(_ => { }));
        return await AnsiConsole.Progress()
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(async progress =>
            {
                var bar = progress.AddTask(what, maxValue: 1);
                var result = await work(new Share(done => bar.Value = done));
                bar.Value = bar.MaxValue;
                return result;
            });
    }

    sealed class Share(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
