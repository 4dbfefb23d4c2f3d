using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Portfolios;

/// <summary>A loss that is forecast.</summary>
/// <param name="Fraction">Of equity.</param>
[GenerateSerializer, Immutable, Alias("trading.loss-forecast")]
public sealed record LossForecast(double Fraction, decimal Money);

/// <summary>What a book forecast for the session after <paramref name="Session"/>, from its positions booked, and what came of it.</summary>
/// <param name="Deposits">Paid in less paid out until then; the difference to the next forecast's is no profit.</param>
/// <param name="Realised">Null until the next session is there.</param>
[GenerateSerializer, Immutable, Alias("trading.forecast")]
public sealed record Forecast(
    [property: Id(0)] DateOnly Session,
    [property: Id(1)] DateTimeOffset At,
    [property: Id(2)] long Sequence,
    [property: Id(3)] decimal Equity,
    [property: Id(4)] decimal Deposits,
    [property: Id(5)] string Method,
    [property: Id(6)] int Sample,
    [property: Id(7), JsonPropertyName("value_at_risk_95")] LossForecast ValueAtRisk95,
    [property: Id(8), JsonPropertyName("value_at_risk_97_5")] LossForecast ValueAtRisk975,
    [property: Id(9), JsonPropertyName("value_at_risk_99")] LossForecast ValueAtRisk99,
    [property: Id(10), JsonPropertyName("expected_shortfall_97_5")] LossForecast ExpectedShortfall975,
    [property: Id(11)] Realised? Realised = null);

/// <param name="Session">The last one that the profit or loss covers.</param>
/// <param name="Sessions">How many it covers; where it is not 1, it is no test of a forecast for one.</param>
/// <param name="ProfitAndLoss">Change of the value marked to market less payments in and out, fees counted.</param>
[GenerateSerializer, Immutable, Alias("trading.realised")]
public sealed record Realised(
    [property: Id(0)] DateOnly Session, [property: Id(1)] int Sessions, [property: Id(2)] decimal ProfitAndLoss, [property: Id(3)] double Fraction);

/// <summary>What the book's own forecasts make of its limit on value at risk.</summary>
/// <param name="Zone">Of the supervisory traffic light, one-sided: <c>green</c>, <c>yellow</c> or <c>red</c>; null while there are too few
/// observations to tell, which leaves the limit as it is.</param>
/// <param name="Multiplier">The limit in force is the limit set times this: 1 in green, 0.9 to 0.75 in yellow, 0.5 in red.</param>
/// <param name="ReducingOnly">In red: no order that enlarges a position.</param>
[GenerateSerializer, Immutable, Alias("trading.forecast-standing")]
public sealed record ForecastStanding(
    string? Zone, double Multiplier, bool ReducingOnly, double Confidence, int Observations, int Exceptions)
{
    public const string Green = "green", Yellow = "yellow", Red = "red";
}

/// <summary>Forecasts held against what happened.</summary>
/// <param name="Name"><c>realised</c>: the book's own forecasts against its own profit and loss, with its trades and fees;
/// <c>hypothetical</c>: today's positions against every past session of the window, each forecast from the sessions before it alone.</param>
/// <param name="Coverage">At 95 and 99 %.</param>
/// <param name="Shortfall">At 97.5 %; null where a forecast was no loss.</param>
[GenerateSerializer, Immutable, Alias("trading.backtest")]
public sealed record Backtest(
    string Name, string ProfitAndLoss, string Method, int WindowSessions, int Observations, DateOnly From, DateOnly To,
    ImmutableArray<CoverageReport> Coverage, ShortfallTest? Shortfall);

/// <param name="TrafficLight">One-sided, over the newest 250 observations: read it beside <paramref name="Kupiec"/>, which also
/// rejects a model that has too few exceptions.</param>
[GenerateSerializer, Immutable, Alias("trading.coverage-report")]
public sealed record CoverageReport(
    double Confidence, int Observations, int Exceptions, double ExpectedExceptions,
    CoverageTestResult Kupiec, CoverageTestResult Independence, CoverageTestResult Conditional, TrafficLightResult TrafficLight);

/// <param name="Rejected">At 5 %.</param>
[GenerateSerializer, Immutable, Alias("trading.coverage-test")]
public sealed record CoverageTestResult(double Statistic, int DegreesOfFreedom, double PValue, bool Rejected);

/// <param name="AtMost">The probability of so many exceptions or fewer under a right model; it decides the zone.</param>
/// <param name="PlusFactor">The addition to the capital multiplier of 3; <paramref name="PlusFactorSource"/> is <c>basel_table</c> for 250
/// observations at 99 %, else <c>normal_rule</c>.</param>
[GenerateSerializer, Immutable, Alias("trading.traffic-light")]
public sealed record TrafficLightResult(
    string Zone, double AtMost, double AtLeast, double PlusFactor, string PlusFactorSource, int Observations, int Exceptions);

/// <summary>Acerbi and Szekely's second test.</summary>
/// <param name="Statistic">Zero in the mean under a right model; negative where losses were larger or more frequent than forecast.</param>
/// <param name="PValue">One-sided, by seeded simulation of normal returns.</param>
[GenerateSerializer, Immutable, Alias("trading.shortfall-test")]
public sealed record ShortfallTest(
    double Statistic, double PValue, bool Rejected, double Confidence, int Observations, int Exceptions, int Replications, int Seed);

/// <summary>How well the book's forecasts held, and what follows from it.</summary>
/// <param name="Realised">Null until there are two comparable forecasts; likewise <paramref name="Hypothetical"/> until the window is long enough.</param>
/// <param name="Forecasts">The newest first, at most 1,000.</param>
[GenerateSerializer, Immutable, Alias("trading.backtest-report")]
public sealed record BacktestReport(
    string Portfolio, string Currency, DateTimeOffset? CalculatedAt, long Sequence, ForecastStanding Standing,
    Backtest? Realised, Backtest? Hypothetical, ImmutableArray<Forecast> Forecasts, ImmutableArray<ReportWarning> Warnings);
