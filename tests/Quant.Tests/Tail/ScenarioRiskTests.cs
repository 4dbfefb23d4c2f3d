using FsCheck.Fluent;

namespace Trading.Quant.Tests;

public sealed class ScenarioRiskTests
{
    static readonly FsCheck.Gen<(double[] Pnl, double[] Unit, double Quantity, double Var, double Es)> Orders =
        from count in Samples.Count
        from pnl in Samples.Vector(count)
        from unit in Samples.Vector(count)
        from quantity in Gen.Choose(-1000, 1000)
        from var in Samples.Confidence
        from es in Samples.Confidence
        select (pnl, unit, quantity / 8.0, var, es);

    [Fact]
    public void Measure_IsTheDefinitionOnASortedCopy_BitForBit() => Orders.Hold(order =>
        ScenarioRisk.Measure(order.Pnl, order.Var, order.Es).ShouldBe(SortedDefinition.Measure(order.Pnl, order.Var, order.Es)));

    [Fact]
    public void WhatIf_IsTheDefinitionOnTheSum_BitForBit() => Orders.Hold(order =>
        ScenarioRisk.WhatIf(order.Pnl, order.Unit, order.Quantity, order.Var, order.Es)
            .ShouldBe(SortedDefinition.Measure(SortedDefinition.Add(order.Pnl, order.Unit, order.Quantity), order.Var, order.Es)));

    [Fact]
    public void WhatIf_IsMeasureAfterAddScaled_BitForBit() => Orders.Hold(order =>
    {
        var after = order.Pnl.ToArray();
        ScenarioRisk.AddScaled(after, order.Unit, order.Quantity);
        after.ShouldBe(SortedDefinition.Add(order.Pnl, order.Unit, order.Quantity));
        ScenarioRisk.WhatIf(order.Pnl, order.Unit, order.Quantity, order.Var, order.Es)
            .ShouldBe(ScenarioRisk.Measure(after, order.Var, order.Es));
    });

    [Fact]
    public void ValueAtRiskThatIsNear_ChangesNothing_WhereverItIs() => Orders.Hold(order =>
    {
        var measured = ScenarioRisk.WhatIf(order.Pnl, order.Unit, order.Quantity, order.Var, order.Es, 0.99);
        double[] nears = [measured.ValueAtRisk, 1.01 * measured.ValueAtRisk, 0.5 * measured.ValueAtRisk, -measured.ValueAtRisk, 0, 1e300, double.NegativeInfinity, double.NaN];
        foreach (var near in nears)
            ScenarioRisk.WhatIf(order.Pnl, order.Unit, order.Quantity, order.Var, order.Es, 0.99, near).ShouldBe(measured);
    });

    [Fact]
    public void ExpectedShortfall_IsNeverBelowValueAtRisk() => Samples.WithConfidence.Hold(sample =>
    {
        var measured = ScenarioRisk.Measure(sample.Pnl, sample.Confidence, sample.Confidence);
        var slack = 1e-12 * Math.Abs(measured.ValueAtRisk);
        measured.ExpectedShortfall.ShouldBeGreaterThanOrEqualTo(measured.ValueAtRisk - slack);
    });

    [Fact]
    public void Measures_ScaleWithThePosition_AndMoveAgainstAnAddedAmount() => Samples.WithConfidence.Hold(sample =>
    {
        var (pnl, confidence) = sample;
        var measured = ScenarioRisk.Measure(pnl, confidence, confidence);
        var doubled = ScenarioRisk.Measure([.. pnl.Select(value => 4 * value)], confidence, confidence); // a power of two: exact
        doubled.ShouldBe(new(4 * measured.ValueAtRisk, 4 * measured.ExpectedShortfall));

        var moved = ScenarioRisk.Measure([.. pnl.Select(value => value + 1000)], confidence, confidence);
        moved.ValueAtRisk.ShouldBe(measured.ValueAtRisk - 1000, 1e-9 * (1000 + Math.Abs(measured.ValueAtRisk)));
        moved.ExpectedShortfall.ShouldBe(measured.ExpectedShortfall - 1000, 1e-9 * (1000 + Math.Abs(measured.ExpectedShortfall)));
    });

