using System.Runtime.InteropServices;
using Trading.Learning;
using Trading.Quant;

namespace Trading.Benchmarks.Learning;

/// <summary>Fits on the same data beside scikit-learn, with the area under the curve that they reach on rows they have not seen.</summary>
static class TrainingBenchmarks
{
    const int Columns = 80, Test = 2_000;

    const string Script = """
        import json, sys, time, warnings, numpy as np, sklearn
        warnings.filterwarnings("ignore")
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler
        from sklearn.pipeline import make_pipeline
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.metrics import roc_auc_score
        d = np.fromfile(sys.argv[1]).reshape(-1, int(sys.argv[2]) + 1); n = int(sys.argv[3])
        x, y, tx, ty = d[:n, :-1], d[:n, -1], d[n:, :-1], d[n:, -1]
        def timed(make):
            t = []
            for _ in range(int(sys.argv[4])):
                m = make(); b = time.perf_counter(); m.fit(x, y); t.append(time.perf_counter() - b)
            return {"ms": 1e3 * sorted(t)[len(t) // 2], "area": roc_auc_score(ty, m.predict_proba(tx)[:, 1])}
        print(json.dumps({"name": "scikit-learn " + sklearn.__version__,
            "logistic": timed(lambda: make_pipeline(StandardScaler(), LogisticRegression(C=0.1, solver="newton-cholesky", tol=1e-10))),
            "trees": timed(lambda: HistGradientBoostingClassifier(max_iter=60, max_leaf_nodes=8, min_samples_leaf=50,
                learning_rate=0.05, early_stopping=False))}))
        """;

    public static async Task RunAsync(TextWriter output, BenchmarkSize size)
    {
        var (rows, runs) = (size.Of(2_000, small: 600), size.Of(5, small: 1));
        var all = LearningSample.Of(rows + Test, Columns, seed: 2);
        var (train, test) = (all.Take([.. Enumerable.Range(0, rows)]), all.Take([.. Enumerable.Range(rows, Test)]));
        var trees = TrainerSettings.Of((MlNetTreeTrainer.Trees, 60), (MlNetTreeTrainer.Leaves, 8),
            (MlNetTreeTrainer.LeastRows, 50), (MlNetTreeTrainer.Rate, 0.05));
        var penalty = TrainerSettings.Of(("penalty", 0.01));
        await output.WriteLineAsync($"{rows} rows of {Columns} features; area under the curve on {Test} others. Trees: 60 of 8 leaves.\n");
        await output.WriteLineAsync("| fit | ms | area |\n| --- | ---: | ---: |");
        (string, IModelTrainer, TrainerSettings)[] fits =
        [
            ("logistic at its optimum, double precision", new LogisticTrainer(), TrainerSettings.Of((LogisticTrainer.Penalty, 10))),
            ("ML.NET L-BFGS", new LbfgsTrainer(), penalty), ("ML.NET SDCA", new SdcaTrainer(), penalty),
            ("ML.NET FastTree", new FastTreeTrainer(), trees), ("LightGBM by ML.NET, one thread", new LightGbmTrainer(), trees),
        ];
        foreach (var (name, trainer, settings) in fits.Where(fit => fit.Item2.Unavailable is null))
        {
            IFittedModel? model = null;
            var time = Peer.Median(runs, () => model = trainer.Fit(train, settings, 1, CancellationToken.None));
            // Scores of trees are on a scale of their own; their order is all that the area looks at.
            var area = ClassificationScores.Of([.. model!.Scores(test).Select(score => 1 / (1 + Math.Exp(-score)))],
                test.Outcomes()).AreaUnderCurve;
            await output.WriteLineAsync(FormattableString.Invariant($"| {name} | {time:0.0} | {area:0.0000} |"));
        }

        await PeersAsync(output, all, rows, runs);
        await PipelineAsync(output, train);
    }

    static async Task PeersAsync(TextWriter output, Sample all, int train, int runs)
    {
        var file = Path.GetTempFileName();
        try
        {
            double[] rows = [.. Enumerable.Range(0, all.Count).SelectMany(row => (double[])[.. all.Row(row), all.Labels[row].Rise ? 1 : 0])];
            await File.WriteAllBytesAsync(file, MemoryMarshal.AsBytes(rows.AsSpan()).ToArray());
            if (await Peer.PythonAsync(Script, file, $"{Columns}", $"{train}", $"{runs}") is not { } peer)
            {
                await output.WriteLineAsync("scikit-learn is not installed.");
                return;
            }

            foreach (var (name, key) in ((string, string)[])[("logistic, newton-cholesky", "logistic"), ("histogram gradient boosting, one thread", "trees")])
                await output.WriteLineAsync(FormattableString.Invariant(
                    $"| {peer.GetProperty("name").GetString()}, {name} | {peer.GetProperty(key).GetProperty("ms").GetDouble():0.0} | {peer.GetProperty(key).GetProperty("area").GetDouble():0.0000} |"));
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Everything that a training does, once.</summary>
    static Task PipelineAsync(TextWriter output, Sample sample)
    {
        var begun = System.Diagnostics.Stopwatch.GetTimestamp();
        var report = TrainingPipeline.Run(sample, sample.Columns, TrainingSpec.Default, [new LogisticTrainer(), new LightGbmTrainer()],
            TrialTally.None, "benchmark").Report!;
        return output.WriteLineAsync(FormattableString.Invariant(
            $"\nA whole training (5 folds, 3 inner, selection, 5 settings, {report.Trials.Sum(trial => trial.Fits)} fits): {System.Diagnostics.Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s."));
    }
}
