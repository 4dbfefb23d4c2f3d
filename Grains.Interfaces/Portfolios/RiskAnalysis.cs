using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>What is measured of a book away from its turns, by every method: of the positions booked, without open orders. Losses are
/// positive; fractions are of equity.</summary>
/// <param name="CalculatedAt">When the positions and prices were taken.</param>
/// <param name="Sequence">Of the book's last event then.</param>
/// <param name="Failures">What could not be measured, and why: it is absent from the lists, never zero.</param>
[GenerateSerializer, Immutable, Alias("trading.risk-analysis")]
public sealed record RiskAnalysis(
    DateTimeOffset CalculatedAt,
    long Sequence,
    DateOnly PricesAsOf,
    decimal Equity,
    ImmutableArray<MethodMeasure> Measures,
    ImmutableArray<VolatilityNow> Volatility,
    ImmutableArray<RiskDecomposition> Decompositions,
    CorrelationReport? Correlation,
    ImmutableArray<DrawdownReport> Drawdowns,
    ImmutableArray<StressResult> Stress,
    MarketFactor? Factor,
    Backtest? Realised,
    Backtest? Hypothetical,
    ImmutableArray<ReportWarning> Failures);

/// <summary>Value at risk and expected shortfall by one method at one confidence, with all that made them.</summary>
/// <param name="Method"><c>historical</c>, <c>age_weighted</c>, <c>gaussian</c>, <c>student_t</c>, <c>cornish_fisher</c>, <c>filtered_ewma</c>,
/// <c>filtered_garch</c>, <c>monte_carlo</c> or <c>peaks_over_threshold</c>.</param>
/// <param name="Convention">What the method leaves open: the quantile rule (<c>order_statistic</c>, <c>type_7</c>), how parameters were
/// estimated (<c>population_moments</c>, <c>maximum_likelihood</c>), or <c>zero_mean</c>.</param>
/// <param name="WindowSessions">Returns asked for; <paramref name="Sample"/> were used, or are simulated.</param>
/// <param name="HorizonRule"><c>one_period</c>, <c>square_root_of_time</c> or <c>overlapping_sums</c>.</param>
/// <param name="Covariance">Where the number rests on one: <c>sample</c>, <c>exponentially_weighted</c> or <c>ledoit_wolf</c>.</param>
/// <param name="Parameters">Given or fitted, for example <c>decay=0.94</c>.</param>
/// <param name="Domain">Of the Cornish–Fisher expansion: <c>inside</c> or <c>outside</c>; null for other methods.</param>
/// <param name="Fallback">The method that answered in place of this one, and why; null where it answered itself.</param>
/// <param name="ConfigurationHash">SHA-256 over the terms, the first 16 hexadecimal digits.</param>
[GenerateSerializer, Immutable, Alias("trading.method-measure")]
public sealed record MethodMeasure(
    string Method,
    string Convention,
    double Confidence,
    double ValueAtRisk,
    decimal ValueAtRiskMoney,
    double ExpectedShortfall,
    decimal ExpectedShortfallMoney,
    string Sign,
    int WindowSessions,
    int Sample,
    DateOnly From,
    DateOnly To,
    int HorizonDays,
    string HorizonRule,
    string? Covariance,
    string? Parameters,
    string? Domain,
    MethodFallback? Fallback,
    string ConfigurationHash);

/// <param name="Used">The method whose numbers stand in.</param>
[GenerateSerializer, Immutable, Alias("trading.method-fallback")]
public sealed record MethodFallback(string Used, string Reason);

/// <summary>The book's volatility for the next session, as a standard deviation in fractions of equity.</summary>
/// <param name="Annualised">The daily one times the square root of 252.</param>
/// <param name="Converged">False where a fit found no maximum: the number is then only where the search ended.</param>
[GenerateSerializer, Immutable, Alias("trading.volatility-now")]
public sealed record VolatilityNow(
    string Method, double Daily, double Annualised, double? LongRunDaily, string Parameters, bool Converged,
    int WindowSessions, int Sample, DateOnly From, DateOnly To, string ConfigurationHash);

/// <summary>One loss of the book taken apart by position.</summary>
/// <param name="Measure"><c>value_at_risk</c> or <c>expected_shortfall</c>.</param>
/// <param name="Model"><c>historical</c> or <c>gaussian</c>.</param>
/// <param name="Whole">The book's; the components sum to it.</param>
[GenerateSerializer, Immutable, Alias("trading.risk-decomposition")]
public sealed record RiskDecomposition(
    string Measure, string Model, double Confidence, string? Covariance, double Whole, decimal WholeMoney, string Sign,
    int WindowSessions, int Sample, DateOnly From, DateOnly To, string ConfigurationHash, ImmutableArray<RiskPart> Parts);

/// <param name="Component">Weight times marginal; negative for a position that hedges the rest.</param>
/// <param name="Share">Of the whole; null where the whole is zero.</param>
/// <param name="Marginal">What the whole grows by for one more unit of weight.</param>
/// <param name="Incremental">The whole less the whole without this position, both computed.</param>
[GenerateSerializer, Immutable, Alias("trading.risk-part")]
public sealed record RiskPart(
    string Symbol, string? Sector, double Weight, double Component, decimal ComponentMoney, double? Share, double Marginal, double Incremental);

/// <summary>How the returns of the symbols held move together.</summary>
/// <param name="Rows">One for each symbol, in the order of the rows; null for one that never moved. At most a configured number of the
/// largest positions; <paramref name="Omitted"/> says how many more there are.</param>
/// <param name="Clusters">By average linkage on sqrt((1 - correlation) / 2), of all symbols held.</param>
/// <param name="LeastCorrelation">Clusters are joined while their mean distance is that of two symbols so correlated.</param>
/// <param name="LargestEigenvalueShare">Of all variance, in one direction: 1 where all move as one.</param>
[GenerateSerializer, Immutable, Alias("trading.correlation-report")]
public sealed record CorrelationReport(
    string Covariance, int Sample, DateOnly From, DateOnly To, ImmutableArray<CorrelationRow> Rows, int Omitted,
    double LeastCorrelation, ImmutableArray<SymbolCluster> Clusters, double? LargestEigenvalueShare);

[GenerateSerializer, Immutable, Alias("trading.correlation-row")]
public sealed record CorrelationRow(string Symbol, ImmutableArray<double?> Values);

[GenerateSerializer, Immutable, Alias("trading.symbol-cluster")]
public sealed record SymbolCluster(ImmutableArray<string> Symbols);

/// <summary>Drawdowns of one path; fractions of the peak.</summary>
/// <param name="Path"><c>scenarios</c>: today's positions through the window, compounded; <c>equity</c>: what the book made, session by
/// session, payments left out.</param>
/// <param name="AtRisk">The drawdown exceeded 1 - <paramref name="Confidence"/> of the time; <paramref name="ConditionalAtRisk"/> the mean of those.</param>
[GenerateSerializer, Immutable, Alias("trading.drawdown-report")]
public sealed record DrawdownReport(
    string Path, double Maximum, DateOnly? Peak, DateOnly? Trough, DateOnly? Recovery, double Average, double UlcerIndex,
    double AtRisk, double ConditionalAtRisk, double Confidence, int Sample);
