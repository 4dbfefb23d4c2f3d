using System.Collections.Immutable;
using System.Globalization;

namespace Trading.Risk;

/// <summary>The pre-trade checks. Every one is evaluated, in the order of <see cref="RiskRule"/>.</summary>
/// <remarks>
/// Two principles hold throughout. Unknown is a violation: a limit on a number that is null or not finite refuses. And an order that
/// only closes a position stays open: it is refused by nothing but a measure of the whole book that is over its limit and grows by
/// the order, as when a hedge is sold. For every order a limit on a measure is broken only where the trade makes the measure larger,
/// so tightening a limit never locks a book in.
/// </remarks>
public static partial class SignalRules
{
    /// <summary>Growth of a measure that is rounding and no growth, relative to the measure.</summary>
    const double RoundingNoise = 1e-12;

    /// <summary>Every rule that the order breaks; empty for an approval.</summary>
    /// <param name="facts">Of a well-formed order.</param>
    public static ImmutableArray<RiskViolation> Evaluate(in OrderFacts facts, RiskLimits limits, DateTimeOffset now)
    {
        var before = Exposures.Of(facts.Before);
        var after = Exposures.Of(facts.After);
        var increases = !facts.Reduces;
        ReadOnlySpan<RiskViolation?> findings =
        [
            increases ? Halted(facts, limits) : null,
            increases ? UnknownSymbol(facts) : null,
            increases ? StalePrice(facts, limits, now) : null,
            increases ? InsufficientHistory(facts, limits) : null,
            increases ? OrderNotional(facts, limits) : null,
            Grown(RiskRule.PositionWeight, increases, before.Position, after.Position, limits.MaxPositionWeight),
            Grown(RiskRule.GrossExposure, increases, before.Gross, after.Gross, limits.MaxGrossExposure),
            Grown(RiskRule.NetExposure, increases, before.Net, after.Net, limits.MaxNetExposure),
            Grown(RiskRule.SectorExposure, increases, before.Sector, after.Sector, limits.MaxSectorExposure),
            Grown(RiskRule.ValueAtRisk95, increases, before.ValueAtRisk, after.ValueAtRisk, limits.MaxValueAtRisk95),
            Grown(RiskRule.ExpectedShortfall975, increases, before.Shortfall, after.Shortfall, limits.MaxExpectedShortfall975),
            increases ? Drawdown(after.Drawdown, limits.MaxDrawdown) : null,
            increases ? Cash(facts, limits.MinCash) : null,
            increases ? ShortSale(facts) : null,
        ];
        return Findings.Collect(findings);
    }

    static RiskViolation? Halted(in OrderFacts facts, RiskLimits limits) => limits.Halted
        ? Broken(RiskRule.Halted, facts.Order.Quantity, facts.Closable, $"Trading is halted: only the {facts.Closable} units that close the position may trade.")
        : null;

    static RiskViolation? UnknownSymbol(in OrderFacts facts) => facts.Symbol switch
    {
        SymbolKnowledge.Known => null,
        SymbolKnowledge.Unknown => Broken(RiskRule.UnknownSymbol, null, null, $"No source of prices knows {facts.Order.Symbol}."),
        _ => Broken(RiskRule.UnknownSymbol, null, null, $"No source of prices answers for {facts.Order.Symbol}."),
    };

    static RiskViolation? StalePrice(in OrderFacts facts, RiskLimits limits, DateTimeOffset now)
    {
        if (limits.MaxPriceAgeSeconds is not { } limit) return null;
        if (facts is not { ReferencePrice: not null, PricedAt: { } pricedAt })
            return Broken(RiskRule.StalePrice, null, Amount(limit), $"No price of {facts.Order.Symbol} is known.");
        var age = (now - pricedAt).TotalSeconds;
        return age <= limit ? null
            : Broken(RiskRule.StalePrice, Amount(age), Amount(limit), $"The price of {facts.Order.Symbol} is {age:0.###} s old; the limit is {limit} s.");
    }

