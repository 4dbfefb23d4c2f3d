using System.Collections.Immutable;
using System.CommandLine;
using Spectre.Console;
using Trading.Api;
using Trading.Learning;
using Trading.MarketData;
using Trading.Models;
using SymbolHistory = Trading.Learning.SymbolHistory;

namespace Trading.Commands;

/// <summary><c>trading model validate</c>: trains walk-forward on a file and says what is to be thought of it. Nothing is
/// stored, and no silo is asked.</summary>
static class ModelValidateCommand
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("closes") { Description = "Daily closes in wide form, for example data/sample/closes.csv." };
        var symbols = new Option<string[]>("--symbol")
        {
            Description = "Only these; several are learned together, with ranks among them.",
            AllowMultipleArgumentsPerToken = true,
        };
        var methods = new Option<string[]>("--method")
        {
            Description = $"Methods to try: {string.Join(", ", ModelTrainers.Names)}.", AllowMultipleArgumentsPerToken = true,
        };
        var horizon = new Option<int>("--horizon") { Description = "Sessions to look ahead.", DefaultValueFactory = _ => 1 };
        var folds = new Option<int>("--folds") { Description = "Walk-forward test ranges.", DefaultValueFactory = _ => 5 };
        var plan = new Option<string>("--plan")
        {
            Description = "How it is judged: test ranges with all before them, or only the last; by years; or folds.",
            DefaultValueFactory = _ => SplitSchemes.Expanding,
        };
        plan.AcceptOnlyFromAmong([.. SplitSchemes.Names]);
        var barrier = new Option<double?>("--barrier")
        {
            Description = "Learn which is touched first, so many volatilities above or below; without it, the return.",
        };
        barrier.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double?>() is not (null or (> 0 and <= 10)))
                result.AddError("--barrier can be from above 0 to 10 volatilities.");
        });
        var splits = new Option<bool>("--splits") { Description = "Draw what is learned from and what is judged." };
        var card = new Option<FileInfo?>("--card") { Description = "Write the model card into this page." };
        var command = new Command("validate", "Walk-forward on a file of closes: scores, overfitting, and the verdict of the promotion gate.")
            { file, symbols, methods, horizon, folds, plan, barrier, splits, card };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => ValidateAsync(parsed.GetValue(file)!,
            parsed.GetValue(symbols) ?? [], new()
            {
                Methods = parsed.GetValue(methods) ?? [], Horizon = parsed.GetValue(horizon), Folds = parsed.GetValue(folds),
            }, new(parsed.GetValue(plan)!, parsed.GetValue(barrier), parsed.GetValue(splits)), parsed.GetValue(card),
            cancellation)));
        return command;
    }

    /// <returns>Success where there is a report, whatever its verdict.</returns>
    static async Task<int> ValidateAsync(
        FileInfo file, string[] symbols, ModelOptions options, Judging judging, FileInfo? card, CancellationToken cancellation)
    {
        var invalid = options.Validate();
        if (invalid.Failed) throw new Microsoft.Extensions.Options.OptionsValidationException("", typeof(ModelOptions), invalid.Failures);
        var trainers = ModelTrainers.Of(options);
        foreach (var missing in trainers.Missing)
            await Console.Error.WriteLineAsync(missing);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        ImmutableArray<SymbolHistory> histories = [.. DailyCloses.Read(file.FullName, today)
            .Where(closes => symbols.Length == 0 || symbols.Contains(closes.Symbol, StringComparer.OrdinalIgnoreCase)).Select(HistoryOf)];
        if (histories.IsEmpty) throw new FileNotFoundException($"{file.Name} has none of the symbols {string.Join(", ", symbols)}.");
        var spec = judging.Of(options.ToSpec());
        var (outcome, drawing) = await AnsiConsole.Progress().StartAsync(context =>
        {
            var task = context.AddTask("features", maxValue: 1);
            return Task.Run(() => Train(histories, spec, judging, trainers, new Shown(task), cancellation), cancellation);
        });
        if (outcome.Report is not { } report)
        {
            foreach (var problem in outcome.Problems)
                await Console.Error.WriteLineAsync($"{problem.Field}: {problem.Message}");
            return Failure.Failed;
        }

        if (judging.Draws) Console.WriteLine(drawing);
        var record = ModelPromotion.After(new ModelRecord(), report, new(TimeProvider.System.GetUtcNow(), "validate", null),
            options.CacheSize, TimeProvider.System.GetUtcNow());
        var name = histories.Length == 1 ? histories[0].Symbol : $"{histories.Length} symbols";
        var status = ModelRules.Status(name, record, null);
        ModelTable.Write(AnsiConsole.Console, name, ModelRules.Performance(name, record, status));
        if (card is not null)
            await File.WriteAllTextAsync(card.FullName, ModelCard.Html(
                ModelRules.Versions(name, record, status), ModelRules.Performance(name, record, status)), cancellation);
        return 0;
    }

    static (TrainingOutcome Outcome, string Drawing) Train(
        ImmutableArray<SymbolHistory> histories, TrainingSpec spec, Judging judging, ModelTrainers trainers, Shown shown,
        CancellationToken cancellation)
    {
        var table = FeatureTable.Of(histories, cancellation: cancellation);
        var sample = Sample.Of(table, spec.Label);
        // Too short a history has no plan: the pipeline says why nothing can be learned.
        var plan = sample.Labels.Select(label => label.Interval.From).Distinct().Count() < TrainingSpec.LeastSessions ? null
            : SplitSchemes.Of(judging.Plan, sample.Labels, spec.Folds, spec.Embargo);
        return (TrainingPipeline.Run(sample, [.. table.Columns.Select(column => column.Id)], spec, trainers.Usable,
            TrialTally.None, ModelTraining.CodeVersion, plan, shown, cancellation), plan?.Draw(sample.Labels) ?? "");
    }

    /// <summary>What is learned, and how it is judged.</summary>
    /// <param name="Barrier">Null for the return of the next sessions.</param>
    readonly record struct Judging(string Plan, double? Barrier, bool Draws)
    {
        public TrainingSpec Of(TrainingSpec spec) => Barrier is { } barrier
            ? spec with { Label = new LabelSpec.TripleBarrier(barrier, barrier, spec.Label.Horizon) }
            : spec;
    }

    static SymbolHistory HistoryOf(DailyCloses closes) => SymbolHistory.Of(closes.Symbol,
        [.. closes.Sessions.Zip(closes.Closes, (session, close) => FeatureBar.OfClose(session, (double)close))]);

    /// <summary>Progress as it comes: the worker reports, the terminal shows.</summary>
    sealed class Shown(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => (task.Value, task.Description) = (value.Share, value.Step);
    }
}
