using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>Hypothetical changes of prices, all at once: simple returns, -0.2 is a fall by a fifth. For each position the most specific
/// one counts: of its symbol, else of its sector, else the market's times its beta, else none.</summary>
/// <param name="Market">Of the book's market factor, see <see cref="MarketFactor"/>.</param>
[GenerateSerializer, Immutable, Alias("trading.stress-shocks")]
public sealed record StressShocks(string Name, double? Market, ImmutableArray<NamedShock> Sectors, ImmutableArray<NamedShock> Symbols);

[GenerateSerializer, Immutable, Alias("trading.named-shock")]
public sealed record NamedShock(string Name, double Shock);

/// <summary>The book's market factor: the mean of the returns of the symbols held, each weighing the same. It is made of the book's own
/// symbols, since no index is given.</summary>
/// <param name="Betas">Of each symbol to the factor, by least squares over the window; null for one that cannot be known.</param>
[GenerateSerializer, Immutable, Alias("trading.market-factor")]
public sealed record MarketFactor(string Definition, int Sample, DateOnly From, DateOnly To, ImmutableArray<SymbolBeta> Betas);

[GenerateSerializer, Immutable, Alias("trading.symbol-beta")]
public sealed record SymbolBeta(string Symbol, double? Beta);

/// <summary>What today's positions would lose in one event.</summary>
/// <param name="Kind"><c>historical</c>: a stretch of the series at hand comes again, the positions held through it; <c>hypothetical</c>:
/// the shocks given.</param>
/// <param name="Rule">How the window was found, or the shocks in words.</param>
/// <param name="Loss">Of equity; negative for a gain.</param>
[GenerateSerializer, Immutable, Alias("trading.stress-result")]
public sealed record StressResult(
    string Name, string Kind, string Rule, DateOnly? From, DateOnly? To, int? Sessions, double Loss, decimal LossMoney, string Sign,
    ImmutableArray<StressPart> Parts);

/// <param name="Shock">The simple return of the symbol in the event.</param>
[GenerateSerializer, Immutable, Alias("trading.stress-part")]
public sealed record StressPart(string Symbol, string? Sector, double Shock, decimal LossMoney);

/// <summary>The stress tests of a book, as of one moment of it.</summary>
[GenerateSerializer, Immutable, Alias("trading.stress-report")]
public sealed record StressReport(
    string Portfolio, string Currency, DateTimeOffset CalculatedAt, long Sequence, DateOnly? PricesAsOf, decimal? Equity,
    MarketFactor? Factor, ImmutableArray<StressResult> Results, ImmutableArray<ReportWarning> Warnings);
