using BenchmarkDotNet.Attributes;
using Trading.Quant;

namespace Trading.Benchmarks;

/// <summary>Covariances on one thread. scikit-learn's ledoit_wolf takes about 10 ms for 500 variables and 252 observations.</summary>
[MemoryDiagnoser]
public class CovarianceBenchmarks
{
    double[][] _series = [];

    [Params(30, 500)]
    public int Variables { get; set; }

    [Params(252, 1_000)]
    public int Observations { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(20260105);
        var common = Noise(random);
        _series = [.. Enumerable.Range(0, Variables).Select(_ => Noise(random).Zip(common, (own, all) => 0.01 * (own + all)).ToArray())];
    }

    [Benchmark(Baseline = true, Description = "sample")]
    public CovarianceEstimate Sample() => Covariance.Sample(_series);

    [Benchmark(Description = "Ledoit-Wolf")]
    public CovarianceEstimate LedoitWolf() => Covariance.LedoitWolf(_series);

    [Benchmark(Description = "exponentially weighted")]
    public CovarianceEstimate ExponentiallyWeighted() => Covariance.ExponentiallyWeighted(_series, 0.94);

    [Benchmark(Description = "clusters of the Ledoit-Wolf correlations")]
    public CorrelationClusters Clusters() => CorrelationClusters.Of(CorrelationMatrix.Of(Covariance.LedoitWolf(_series).Matrix), 0.7);

    double[] Noise(Random random) => [.. Enumerable.Range(0, Observations).Select(_ => random.NextDouble() - 0.5)];
}
