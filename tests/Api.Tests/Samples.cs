using Trading.MarketData;
using Trading.Models;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api.Tests;

/// <summary>One of each answer that the grains give.</summary>
static class Samples
{
    static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);
    static readonly BookMeasures Measures = new(1_000_000m, 990_000.5m, 10_000m, 10_000m, 0.011, 0.014, 0.01, null, 0.0);

    public static readonly LimitsVersion FirstLimits = new(1, RiskLimits.Default, "system", Noon, "initial");
    public static readonly LimitsHistory Limits = new("default", FirstLimits, []);

    public static readonly Position Position = new("IBM", "Technology", 100m, 180.25m, 182.5m, 18_250m, 225m, 0m, 0.018);
    public static readonly Reservation Reservation = new("default:7", "order-1", "IBM", Side.Buy, 1000m, 400m, 182.5m, Noon.AddSeconds(300));

    public static readonly PortfolioSnapshot Snapshot = new(
        "default", "USD", false, 42, 981_750.25m, 1_000_000m, 1.25m, 18_250m, 1_000_000.25m, 0m, 225m, 1_000_000.25m, 0.0,
        new DateOnly(2026, 1, 2), [Position], [Reservation]);

    public static readonly FillReceipt Receipt = new(
        "fill-1", 43, "default:7", "IBM", Side.Buy, 100m, 182.5m, 1.25m, 0m, 300m, 200m, 963_499m, Noon) { Violations = [] };

    static readonly SignalDecision Approved = new(
        "default:7", "default", "order-1", "IBM", Side.Buy, 1000m, 0.85, null, 182.5m, true, 182.5m, Noon.AddSeconds(300), 5_000m, [], Measures, Measures, [], 1,
        "historical/order_statistic/252d/1d", Noon);

    public static readonly RecordedDecision Approval = RecordedDecision.Of(Approved);

    public static readonly RecordedDecision Refusal = RecordedDecision.Of(Approved with
    {
        Approved = false,
        ExpiresAt = null,
        Violations = [new(RiskRule.ValueAtRisk95, 0.035m, 0.03m, "fraction", "Value at risk after the trade is over its limit.")],
        Headroom = [new(RiskRule.ExpectedShortfall975, 0.04m, 0.05m, 0.01m, "fraction")],
    });

    public static readonly RecordedDecision Malformed = RecordedDecision.Of(Approved with
    {
        Approved = false,
        Violations =
        [
            new(RiskRule.Malformed, null, null, null, "position_size must be more than zero units; it is -5."),
        ],
    });

    public static readonly DecisionReplay Replay = new(
        new(Approval, 7, Noon, "00ff", FirstLimits, [new(RiskRule.ValueAtRisk95, true, 0.011m, 0.03m, "fraction")]), Approval, true);

    public static readonly RiskReport Report = new(
        "default", "USD", Noon, new DateOnly(2026, 1, 2), 42, 1_000_000.25m, 981_750.25m, 18_250m, 18_250m, 0.0,
        new("historical", "order_statistic", "tail_mean", "loss_positive", 252, 252, 1, new DateOnly(2025, 1, 2), new DateOnly(2026, 1, 2), "0123456789abcdef"),
        [new("value_at_risk", 0.95, "order_statistic", 0.011, 11_000m)],
        [new("IBM", "Technology", 0.018, 0.012, 12_000m, 1.0)],
        [new(RiskRule.ValueAtRisk95, 0.011m, 0.03m, 0.019m, "fraction")],
        [Position],
        [new("stale_price", "IBM", "The price is two days old.")]);

    static readonly QualityFinding Jump = new(Noon, BarRule.Jump, Verdict.Quarantine, 0.31, 0.25, "The close moved by 31 %.");

    public static readonly DataQuality Quality = new(
        "IBM", SeriesStatus.Updated, "Technology", 2, new DateOnly(2026, 1, 1), new DateOnly(2026, 1, 2), 182.5m, 60.0, new("replay", Noon, Noon), 3,
        new("IBM", BarInterval.OneDay, SymbolMode.ReduceOnly, ["the newest bar was not accepted"], new(1.0, 0.5, null, 1.0), Noon.AddDays(-4), Noon.AddDays(-3), 60.0,
            2, 1, 0, [new(BarRule.Jump, Verdict.Quarantine, 1)], [Jump]));

    public static readonly Bar Bar = new(Noon, 180m, 186m, 179.5m, 182.5m, 1_000m);

    public static readonly BarVersion Accepted = new(
        Bar, new Bar(Noon, 90m, 93m, 89.75m, 91.25m, 2_000m), 7, "yahoo", Noon.AddDays(1), Noon.AddDays(2), Verdict.Accept, null, null);

    public static readonly BarVersion Held = Accepted with { Adjusted = null, Revision = 8, Verdict = Verdict.Quarantine, Rule = "jump", Note = "The close moved by 31 %." };

    public static readonly SourceReport Source = new(
        "yahoo", [new(AssetClass.Equity, 1)], SourceState.Probation, SourceBreakerState.HalfOpen, 2, 3, Noon, Noon, "yahoo: 500", 12.5, 80.0, 9, 0.75, 3, 1, 1_200, 2_000, null);

    static readonly RowReport Rows = new(2, 1, [new("number", 1)], [new("close", "number", "'x' is not a decimal number", 3)]);

    public static readonly ValidationReport Validation = new(BarInterval.OneDay, Rows, 1, 1, 0,
    [
        new("IBM", AssetClass.Equity, Noon, Noon, new(1.0, 0.5, null, null), 1, 1, 0, 0, [new(BarRule.Jump, Verdict.Quarantine, 1)], [Jump]),
    ]);

    public static readonly IngestReport Ingested = new(
        IngestEnd.Complete, null, "desk", BarInterval.OneDay, Rows with { Bad = 0, Faults = [], Errors = [] }, new(1, 0, 1, 0, 0), [new("IBM", new(1, 0, 1, 0, 0), 0)]);

    public static readonly IngestReport Stopped = Ingested with { End = IngestEnd.BadRow, Problem = "line 3, close: 'x' is not a decimal number", Rows = Rows };

    public static TrainingStatus Training(string symbol, TrainingState state = TrainingState.Trained) =>
        new(symbol, state, 2, 1.0, Noon, Noon, "reminder", null);

    public static ModelPrediction Prediction(string symbol) =>
        new(symbol, new DateOnly(2026, 1, 2), 0.53, 2, new DateOnly(2026, 1, 1), Training(symbol), [new("momentum_5", 0.2, null)]);

    public static ModelPerformance Performance(string symbol) => new(
        symbol, 2, "logistic", 250, 0.53, 0.69, 0.693, 0.25, 0.54,
        [new(new DateOnly(2025, 1, 2), new DateOnly(2025, 6, 30), new DateOnly(2025, 7, 1), new DateOnly(2026, 1, 2), 125, 0.53, 0.69, 0.693, null)],
        Training(symbol));
}
