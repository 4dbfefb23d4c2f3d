using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace Trading.Learning.Tests;

public sealed class OnnxTests
{
    [Fact]
    public void ALinearModel_ReadBackByOnnxRuntime_GivesTheSameScoresAndProbabilities()
    {
        var sample = Planted.Of(800, 6, telling: 2, signal: 0.4, seed: 1);
        var artefact = Runs.Of(sample).Report!.Model;
        var predictor = new Predictor(artefact, [new LogisticTrainer()], Runs.Names(sample));
        double[] inputs = [.. Enumerable.Range(0, sample.Count).SelectMany(row => predictor.Inputs(sample.Row(row)))];
        using var session = new InferenceSession(OnnxExport.Of(artefact));
        using var results = session.Run([NamedOnnxValue.CreateFromTensor("features",
            new DenseTensor<double>(inputs, [sample.Count, artefact.Columns.Length]))]);
        var scores = new double[sample.Count];
        LinearModel.Load(artefact.Saved).Score(inputs, scores);
        results.Single(result => result.Name == "score").AsEnumerable<double>().ShouldBe(scores, 1e-12);
        results.Single(result => result.Name == "probability").AsEnumerable<double>()
            .ShouldBe(predictor.Probabilities(inputs), 1e-6);
    }

    [Fact]
    public void Trees_HaveNoLinearForm()
    {
        var artefact = Runs.Of(Planted.Of(800, 6, 2, 0.4, 1)).Report!.Model with { Method = "fast_tree" };
        Should.Throw<NotSupportedException>(() => OnnxExport.Of(artefact)).Message.ShouldContain("fast_tree");
    }
}
