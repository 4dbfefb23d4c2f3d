using FsCheck;
using FsCheck.Fluent;

namespace Trading.Quant.Tests;

/// <summary>Generators of profit-and-loss vectors, with ties, all gains, single values and wide ranges among them.</summary>
static class Samples
{
    static readonly Gen<double> Wide =
        from mantissa in Gen.Choose(-1_000_000, 1_000_000)
        from exponent in Gen.Choose(-3, 3)
        select mantissa * Math.Pow(10, exponent);

    static readonly Gen<double>[] Values =
    [
        Wide,
        Gen.Choose(-3, 3).Select(value => (double)value),
        Gen.Choose(1, 1_000_000).Select(value => value / 64.0),
        Gen.Constant(-0.25),
    ];

    public static Gen<double[]> Vector(int count) =>
        from kind in Gen.Choose(0, Values.Length - 1)
        from values in Values[kind].ArrayOf(count)
        select values;

    public static Gen<int> Count { get; } = Gen.Choose(TailRisk.MinimumSampleCount, 1_200);

    public static Gen<double> Confidence { get; } = Gen.OneOf(
        Gen.Elements(0.5, 0.9, 0.95, 0.975, 0.99, 0.999), Gen.Choose(1, 9_999).Select(value => value / 10_000.0));

    public static Gen<double[]> Any { get; } = from count in Count from vector in Vector(count) select vector;

    public static Gen<(double[] Pnl, double Confidence)> WithConfidence { get; } =
        from pnl in Any from confidence in Confidence select (pnl, confidence);

    /// <summary>Checks a property on 300 samples, or on as many as said; the failing one is printed with its seed.</summary>
    public static void Hold<T>(this Gen<T> samples, Action<T> property, int tests = 300) =>
        Prop.ForAll(samples.ToArbitrary(), property).Check(Config.QuickThrowOnFailure.WithMaxTest(tests));
}
