using FsCheck;
using FsCheck.Fluent;

namespace Trading.Quant.Tests;

/// <summary>Generators of related series: one common factor and a part of each one's own, in scales far apart.</summary>
static class RandomSeries
{
    public static Gen<double[][]> Of(int leastVariables, int mostVariables, int leastObservations, int mostObservations) =>
        from variables in Gen.Choose(leastVariables, mostVariables)
        from observations in Gen.Choose(leastObservations, mostObservations)
        from seed in Gen.Choose(0, int.MaxValue)
        select Draw(new Random(seed), variables, observations);

    public static Gen<double[]> Weights(int count) =>
        Gen.Choose(-1_000, 1_000).Select(value => value / 500.0).ArrayOf(count);

    public static double[][] Draw(Random random, int variables, int observations)
    {
        var common = Normals(random, observations);
        return [.. Enumerable.Range(0, variables).Select(_ =>
        {
            var (scale, loading) = (Math.Pow(10, random.Next(-3, 1)), random.NextDouble());
            return Normals(random, observations).Select((own, i) => scale * (0.1 + own + loading * common[i])).ToArray();
        })];
    }

    public static double[] Normals(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()))];
}
