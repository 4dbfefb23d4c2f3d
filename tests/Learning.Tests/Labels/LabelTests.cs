namespace Trading.Learning.Tests;

public sealed class LabelTests
{
    static readonly DateOnly[] Days = Histories.Sessions(60);

    /// <summary>Moves of 1 % up and down for thirty sessions, then those given: a volatility of 1 % at session 30.</summary>
    static SymbolHistory After(params double[] moves)
    {
        var close = 100.0;
        List<double> closes = [close];
        foreach (var move in Enumerable.Range(0, 30).Select(i => i % 2 == 0 ? 0.01 : -0.01).Concat(moves))
            closes.Add(close *= Math.Exp(move));
        return Histories.OfCloses([.. closes]);
    }

    [Fact]
    public void NextReturn_IsOverItsSessions_AndSaysWhichTheyWere()
    {
        var labels = Learning.Labels.Of(After(0.03, -0.01), new LabelSpec.NextReturn(2));
        var label = labels[30]!.Value;
        (label.Interval, label.Rise, label.Ended).ShouldBe((new(Days[30], Days[32]), true, Barrier.Time));
        label.Return.ShouldBe(0.02, 1e-12);
        labels[31].ShouldBeNull("the second session after it is not known yet");
        labels[20].ShouldBeNull("there is no volatility of 21 returns yet");
    }

    [Fact]
    public void Scaled_IsInUnitsOfVolatility()
    {
        var history = After(0.03, -0.01);
        double[] returns = [.. Enumerable.Range(10, 21).Select(i => Math.Log(history.Bars[i].Close / history.Bars[i - 1].Close))];
        var deviation = Math.Sqrt(returns.Average(value => Math.Pow(value - returns.Average(), 2)));
        Learning.Labels.Of(history, new LabelSpec.NextReturn(2))[30]!.Value.Scaled.ShouldBe(0.02 / (deviation * Math.Sqrt(2)), 1e-9);
    }

    [Theory]
    [InlineData(Barrier.Upper, 1, true, 0.05)]
    [InlineData(Barrier.Lower, 1, false, -0.05)]
    [InlineData(Barrier.Upper, 3, true, 0.005, 0.005, 0.05)]
    [InlineData(Barrier.Time, 4, false, 0.001, -0.002, 0.001, -0.002)]
    public void TripleBarrier_EndsAtTheFirstTouch(Barrier ended, int sessions, bool rise, params double[] moves)
    {
        double[] more = [.. moves, .. Enumerable.Repeat(0.0001, 4 - moves.Length)];
        var label = Learning.Labels.Of(After(more), new LabelSpec.TripleBarrier(1, 1, 4))[30]!.Value;
        (label.Ended, label.Rise, label.Interval).ShouldBe((ended, rise, new(Days[30], Days[30 + sessions])));
    }

    [Fact]
    public void OfBothBarriersInOneSession_TheLowerCounts()
    {
        var bars = After(0.001).Bars;
        bars = bars.SetItem(31, bars[31] with { High = bars[31].Close * 1.2, Low = bars[31].Close * 0.8 });
        Learning.Labels.Of(SymbolHistory.Of("A", bars), new LabelSpec.TripleBarrier(1, 1, 1))[30]!.Value.Ended.ShouldBe(Barrier.Lower);
    }

    [Fact]
    public void AHorizonThatCannotBe_IsRefused()
    {
        Should.Throw<ArgumentException>(() => Learning.Labels.Of(After(), new LabelSpec.NextReturn(0))).Message.ShouldStartWith("horizon is 0;");
        Should.Throw<ArgumentException>(() => Learning.Labels.Of(After(), new LabelSpec.TripleBarrier(1, double.NaN, 5)));
    }

    [Fact]
    public void EveryBrokenRule_OfALabel_IsToldAtOnce()
    {
        new LabelSpec.TripleBarrier(0, 11, 64).BrokenRules().Select(rule => rule.Field).ShouldBe(["horizon", "barrier_above", "barrier_below"]);
        new LabelSpec.ScaledReturn(double.NaN, 0).BrokenRules().Select(rule => rule.Field).ShouldBe(["horizon", "label_threshold"]);
    }

    [Theory]
    [InlineData(0.5, true)]
    [InlineData(1.5, false)]
    [InlineData(-3, true)]
    public void ScaledReturn_RisesAboveItsThreshold_InVolatilitiesOverItsSessions(double threshold, bool rise)
    {
        // 2 % over two sessions are about 1.4 volatilities of 1 % a session.
        var label = Learning.Labels.Of(After(0.03, -0.01), new LabelSpec.ScaledReturn(threshold, 2))[30]!.Value;
        (label.Rise, label.Interval).ShouldBe((rise, new(Days[30], Days[32])));
        label.Scaled.ShouldBe(Learning.Labels.Of(After(0.03, -0.01), new LabelSpec.NextReturn(2))[30]!.Value.Scaled);
    }

    [Theory]
    [InlineData(1, 0.05)]
    [InlineData(2, -0.05)]
    public void ATouchedBarrier_IsWorthItsDistance_HoweverSoonItWasTouched(double distance, double move)
    {
        double[] moves = [move, 0.0001, 0.0001, 0.0001];
        Learning.Labels.Of(After(moves), new LabelSpec.TripleBarrier(distance, distance, 4))[30]!.Value.Scaled
            .ShouldBe(distance * Math.Sign(move), 1e-9);
    }

    [Fact]
    public void ALabel_IsReadBackFromItsName_AndNothingElseIs()
    {
        foreach (var label in new LabelSpec[] { new LabelSpec.NextReturn(5), new LabelSpec.ScaledReturn(-0.25, 3), new LabelSpec.TripleBarrier(1.5, 0.1, 21) })
            LabelSpec.Parse(label.Name).ShouldBe(label);
        foreach (var text in new[] { "", "next_return", "next_return()", "next_return(1,2)", "next_return(1.5)", "oracle(1)", "triple_barrier(1,1,5" })
            Should.Throw<FormatException>(() => LabelSpec.Parse(text));
    }

    [Fact]
    public void Uniqueness_OfOverlappingLabels_IsWorkedByHand()
    {
        // A label runs from the session after its first to its last: 2 3 4; 3; 4 5; 7. Sessions 3 and 4 are shared.
        Label Of(int from, int to) => new(new(Days[from], Days[to]), 0, 0, true, Barrier.Time);
        Uniqueness.Of([Of(1, 4), Of(2, 3), Of(3, 5), Of(6, 7)], [0, 0, 0, 0])
            .ShouldBe([(1 + 0.5 + 0.5) / 3, 0.5, (0.5 + 1) / 2, 1], 1e-12);
        Uniqueness.Of([Of(1, 4), Of(3, 5)], [0, 1]).ShouldBe([1, 1], 1e-12);
    }
}
