using Microsoft.ML;
using Microsoft.ML.Data;
using Trading.Learning;

namespace Trading.Benchmarks.Learning;

/// <summary>Predictions a second on one core, in batches of 100: our walk of ML.NET's trees beside ML.NET itself.</summary>
static class InferenceBenchmarks
{
    const int Rows = 2_000, Columns = 80, Batch = 100, Leaves = 16;

    public static async Task RunAsync(TextWriter output, BenchmarkSize size)
    {
        var (trees, runs) = (size.Of(200, small: 20), size.Of(15, small: 1));
        var sample = LearningSample.Of(Rows, Columns, seed: 1);
        var settings = TrainerSettings.Of((MlNetTreeTrainer.Trees, trees), (MlNetTreeTrainer.Leaves, Leaves),
            (MlNetTreeTrainer.LeastRows, 20), (MlNetTreeTrainer.Rate, 0.1));
        var (context, seed) = (new MLContext(1), 1);
        await output.WriteLineAsync($"{trees} trees of {Leaves} leaves, {Columns} features, batches of {Batch}, one thread.\n");
        await output.WriteLineAsync("| way | predictions a second | largest difference of scores |\n| --- | ---: | ---: |");
        var fitted = new LightGbmTrainer().FitWithMlNet(sample, settings, seed, context);
        var scores = new double[Rows];
        fitted.Own.Score(sample.Values, scores);
        await WriteAsync(output, "our walk of the trees", Peer.Median(runs, () => InBatches(fitted.Own, sample)), 0);
        var batches = Enumerable.Range(0, Rows / Batch)
            .Select(batch => MlNetData.Of(context, sample.Take([.. Enumerable.Range(batch * Batch, Batch)]))).ToArray();
        float[] theirs = [.. batches.SelectMany(batch => Scores(fitted.Transformer, batch))];
        await WriteAsync(output, "ML.NET, Transform of a batch", Peer.Median(runs, () =>
        {
            foreach (var batch in batches)
                foreach (var _ in Scores(fitted.Transformer, batch))
                {
                }
        }), scores.Zip(theirs, (own, their) => Math.Abs(own - their)).Max());
        var schema = SchemaDefinition.Create(typeof(Asked));
        schema[nameof(Asked.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Columns);
        using var engine = context.Model.CreatePredictionEngine<Asked, Answered>(fitted.Transformer, inputSchemaDefinition: schema);
        Asked[] asked = [.. Enumerable.Range(0, Rows).Select(row => new Asked { Features = Array.ConvertAll(sample.Row(row).ToArray(), value => (float)value) })];
        await WriteAsync(output, "ML.NET, PredictionEngine row by row", Peer.Median(Math.Min(5, runs), () =>
        {
            foreach (var row in asked)
                engine.Predict(row);
        }), scores.Zip(asked, (own, row) => Math.Abs(own - engine.Predict(row).Score)).Max());
        var linear = new LogisticTrainer(10).Fit(sample, TrainerSettings.Of((LogisticTrainer.Penalty, 10)), 1, CancellationToken.None);
        await WriteAsync(output, "logistic, double precision", Peer.Median(runs, () => InBatches(linear, sample)), 0);
        var nearness = Dissimilarity.Of(sample);
        await WriteAsync(output, "dissimilarity of the inputs (200 reference rows), row by row", Peer.Median(runs, () =>
        {
            for (var row = 0; row < Rows; row++)
                nearness.Index(sample.Row(row));
        }), 0);
    }

    static void InBatches(IFittedModel model, Sample sample)
    {
        Span<double> scores = stackalloc double[Batch];
        for (var from = 0; from < Rows; from += Batch)
            model.Score(sample.Values.Slice(from * Columns, Batch * Columns), scores);
    }

    static IEnumerable<float> Scores(ITransformer transformer, IDataView batch) =>
        transformer.Transform(batch).GetColumn<float>("Score");

    static Task WriteAsync(TextWriter output, string way, double milliseconds, double difference) =>
        output.WriteLineAsync(FormattableString.Invariant(
            $"| {way} | {Rows / milliseconds * 1_000:N0} | {(difference == 0 ? "" : FormattableString.Invariant($"{difference:0.0e0}"))} |"));

    sealed class Asked
    {
        public float[] Features { get; set; } = [];
        public bool Label { get; set; }
        public float Weight { get; set; }
    }

    sealed class Answered
    {
        public float Score { get; set; }
    }
}
