using System.CommandLine;
using Spectre.Console;
using Trading.Api;
using Trading.Learning;
using Trading.Models;

namespace Trading.Commands;

/// <summary><c>trading model validate</c>: trains walk-forward on a file and says what is to be thought of it. Nothing is
/// stored, and no silo is asked.</summary>
static class ModelValidateCommand
{
    public static Command Create()
    {
        var sample = new SampleArguments();
        var methods = new Option<string[]>("--method")
        {
            Description = $"Methods to try: {string.Join(", ", ModelTrainers.Names)}.", AllowMultipleArgumentsPerToken = true,
        };
        var splits = new Option<bool>("--splits") { Description = "List and draw what is learned from and what is judged." };
        var card = new Option<FileInfo?>("--card") { Description = "Write the model card into this page." };
        var command = new Command("validate", "Trains on a file of closes: scores out of sample, overfitting, and the verdict of the promotion gate.");
        sample.AddTo(command);
        foreach (var option in new Option[] { methods, splits, card })
            command.Add(option);
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => ValidateAsync(
            sample.Read(parsed, parsed.GetValue(methods) ?? []), parsed.GetValue(splits), parsed.GetValue(card), cancellation)));
        return command;
    }

    /// <returns>Success where there is a report, whatever its verdict.</returns>
    static async Task<int> ValidateAsync(ValidationCase asked, bool draws, FileInfo? card, CancellationToken cancellation)
    {
        var trainers = ModelTrainers.Of(asked.Options);
        foreach (var missing in trainers.Missing)
            await Console.Error.WriteLineAsync(missing);
        var (outcome, sample) = await AnsiConsole.Progress().StartAsync(context =>
        {
            var task = context.AddTask("features", maxValue: 1);
            return Task.Run(() => Train(asked, trainers, new Shown(task), cancellation), cancellation);
        });
        if (outcome.Report is not { } report)
        {
            foreach (var problem in outcome.Problems)
                await Console.Error.WriteLineAsync($"{problem.Field}: {problem.Message}");
            return Failure.Failed;
        }

        if (draws) ModelSplitsCommand.Write(report.Plan, sample);
        var now = TimeProvider.System.GetUtcNow();
        var record = ModelPromotion.After(
            new ModelRecord(), report, new(now, "validate", null), asked.Options.CacheSize, now);
        var name = asked.Histories.Length == 1 ? asked.Histories[0].Symbol : $"{asked.Histories.Length} symbols";
        var status = ModelRules.Status(name, record, null);
        ModelTable.Write(AnsiConsole.Console, name, ModelRules.Performance(name, record, status));
        if (card is not null)
            await File.WriteAllTextAsync(card.FullName, ModelCard.Html(
                ModelRules.Versions(name, record, status), ModelRules.Performance(name, record, status)), cancellation);
        return 0;
    }

    static (TrainingOutcome Outcome, Sample Sample) Train(
        ValidationCase asked, ModelTrainers trainers, Shown shown, CancellationToken cancellation)
    {
        var (sample, columns) = asked.Rows(cancellation);
        return (TrainingPipeline.Run(sample, columns, asked.Spec, trainers.Usable, TrialTally.None,
            ModelTraining.CodeVersion, asked.Splits(sample), shown, cancellation), sample);
    }

    /// <summary>Progress as it comes: the worker reports, the terminal shows.</summary>
    sealed class Shown(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => (task.Value, task.Description) = (value.Share, value.Step);
    }
}
