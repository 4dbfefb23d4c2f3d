using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>How a risk number was made. Losses are positive.</summary>
/// <param name="Method"><c>historical</c>: the book's profit and loss over past daily returns at today's positions.</param>
/// <param name="Quantile"><c>order_statistic</c> (never interpolated) or <c>type_7</c> (the R and NumPy default).</param>
/// <param name="WindowSessions">Returns asked for.</param>
/// <param name="Sample">Returns that were used.</param>
/// <param name="HorizonDays">Trading days over which the loss is measured.</param>
/// <param name="From">Session of the first return; <paramref name="To"/> of the last.</param>
/// <param name="ConfigurationHash">SHA-256 over the terms above, the first 16 hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("trading.risk-method")]
public sealed record RiskMethod(
    string Method,
    string Quantile,
    string ExpectedShortfall,
    string Sign,
    int WindowSessions,
    int Sample,
    int HorizonDays,
    DateOnly From,
    DateOnly To,
    string ConfigurationHash);

/// <summary>A tail measure of the book.</summary>
/// <param name="Name"><c>value_at_risk</c> or <c>expected_shortfall</c> of the positions booked; with <c>_with_open_orders</c> behind it, the
/// largest over all ways in which open approvals may fill or not, which is what decisions are measured by.</param>
/// <param name="Fraction">Of equity.</param>
/// <param name="Money">In the book's currency.</param>
[GenerateSerializer, Immutable, Alias("trading.tail-measure")]
public sealed record TailMeasure(string Name, double Confidence, string Quantile, double Fraction, decimal Money);

/// <summary>A position's part of the book's expected shortfall; the parts of all positions sum to the whole.</summary>
/// <param name="ComponentFraction">Of equity; negative for a position that hedges the rest.</param>
/// <param name="Share">Of the book's expected shortfall.</param>
[GenerateSerializer, Immutable, Alias("trading.risk-contribution")]
public sealed record RiskContribution(string Symbol, string? Sector, double Weight, double ComponentFraction, decimal ComponentMoney, double Share);

/// <summary>Something that keeps a number from being known or current.</summary>
/// <param name="Code"><c>no_price</c>, <c>stale_price</c>, <c>short_history</c>, <c>short_window</c>, <c>unknown_sector</c>, <c>no_equity</c>,
/// <c>open_orders</c>, <c>doubtful_price</c>, <c>old_price</c>, <c>repeating_returns</c>, <c>no_rate</c>, <c>stale_rate</c>,
/// <c>doubtful_rate</c>, <c>pegged_rate</c>, <c>awaiting_rate</c> or <c>no_value</c>; of an analysis also <c>not_measured</c>,
/// <c>not_analysed</c>, <c>analysis_failed</c>, <c>no_positions</c> or <c>stress_window_not_covered</c>.</param>
[GenerateSerializer, Immutable, Alias("trading.report-warning")]
public sealed record ReportWarning(string Code, string? Symbol, string Message);

/// <summary>The book's risk as last calculated. Measures are empty where they cannot be known; the warnings say why.</summary>
/// <param name="Standing">What the book's own forecasts make of its limit on value at risk.</param>
/// <param name="Analysis">Every method, the contributions, correlations, drawdowns, stress and backtests; it says of which moment of the
/// book. Null where the measures cannot be known, or while the first one is under way.</param>
[GenerateSerializer, Immutable, Alias("trading.risk-report")]
public sealed record RiskReport(
    string Portfolio,
    string Currency,
    DateTimeOffset CalculatedAt,
    DateOnly? PricesAsOf,
    long Sequence,
    decimal? Equity,
    decimal Cash,
    decimal? GrossExposure,
    decimal? NetExposure,
    double? Drawdown,
    RiskMethod? Method,
    ImmutableArray<TailMeasure> Measures,
    ImmutableArray<RiskContribution> Contributions,
    ImmutableArray<LimitUsage> Limits,
    ImmutableArray<Position> Positions,
    ImmutableArray<ReportWarning> Warnings,
    ForecastStanding? Standing = null,
    RiskAnalysis? Analysis = null)
{
    /// <summary>The latest corrections of prices that positions or open orders had, newest first, bounded.</summary>
    [Id(0)] public ImmutableArray<CorrectionEffect> Corrections { get; init; } = [];

    /// <summary>The exchange rates that the book is valued by, by currency.</summary>
    [Id(1)] public ImmutableArray<RateUsed> Rates { get; init; } = [];
}

/// <summary>An exchange rate that a book is valued by.</summary>
/// <param name="Pair">The symbol whose price it is, or the inverse of whose price; null where neither pair has one, and
/// for hundredths of the book's currency.</param>
/// <param name="Rate">What one unit is worth in the book's currency; null while it is unknown.</param>
/// <param name="Doubt">Why the quality of its data is doubted; null where it is not.</param>
[GenerateSerializer, Immutable, Alias("trading.rate-used")]
public sealed record RateUsed(string Currency, string? Pair, decimal? Rate, DateTimeOffset? PricedAt, string? Doubt)
{
    /// <summary>What it, the book's currency or one of the pair counts as, by a setting and not by a market; null where
    /// a price is all of the rate.</summary>
    [Id(0)] public string? Peg { get; init; }
}
