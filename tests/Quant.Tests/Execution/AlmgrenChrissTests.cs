namespace Trading.Quant.Tests;

public sealed class AlmgrenChrissTests
{
    [Fact]
    public void ThePath_BeginsWithAll_AndEndsWithNothing()
    {
        foreach (var urgency in new[] { 0, 1e-7, 0.5, 3, 40, 1e6 })
        {
            AlmgrenChriss.Remaining(0, urgency).ShouldBe(1, 1e-12);
            AlmgrenChriss.Remaining(1, urgency).ShouldBe(0, 1e-12);
        }
    }

    [Fact]
    public void Haste_TradesEarlier_AndNoneIsAStraightLine()
    {
        AlmgrenChriss.Remaining(0.25, 0).ShouldBe(0.75);
        double[] half = [.. new[] { 0, 0.5, 1, 2, 5, 20 }.Select(urgency => AlmgrenChriss.Remaining(0.5, urgency))];
        half.ShouldBe(half.OrderDescending());
        AlmgrenChriss.Remaining(0.5, 2).ShouldBe(Math.Sinh(1) / Math.Sinh(2), 1e-15);
    }

    [Fact]
    public void ThePath_SolvesItsEquation()
    {
        // The discrete optimum: (x[j-1] - 2 x[j] + x[j+1]) / step² is κ² x[j] in the limit of small steps.
        const double Urgency = 1.7, Step = 1e-3;
        for (var at = Step; at < 1 - Step; at += 0.05)
        {
            var curve = (AlmgrenChriss.Remaining(at - Step, Urgency) - 2 * AlmgrenChriss.Remaining(at, Urgency)
                + AlmgrenChriss.Remaining(at + Step, Urgency)) / (Step * Step);
            curve.ShouldBe(Urgency * Urgency * AlmgrenChriss.Remaining(at, Urgency), 1e-4);
        }
    }

    [Fact]
    public void FourTimesTheFear_IsTwiceTheUrgency() =>
        AlmgrenChriss.Urgency(4e-6, 0.95, 2.5e-6, 5).ShouldBe(2 * AlmgrenChriss.Urgency(1e-6, 0.95, 2.5e-6, 5), 1e-12);

    [Fact]
    public void WhatIsNoPath_IsRefused()
    {
        Should.Throw<ArgumentException>(() => AlmgrenChriss.Remaining(1.1, 1)).ParamName.ShouldBe("progress");
        Should.Throw<ArgumentException>(() => AlmgrenChriss.Remaining(0.5, double.NaN)).ParamName.ShouldBe("urgency");
        Should.Throw<ArgumentException>(() => AlmgrenChriss.Urgency(0, 1, 1, 1)).ParamName.ShouldBe("riskAversion");
    }
}
