using Microsoft.Extensions.Options;
using Trading.MarketData;

namespace Trading.Models.Tests;

public sealed class WalkForwardTests
{
    const int Folds = 5;
    static readonly LogisticTrainer Trainer = new(Options.Create(new ModelOptions()));

    static Outcome<WalkForwardResult> Train(PriceSeries series, IModelTrainer? trainer = null, IProgress<double>? progress = null) =>
        WalkForward.Train(series, trainer ?? Trainer, Folds, progress ?? new Steps(), CancellationToken.None);

    [Fact]
    public void WhateverComesAfterASession_ChangesNothingUpToIt()
    {
        var closes = Histories.Walk(1_200, carry: 0.2, seed: 11);
        var known = Train(Histories.Of("A", closes)).Value!;
        foreach (var cut in (int[])[520, 700, 901, 1_100, 1_198])
        {
            var random = new Random(cut);
            double[] noise = [.. closes[..(cut + 1)], .. closes[(cut + 1)..].Select(_ => 1 + 1_000 * random.NextDouble())];
            var other = Train(Histories.Of("A", noise)).Value!;
            var last = Histories.Of("A", closes).Dates[cut];

            Features.At(noise.AsSpan(0, cut + 1)).ShouldBe(Features.At(closes.AsSpan(0, cut + 1)));
            other.Forecasts.Where(forecast => forecast.Session <= last).Select(forecast => (forecast.Session, forecast.Probability, forecast.Baseline))
                .ShouldBe(known.Forecasts.Where(forecast => forecast.Session <= last).Select(forecast => (forecast.Session, forecast.Probability, forecast.Baseline)));
            other.Folds.Where(fold => fold.TestTo < last).ShouldBe(known.Folds.Where(fold => fold.TestTo < last));
            other.Folds.Select(Ranges).ShouldBe(known.Folds.Select(Ranges));
        }
    }

    [Fact]
    public void NoTrainingLabel_ReachesIntoTheTestRange()
    {
        var series = Histories.Of("A", Histories.Walk(803, carry: 0, seed: 4));
        var folds = Train(series).Value!.Folds;
        folds.Length.ShouldBe(Folds);
        foreach (var fold in folds)
        {
            fold.TrainFrom.ShouldBe(series.Dates[Features.History - 1]);
            fold.TrainTo.AddDays(WalkForward.LabelHorizon).ShouldBeLessThan(fold.TestFrom);
        }

        folds.Zip(folds.Skip(1)).ShouldAllBe(pair => pair.First.TestTo.AddDays(1) == pair.Second.TestFrom);
        folds[^1].TestTo.ShouldBe(series.LastSession.AddDays(-1)); // the last session's own outcome is not known yet
    }

    [Fact]
    public void EveryFit_IsGivenTheRowsOfItsTrainingPartOnly()
    {
        var spy = new Spy();
        var folds = Train(Histories.Of("A", Histories.Walk(700, carry: 0, seed: 5)), spy).Value!.Folds;
        var test = folds[0].Observations;
        var rows = 700 - Features.History; // sessions with a full past and a next close
        spy.Rows.ShouldBe([.. Enumerable.Range(0, Folds).Select(fold => rows - (Folds - fold) * test - WalkForward.LabelHorizon), rows]);
    }

    [Fact]
    public void MovesWithoutOrder_AreForecastNoBetterThanChance()
    {
        double[] areas = [.. Enumerable.Range(1, 4).Select(seed =>
        {
            var forecasts = Train(Histories.Of("IBM", Histories.WithoutOrder("IBM", seed))).Value!.Forecasts;
            var (scores, baseline) = WalkForward.Score(forecasts);
            scores.LogLoss.ShouldBeGreaterThan(baseline - 0.002);
            return scores.AreaUnderCurve!.Value;
        })];
        areas.ShouldAllBe(area => Math.Abs(area - 0.5) < 0.05); // four standard errors of 2,000 forecasts
        areas.Average().ShouldBe(0.5, 0.02);
    }

    [Fact]
    public void MovesThatCarryOn_AreFound()
    {
        var (scores, baseline) = WalkForward.Score(Train(Histories.Of("A", Histories.Walk(2_000, carry: 0.5, seed: 8))).Value!.Forecasts);
        scores.AreaUnderCurve!.Value.ShouldBeGreaterThan(0.65);
        scores.LogLoss.ShouldBeLessThan(baseline - 0.03);
    }

    [Fact]
    public void ModelAndScores_AreTheSameEveryTime()
    {
        var series = Histories.Of("MSFT", Histories.Sample("MSFT"));
        var (one, other) = (Train(series).Value!, Train(series).Value!);
        other.Model.Save().ShouldBe(one.Model.Save());
        other.Folds.ShouldBe(one.Folds);
        one.TrainedThrough.ShouldBe(series.LastSession);
    }

    [Fact]
    public void TooLittleHistory_IsRefused_WithBothNumbers()
    {
        var outcome = Train(Histories.Of("A", Histories.Walk(WalkForward.MinimumSessions - 1, carry: 0, seed: 1)));
        outcome.Kind.ShouldBe(OutcomeKind.Conflict);
        outcome.Errors.ShouldHaveSingleItem().Message.ShouldBe("A has 499 sessions; a training needs 500.");
    }

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.001)]
    [InlineData(-0.001)]
    public void ClosesThatMoveOneWayOnly_AreRefused(double step)
    {
        var outcome = Train(Histories.Of("A", Enumerable.Range(0, 600).Select(day => 100 * Math.Exp(step * day))));
        outcome.Errors.ShouldHaveSingleItem().Rule.ShouldBe("one_sided");
    }

    [Fact]
    public void Progress_EndsAtOne()
    {
        var steps = new Steps();
        Train(Histories.Of("A", Histories.Walk(600, carry: 0, seed: 2)), progress: steps);
        steps.Seen.ShouldBe(steps.Seen.Order());
        steps.Seen.Count.ShouldBe(Folds + 1);
        steps.Seen[^1].ShouldBe(1);
    }

    [Fact]
    public void ACancelledTraining_Ends() => Should.Throw<OperationCanceledException>(() => WalkForward.Train(
        Histories.Of("A", Histories.Walk(600, carry: 0, seed: 2)), Trainer, Folds, new Steps(), new CancellationToken(canceled: true)));

    static (DateOnly, DateOnly, DateOnly, DateOnly) Ranges(FoldScore fold) => (fold.TrainFrom, fold.TrainTo, fold.TestFrom, fold.TestTo);

    sealed class Steps : IProgress<double>
    {
        public List<double> Seen { get; } = [];
        public void Report(double value) => Seen.Add(value);
    }

    sealed class Spy : IModelTrainer
    {
        public List<int> Rows { get; } = [];
        public string Method => Trainer.Method;

        public IFittedModel Fit(IReadOnlyList<double[]> rows, IReadOnlyList<bool> rises, CancellationToken cancellation)
        {
            rises.Count.ShouldBe(rows.Count);
            Rows.Add(rows.Count);
            return Trainer.Fit(rows, rises, cancellation);
        }

        public IFittedModel Load(string saved) => Trainer.Load(saved);
    }
}
