using System.Collections.Immutable;
using System.CommandLine;
using Microsoft.Extensions.Options;
using Trading.Learning;
using Trading.MarketData;
using Trading.Models;
using SymbolHistory = Trading.Learning.SymbolHistory;

namespace Trading.Commands;

/// <summary>What is learned from a file, and how it is judged.</summary>
sealed record ValidationCase(ImmutableArray<SymbolHistory> Histories, ImmutableArray<ExternalSeries> External, ModelOptions Options, string Plan, int? Tested)
{
    public TrainingSpec Spec { get; } = Options.ToSpec();

    /// <summary>The rows, with the names of their columns.</summary>
    public (Sample Sample, ImmutableArray<string> Columns) Rows(CancellationToken cancellation)
    {
        var table = FeatureTable.Of(Histories, null, External, cancellation);
        return (Sample.Of(table, Spec.Label), [.. table.Columns.Select(column => column.Id)]);
    }

    /// <summary>Null where the history is too short for any: the pipeline says why nothing can be learned.</summary>
    public SplitPlan? Splits(Sample sample) =>
        sample.Labels.Select(label => label.Interval.From).Distinct().Count() < TrainingSpec.LeastSessions
            ? null
            : SplitSchemes.Of(Plan, sample.Labels, Options.Folds, Spec.Embargo, Tested);
}

/// <summary>The arguments of the commands that learn from a file of closes.</summary>
sealed class SampleArguments
{
    readonly Argument<FileInfo> _file = new("closes") { Description = "Daily closes in wide form, for example data/sample/closes.csv." };

    readonly Option<string[]> _symbols = new("--symbol")
    {
        Description = "Only these; several are learned together, with ranks among them.", AllowMultipleArgumentsPerToken = true,
    };

    readonly Option<int> _folds = new("--folds") { Description = "Test ranges, or groups.", DefaultValueFactory = _ => 5 };

    readonly Option<string> _plan = new("--plan")
    {
        Description = "How it is judged: expanding or rolling walk-forward, by years, by purged folds, or by every choice of groups.",
        DefaultValueFactory = _ => SplitSchemes.Expanding,
    };

    readonly Option<int?> _tested = new("--tested")
    {
        Description = $"Of {SplitSchemes.CombinatorialPurged}: groups that each split tests; by default {SplitSchemes.UsualTested}.",
    };

    readonly Option<DirectoryInfo?> _series = new("--series")
    {
        Description = "A folder of published series (news counts, economic figures), which are features too.",
    };

    readonly LabelArguments _label = new();

    public SampleArguments() => _plan.AcceptOnlyFromAmong([.. SplitSchemes.Names]);

    public void AddTo(Command command)
    {
        command.Add(_file);
        foreach (var option in new Option[] { _symbols, _series, _plan, _folds, _tested })
            command.Add(option);
        _label.AddTo(command);
    }

    /// <exception cref="OptionsValidationException">Something that was given cannot be; every broken rule is
    /// named.</exception>
    public ValidationCase Read(ParseResult parsed, string[] methods)
    {
        var (plan, tested, label) = (parsed.GetValue(_plan)!, parsed.GetValue(_tested), _label.Of(parsed));
        var options = new ModelOptions
        {
            Methods = methods, Folds = parsed.GetValue(_folds), Label = label.Label ?? LabelChoice.NextReturn,
            Horizon = label.Horizon ?? 1, BarrierAbove = label.Above, BarrierBelow = label.Below, LabelThreshold = label.Threshold,
        };
        string[] broken = [.. options.Validate().Failures ?? [],
            .. SplitSchemes.BrokenRules(plan, options.Folds, tested).Select(rule => rule.Message)];
        if (broken.Length > 0) throw new OptionsValidationException("", typeof(ModelOptions), broken);
        var (file, symbols) = (parsed.GetValue(_file)!, parsed.GetValue(_symbols) ?? []);
        var today = DateOnly.FromDateTime(TimeProvider.System.GetUtcNow().UtcDateTime);
        ImmutableArray<SymbolHistory> histories = [.. DailyCloses.Read(file.FullName, today)
            .Where(closes => symbols.Length == 0 || symbols.Contains(closes.Symbol, StringComparer.OrdinalIgnoreCase)).Select(HistoryOf)];
        return histories.IsEmpty
            ? throw new FileNotFoundException($"{file.Name} has none of the symbols {string.Join(", ", symbols)}.")
            : new(histories, Published(parsed.GetValue(_series), histories), options, plan, tested);
    }

    /// <summary>A series that is none of one of the symbols is left out for all: their rows have the same
    /// columns.</summary>
    static ImmutableArray<ExternalSeries> Published(DirectoryInfo? folder, ImmutableArray<SymbolHistory> histories)
    {
        if (folder is null) return [];
        var inputs = ImmutableArray.CreateBuilder<ExternalSeries>();
        foreach (var series in PublishedFolder.ReadAll(folder.FullName, TimeProvider.System.GetUtcNow()))
        {
            var all = histories.Select(history => PublishedInputs.Of(
                series, history.Symbol, [.. history.Bars.Select(bar => bar.Session)], new PublishedOptions().MaxAge)).ToList();
            if (all.Select(each => each.Problem).OfType<string>().FirstOrDefault() is { } problem)
                Console.Error.WriteLine($"The series {series.Name} is left out: {problem}.");
            else inputs.AddRange(all.Select(each => each.Series!));
        }

        return inputs.ToImmutable();
    }

    static SymbolHistory HistoryOf(DailyCloses closes) => SymbolHistory.Of(closes.Symbol,
        [.. closes.Sessions.Zip(closes.Closes, (session, close) => FeatureBar.OfClose(session, (double)close))]);
}
