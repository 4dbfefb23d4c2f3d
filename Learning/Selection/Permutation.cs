using Trading.Quant;

namespace Trading.Learning;

/// <summary>Permutation importance out of sample (mean decrease of accuracy, here of log loss): how much worse a model
/// gets when the values of one feature are exchanged between rows.</summary>
static class Permutation
{
    /// <summary>One exchange a feature: folds repeat it.</summary>
    public static IEnumerable<(string Name, double Growth)> Importance(
        FoldModel model, Sample test, int seed, CancellationToken cancellation)
    {
        var selected = test.Select(model.Selection.Columns);
        var outcomes = test.Outcomes();
        var plain = ClassificationScores.Of(
            FoldModel.Probabilities(model.Chosen, model.Model, selected), outcomes).LogLoss;
        var order = Enumerable.Range(0, selected.Count).ToArray();
        new Random(seed).Shuffle(order);
        var (width, values, scores) = (selected.Columns.Length, selected.Values.ToArray(), new double[selected.Count]);
        for (var column = 0; column < width; column++)
        {
            cancellation.ThrowIfCancellationRequested();
            var own = selected.Column(column);
            for (var row = 0; row < order.Length; row++)
                values[row * width + column] = own[order[row]];
            model.Model.Score(values, scores);
            yield return (selected.Columns[column], ClassificationScores.Of(
                [.. scores.Select(model.Chosen.Calibrator.Probability)], outcomes).LogLoss - plain);
            for (var row = 0; row < order.Length; row++)
                values[row * width + column] = own[row];
        }
    }
}
