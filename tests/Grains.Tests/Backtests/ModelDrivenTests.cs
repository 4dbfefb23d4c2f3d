using System.Collections.Immutable;
using Trading.MarketData;
using Trading.Models;

namespace Trading.Backtests.Tests;

/// <summary>A strategy on walk-forward predictions, where the truth is planted: a third of each day's return is carried on.</summary>
public sealed class ModelDrivenTests
{
    const int Days = 1_200;

    static readonly ModelOptions Options = new() { Methods = ["logistic"], TopK = 8, Folds = 4 };
    static readonly MarketHistory Planted = History(carry: 0.33), Noise = History(carry: 0);

    static readonly BacktestSpec Spec = new()
    {
        Strategies = [StrategySpec.Of("model_driven", ("enter", 0.52), ("leave", 0.5))], Costs = CostOptions.Zero,
        Execution = new() { MaxParticipation = null, LatencyMilliseconds = 0 },
    };

    static IReadOnlyDictionary<string, ImmutableArray<Prediction>> Trained(MarketHistory history) =>
        WalkForwardPredictions.Train(history, Options, ModelTrainers.Of(Options).Usable);

    [Fact]
    public void WhatIsPlanted_IsEarned_OutOfSample_AndNoiseIsNot()
    {
        var planted = BacktestRunner.Run(Spec, Planted, StrategyCatalog.BuiltIn, Trained(Planted));
        var held = BacktestRunner.Run(
            Spec with { Strategies = [StrategySpec.Of("buy_and_hold")] }, Planted, StrategyCatalog.BuiltIn);
        planted.Performance.Sharpe!.Value.ShouldBeGreaterThan(1);
        planted.Performance.Sharpe.Value.ShouldBeGreaterThan((held.Performance.Sharpe ?? 0) + 0.5);
        var noise = BacktestRunner.Run(Spec, Noise, StrategyCatalog.BuiltIn, Trained(Noise));
        (noise.Performance.Sharpe ?? 0).ShouldBeLessThan(planted.Performance.Sharpe.Value - 0.5);
    }

    [Fact]
    public void TheFirstOrder_ComesAfterTheFirstTraining_AndUsesWhatWasKnownAtItsClose()
    {
        var predictions = Trained(Planted);
        var run = BacktestRunner.Run(Spec, Planted, StrategyCatalog.BuiltIn, predictions);
        var first = predictions["AAA"][0].KnownAt;
        first.ShouldBeGreaterThan(Planted.Series[0].First.AddDays(100));
        run.Orders.ShouldAllBe(order => order.DecidedAt >= first);
        run.Fills.ShouldAllBe(fill => fill.Time > first);
    }

    [Fact]
    public void NoiseInTheFuture_ChangesNoDecisionBefore_AndAModelThatPeeks_IsCaught()
    {
        LookAheadProof.Of(Spec, Planted, StrategyCatalog.BuiltIn, 3, predict: Trained).Holds.ShouldBeTrue();
        LookAheadProof.Of(Spec, Planted, StrategyCatalog.BuiltIn, 3, predict: Peeking).Holds.ShouldBeFalse();

        // Knows the close of the day after.
        static IReadOnlyDictionary<string, ImmutableArray<Prediction>> Peeking(MarketHistory history)
        {
            AdjustedBar[] bars = [.. history.Series[0].Adjusted()];
            return ImmutableDictionary<string, ImmutableArray<Prediction>>.Empty.Add("AAA",
            [
                .. bars.Zip(bars.Skip(1)).Select(pair => new Prediction(
                    history.Series[0].CompleteAt(pair.First.Session)!.Value, pair.Second.Close > pair.First.Close ? 0.9 : 0.1)),
            ]);
        }
    }

    [Fact]
    public void AForecastOfAModelThatHadSeenLaterPrices_IsRefused()
    {
        var day = new DateOnly(2016, 1, 4);
        WalkForwardForecasts Of(DateOnly through) => new("AAA", 1, [new(day, through, 0.6)]);
        WalkForwardPredictions.Of(Planted, [Of(day)])["AAA"].ShouldHaveSingleItem().Probability.ShouldBe(0.6);
        Should.Throw<BacktestRefusedException>(() => WalkForwardPredictions.Of(Planted, [Of(day.AddDays(1))]))
            .Errors.ShouldHaveSingleItem().Rule.ShouldBe("future");
    }

    static MarketHistory History(double carry) => new([
        BarColumnsBuilder.Build("AAA", TimeSpan.FromDays(1),
        [
            .. Trading.Models.Tests.Histories.Walk(Days, carry, seed: 3).Select((close, day) => Bar.OfClose(
                new DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero).AddDays(day), (decimal)Math.Round(close, 6))),
        ]),
    ]);
}