    static RiskViolation? InsufficientHistory(in OrderFacts facts, RiskLimits limits) => facts.Sessions switch
    {
        _ when limits is { MaxValueAtRisk95: null, MaxExpectedShortfall975: null } => null,
        { } sessions when sessions >= facts.RequiredSessions => null,
        { } sessions => Broken(RiskRule.InsufficientHistory, sessions, facts.RequiredSessions,
            $"The book and {facts.Order.Symbol} have {sessions} sessions in common; the risk after the trade needs {facts.RequiredSessions}."),
        null => Broken(RiskRule.InsufficientHistory, null, facts.RequiredSessions,
            $"The history of the book with {facts.Order.Symbol} is not known; the risk after the trade needs {facts.RequiredSessions} sessions."),
    };

    static RiskViolation? OrderNotional(in OrderFacts facts, RiskLimits limits)
    {
        if (limits.MaxOrderNotional is not { } limit) return null;
        if (facts.TradePrice() is not { } price) return Broken(RiskRule.OrderNotional, null, limit, $"The order's value is not known; the limit is {limit}.");
        var notional = facts.Order.Quantity * price;
        return notional <= limit ? null : Broken(RiskRule.OrderNotional, notional, limit, $"The order is worth {notional}; the limit is {limit}.");
    }

    /// <summary>A measure of the book over its limit, and larger than it was. Only an order that increases its position has to
    /// prove that: where a number is missing, an order that reduces goes through.</summary>
    static RiskViolation? Grown(RiskRule rule, bool increases, double? before, double? after, double? limit)
    {
        if (limit is not { } bound || after <= bound) return null;
        if (after is not { } value)
            return increases ? Broken(rule, null, Amount(bound), $"{RuleCatalog.Of(rule).Subject} after the trade is not known; the limit is {100 * bound:G6} %.") : null;
        if (before is { } was ? value <= was + (RoundingNoise * Math.Abs(was)) : !increases) return null;
        return Broken(rule, Amount(value), Amount(bound),
            $"{RuleCatalog.Of(rule).Subject} after the trade would be {100 * value:G6} % of equity; the limit is {100 * bound:G6} %.");
    }

    static RiskViolation? Drawdown(double? drawdown, double? limit)
    {
        if (limit is not { } bound || drawdown <= bound) return null;
        return drawdown is { } value
            ? Broken(RiskRule.Drawdown, Amount(value), Amount(bound), $"The book is {100 * value:G6} % below its high; over {100 * bound:G6} % only reductions may trade.")
            : Broken(RiskRule.Drawdown, null, Amount(bound), $"The book's drawdown is not known; over {100 * bound:G6} % only reductions may trade.");
    }

    static RiskViolation? Cash(in OrderFacts facts, decimal? minimum)
    {
        if (minimum is not { } limit || facts.Order.Action == Side.Sell) return null;
        if (facts.After is not { } after) return Broken(RiskRule.Cash, null, limit, $"The cash after the trade is not known; {limit} must remain.");
        return after.Cash >= limit ? null : Broken(RiskRule.Cash, after.Cash, limit, $"{after.Cash} of cash would remain after the trade; {limit} must remain.");
    }

    static RiskViolation? ShortSale(in OrderFacts facts) => facts is { AllowShort: false, Order.Action: Side.Sell }
        ? Broken(RiskRule.ShortSale, facts.Order.Quantity, facts.Closable, $"{facts.Order.Quantity} units are for sale and {facts.Closable} are free to sell; the book may not go short.")
        : null;

    static RiskViolation Broken(RiskRule rule, decimal? observed, decimal? limit, FormattableString detail) =>
        new(rule, observed, limit, RuleCatalog.Of(rule).Unit, detail.ToString(CultureInfo.InvariantCulture));

    /// <summary>A statistic as it is reported, to 15 digits; null where no decimal can hold it.</summary>
    static decimal? Amount(double? value) => value is { } number && Math.Abs(number) <= 1e27 ? (decimal)number : null;
}