    [Fact]
    public void Measures_DoNotDependOnTheOrderOfTheScenarios() => Samples.WithConfidence.Hold(sample =>
    {
        var shuffled = sample.Pnl.ToArray();
        new Random(sample.Pnl.Length).Shuffle(shuffled);
        ScenarioRisk.Measure(shuffled, sample.Confidence, sample.Confidence)
            .ShouldBe(ScenarioRisk.Measure(sample.Pnl, sample.Confidence, sample.Confidence));
    });

    [Fact]
    public void Components_SumToTheExpectedShortfallOfTheWhole() =>
        (from count in Samples.Count
         from units in Samples.Vector(count).ListOf(7)
         from quantities in Gen.Choose(-100, 100).ArrayOf(7)
         from confidence in Samples.Confidence
         select (units, quantities, confidence)).Hold(book =>
        {
            var (units, quantities, confidence) = book;
            var pnl = new double[units[0].Length];
            foreach (var (unit, quantity) in units.Zip(quantities))
                ScenarioRisk.AddScaled(pnl, unit, quantity);
            var weights = new double[pnl.Length];
            ScenarioRisk.TailWeights(pnl, confidence, weights);
            var components = units.Zip(quantities, (unit, quantity) => ScenarioRisk.Component(weights, unit, quantity)).ToArray();

            weights.Sum().ShouldBe(1, 1e-10);
            var scale = Math.Max(1, components.Sum(Math.Abs));
            components.Sum().ShouldBe(TailRisk.ExpectedShortfall(pnl, confidence), 1e-10 * scale);
        });

    [Fact]
    public void TailWeights_AreSharedEquallyByScenariosThatTieAtTheQuantile()
    {
        double[] pnl = [-9, .. Enumerable.Repeat(-5.0, 4), .. Enumerable.Repeat(1.0, 35)];
        var weights = new double[40];
        ScenarioRisk.TailWeights(pnl, 0.95, weights); // a mass of 2: the -9, and a quarter of each -5
        weights[..5].ShouldBe([0.5, 0.125, 0.125, 0.125, 0.125]);
        weights[5..].ShouldAllBe(weight => weight == 0);
    }

    [Fact]
    public void WhatIf_ThatOverflows_IsRefused()
    {
        var huge = Enumerable.Repeat(double.MaxValue, 40).ToArray();
        Should.Throw<ArgumentException>(() => ScenarioRisk.WhatIf(huge, huge, 2, 0.95, 0.95));
    }

    [Fact]
    public void VectorsOfDifferentLength_AreRefused()
    {
        Should.Throw<ArgumentException>(() => ScenarioRisk.WhatIf(new double[40], new double[39], 1, 0.95, 0.95));
        Should.Throw<ArgumentException>(() => ScenarioRisk.WhatIf(new double[40], [], 1, 0.95, 0.95));
        Should.Throw<ArgumentException>(() => ScenarioRisk.AddScaled(new double[40], new double[41], 1));
        Should.Throw<ArgumentException>(() => ScenarioRisk.TailWeights(new double[40], 0.95, new double[41]));
        Should.Throw<ArgumentException>(() => ScenarioRisk.Component(new double[40], new double[41], 1));
    }

    [Fact]
    public void WhatIf_AllocatesNothing()
    {
        var random = new Random(5);
        double[] pnl = [.. Enumerable.Range(0, 252).Select(_ => random.NextDouble() - 0.5)];
        ScenarioRisk.WhatIf(pnl, pnl, 0.5, 0.95, 0.975);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            ScenarioRisk.WhatIf(pnl, pnl, i, 0.95, 0.975);
        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }
}
