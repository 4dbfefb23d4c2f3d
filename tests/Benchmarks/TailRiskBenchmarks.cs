using BenchmarkDotNet.Attributes;
using Trading.Quant;

namespace Trading.Benchmarks;

/// <summary>
/// Value at risk (95 %) and expected shortfall (97.5 %) of a book after one more order, 252 scenarios. Every call takes another
/// position's vector and another quantity: one repeated input would teach the branch predictor and flatter whatever branches on data.
/// </summary>
[MemoryDiagnoser]
public class TailRiskBenchmarks
{
    const int Scenarios = 252;
    const int Orders = 2_000;
    double[][] _units = [];
    double[] _quantities = [];
    double[] _pnl = [];
    readonly double[] _scratch = new double[Scenarios];
    int _next;

    [Params(30, 500)]
    public int Positions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        var random = new Random(20260105);
        _units = [.. Enumerable.Range(0, Positions).Select(_ => FatTailed(random, scale: 50 * 0.012))];
        _quantities = [.. Enumerable.Range(0, Orders).Select(_ => (double)random.Next(-2_000, 2_000))];
        _pnl = new double[Scenarios];
        foreach (var unit in _units)
            ScenarioRisk.AddScaled(_pnl, unit, random.Next(100, 1_000));
    }

    [Benchmark(Description = "copy, add, sort")]
    public TailEstimate Sorted()
    {
        var (unit, quantity) = Next();
        for (var i = 0; i < Scenarios; i++)
            _scratch[i] = _pnl[i] + quantity * unit[i];
        Array.Sort(_scratch);
        var sum = 0.0;
        for (var i = 0; i < 6; i++)
            sum += _scratch[i];
        return new(-_scratch[12], -(sum + 0.3 * _scratch[6]) / 6.3);
    }

    [Benchmark(Baseline = true, Description = "what-if")]
    public TailEstimate WhatIf()
    {
        var (unit, quantity) = Next();
        return ScenarioRisk.WhatIf(_pnl, unit, quantity, 0.95, 0.975);
    }

    [Benchmark(Description = "whole book again, then what-if")]
    public TailEstimate Recalculated()
    {
        Array.Clear(_scratch);
        foreach (var position in _units)
            ScenarioRisk.AddScaled(_scratch, position, 100);
        var (unit, quantity) = Next();
        return ScenarioRisk.WhatIf(_scratch, unit, quantity, 0.95, 0.975);
    }

    (double[] Unit, double Quantity) Next()
    {
        _next = (_next + 1) % Orders;
        return (_units[_next * 7 % _units.Length], _quantities[_next]);
    }

    /// <summary>Student's t with four degrees of freedom: a normal over the root of a mean square of four.</summary>
    static double[] FatTailed(Random random, double scale) =>
        [.. Enumerable.Range(0, Scenarios).Select(_ => scale * Normal(random) / Math.Sqrt(Enumerable.Range(0, 4).Average(_ => Math.Pow(Normal(random), 2))))];

    static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
