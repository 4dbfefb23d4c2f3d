using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Learning;

/// <summary>The folds of one training as they are learned, and what they come to.</summary>
sealed class TrainingRun(
    Sample sample, Sample watched, TrainingSpec spec, IReadOnlyList<IModelTrainer> trainers, CancellationToken cancellation)
{
    readonly List<(FoldModel Model, Split Split)> _folds = [];
    readonly List<FoldReport> _reports = [];
    readonly List<Forecast> _forecasts = [], _inSample = [];
    readonly Dictionary<string, List<double>> _permutations = [];
    readonly List<(string Method, string Settings, List<Forecast> Forecasts, int Fits)> _trials = [];

    /// <param name="paths">Of each test row.</param>
    /// <returns>Why nothing can be learned; null where it was.</returns>
    public TrainingProblem? Learn(Split split, ImmutableArray<int> paths)
    {
        var (train, test) = (watched.Take(split.Train), watched.Take(split.Test));
        FoldModel model;
        try
        {
            model = FoldTraining.Learn(train, spec, trainers, cancellation);
        }
        catch (NoFeatureLeftException failure)
        {
            return new("features", "none", $"{split.Name}: {failure.Message}");
        }

        var fold = _folds.Count;
        _folds.Add((model, split));
        var (own, probabilities) = (model.Probabilities(train), model.Probabilities(test));
        _inSample.AddRange(FoldTraining.Forecasts(fold, model, train, own, []));
        List<Forecast> made = [.. FoldTraining.Forecasts(fold, model, test, probabilities, paths)];
        _forecasts.AddRange(made);
        AddTrials(fold, model, train, test, paths);
        foreach (var (name, growth) in Permutation.Importance(model, test, spec.Seed, cancellation))
            (_permutations.TryGetValue(name, out var list) ? list : _permutations[name] = []).Add(growth);
        _reports.Add(new(split.Name, Range(train), new(split.Tested[0].From, split.Tested[^1].To), train.Count, split.Purged.Length + split.Embargoed.Length,
            model.Chosen.Trainer.Method, model.Chosen.Settings.ToString(), model.Columns,
            ClassificationScores.Of(own, train.Outcomes()), ClassificationScores.Of(probabilities, test.Outcomes()),
            Estimate.OfMean(SessionMeans(made, forecast => forecast.LogLoss), spec.Label.Horizon),
            made.Average(forecast => forecast.BaselineLogLoss)));
        return null;
    }

    /// <summary>Every method with every setting is fitted on the whole window too: what was tried is what counts, and
    /// not only what was chosen. Early stopping may have found another number of trees in each fold.</summary>
    void AddTrials(int fold, FoldModel model, Sample train, Sample test, ImmutableArray<int> paths)
    {
        var (selected, selectedTest) = (train.Select(model.Selection.Columns), test.Select(model.Selection.Columns));
        for (var i = 0; i < model.Candidates.Length; i++)
        {
            var candidate = model.Candidates[i];
            var fitted = ReferenceEquals(candidate, model.Chosen)
                ? model.Model
                : candidate.Trainer.Fit(selected, candidate.Settings, spec.Seed, cancellation);
            var forecasts = FoldTraining.Forecasts(
                fold, model, test, FoldModel.Probabilities(candidate, fitted, selectedTest), paths);
            if (fold == 0)
                _trials.Add((candidate.Trainer.Method, Named(candidate), [.. forecasts], candidate.Fits + 1));
            else
            {
                _trials[i].Forecasts.AddRange(forecasts);
                _trials[i] = _trials[i] with { Fits = _trials[i].Fits + candidate.Fits + 1 };
            }
        }
    }

    static string Named(TunedCandidate candidate) => candidate.Settings.Values.ContainsKey(MlNetTreeTrainer.Trees)
        ? new TrainerSettings(candidate.Settings.Values.Remove(MlNetTreeTrainer.Trees)).ToString()
        : candidate.Settings.ToString();

    public TrainingReport Report(SplitPlan plan, TrialTally before, ImmutableArray<string> features, string codeVersion)
    {
        var final = FoldTraining.Learn(watched, spec, trainers, cancellation);
        var (horizon, cost) = (spec.Label.Horizon, spec.CostPerTurnover);
        var (path, returns, ratios) = MedianPath(horizon, cost);
        // Each fold's own training rows are judged for themselves: they share sessions.
        double[] inSample = [.. _inSample.GroupBy(forecast => forecast.Fold)
            .SelectMany(fold => Strategy.Returns(fold, horizon, cost))];
        ImmutableArray<TrialResult> trials = [.. _trials.Select(trial =>
        {
            var earned = Strategy.Returns(trial.Forecasts.Where(forecast => forecast.Path == path), horizon, cost);
            return new TrialResult(trial.Method, trial.Settings, trial.Forecasts.Average(forecast => forecast.LogLoss),
                OverfittingMeasures.Estimate(earned)?.Ratio, [.. earned], trial.Fits);
        })];
        var (probabilities, outcomes) = (Array.ConvertAll([.. _forecasts], (Forecast forecast) => forecast.Probability),
            Array.ConvertAll([.. _forecasts], (Forecast forecast) => forecast.Label.Rise));
        var scores = ClassificationScores.Of(probabilities, outcomes);
        var losses = SessionMeans(_forecasts, forecast => forecast.LogLoss);
        var baseline = SessionMeans(_forecasts, forecast => forecast.BaselineLogLoss);
        var gap = scores.LogLoss - _reports.Average(fold => fold.Train.LogLoss);
        return new(spec, plan, [.. _reports], [.. _forecasts], scores, Estimate.OfMean(losses, horizon),
            Estimate.OfArea(_forecasts, horizon),
            _forecasts.Average(forecast => forecast.BaselineLogLoss),
            DieboldMariano.Of(losses, baseline, Math.Min(horizon, losses.Length / 2)),
            Reliability.Of(probabilities, outcomes), trials,
            OverfittingMeasures.Of(returns, inSample, trials, before.With(trials), gap, horizon, ratios, cancellation),
            FeatureReports(final), FeatureSelection.Stability(
                [.. _folds.Select(fold => (IReadOnlySet<string>)fold.Model.Columns.ToHashSet())]),
            [.. final.Selection.Refused.Where(refused => !Canaries.IsCanary(refused.Name))], CanaryReport(),
            LearningCurve(), [.. returns],
            Artefact(final, scores.LogLoss, features, codeVersion, plan.Method));
    }

    /// <summary>What each history would have earned, and the one that the middle of them is judged by: neither the best
    /// nor a mix of them, which would be steadier than any model.</summary>
    (int Path, double[] Returns, ImmutableArray<double> Ratios) MedianPath(int horizon, double cost)
    {
        var paths = _forecasts.GroupBy(forecast => forecast.Path).Select(path =>
            {
                var earned = Strategy.Returns(path, horizon, cost);
                return (Path: path.Key, Returns: earned, Ratio: OverfittingMeasures.Estimate(earned)?.Ratio);
            })
            .OrderBy(path => path.Ratio ?? double.NegativeInfinity).ThenBy(path => path.Path).ToList();
        var (median, returns, _) = paths[(paths.Count - 1) / 2];
        return (median, returns, paths.Count == 1 ? [] : [.. paths.Select(path => path.Ratio).OfType<double>()]);
    }

    /// <summary>The mean of each session, in order: symbols of one session do not count as independent.</summary>
    static double[] SessionMeans(IEnumerable<Forecast> forecasts, Func<Forecast, double> value) =>
        [.. forecasts.GroupBy(forecast => forecast.Session).OrderBy(group => group.Key).Select(group => group.Average(value))];

    CanaryReport CanaryReport()
    {
        int Refused(string name) => _folds.Count(fold => fold.Model.Selection.Refused.Any(refused => refused.Name == name));
        return new(_folds.Count, Refused(Canaries.Future), Refused(Canaries.Time),
            _folds.Any(fold => fold.Model.Columns.Any(Canaries.IsCanary)),
            _folds.Average(fold => fold.Model.Selection.Scores.Where(score => score.Chosen).Average(score => score.AboveNoise ? 1.0 : 0)));
    }

    ImmutableArray<FeatureReport> FeatureReports(FoldModel final) =>
    [
        .. final.Selection.Scores.Select(score =>
        {
            var place = final.Columns.IndexOf(score.Name);
            return new FeatureReport(score.Name, score.Information, score.Frequency,
                _folds.Count(fold => fold.Model.Columns.Contains(score.Name)) / (double)_folds.Count,
                place < 0 ? null : final.Model.Importance[place],
                _permutations.TryGetValue(score.Name, out var growth) ? growth.Average() : null);
        }).OrderByDescending(feature => Math.Abs(feature.Importance ?? 0)).ThenBy(feature => feature.Name, StringComparer.Ordinal),
    ];

    /// <summary>The last quarter, half, three quarters and whole of the last training window.</summary>
    ImmutableArray<LearningCurvePoint> LearningCurve()
    {
        var (model, split) = _folds[^1];
        var (whole, test) = (watched.Take(split.Train).Select(model.Selection.Columns),
            watched.Take(split.Test).Select(model.Selection.Columns));
        var points = ImmutableArray.CreateBuilder<LearningCurvePoint>();
        foreach (var quarter in (int[])[1, 2, 3, 4])
        {
            var train = whole.Take([.. Enumerable.Range(whole.Count - whole.Count * quarter / 4, whole.Count * quarter / 4)]);
            if (!train.HasBothClasses) continue;
            var fitted = quarter == 4 ? model.Model
                : model.Chosen.Trainer.Fit(train, model.Chosen.Settings, spec.Seed, cancellation);
            double Loss(Sample rows) => ClassificationScores.Of(
                FoldModel.Probabilities(model.Chosen, fitted, rows), rows.Outcomes()).LogLoss;
            points.Add(new(train.Count, Loss(train), Loss(test)));
        }

        return points.ToImmutable();
    }

    ModelArtefact Artefact(
        FoldModel final, double expectedLoss, ImmutableArray<string> features, string codeVersion, string plan)
    {
        // What it says of rows that it was not fitted on: nearer to what it will say than its own training rows, or than
        // what the models of earlier folds said.
        double[] probabilities = [.. final.Chosen.Scores.Select(final.Chosen.Calibrator.Probability)];
        var selected = watched.Select(final.Selection.Columns);
        return new(final.Chosen.Trainer.Method, final.Chosen.Settings,
            [.. final.Selection.Columns.Select(column => features[column])], final.Model.Save(), final.Chosen.Calibrator,
            final.BaseRate, final.Drift, spec.Label.Horizon, ReturnOutlook.Of(sample, _forecasts), final.Model.Importance,
            [.. Enumerable.Range(0, selected.Columns.Length).Select(column => PopulationStability.Of(selected.Column(column)))],
            PopulationStability.Of(probabilities), ModelArtefact.Quantiles(probabilities), expectedLoss, Dissimilarity.Of(selected),
            new(Lineage.Hash(sample), features, codeVersion, spec.Seed, $"{spec} plan={plan}",
                sample.Labels.Min(label => label.Interval.From), sample.Labels.Max(label => label.Interval.To), sample.Count,
                spec.Label.Name));
    }

    static Interval Range(Sample rows) =>
        new(rows.Labels.Min(label => label.Interval.From), rows.Labels.Max(label => label.Interval.To));
}
