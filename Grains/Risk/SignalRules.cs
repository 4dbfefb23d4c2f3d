using System.Collections.Immutable;

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
        var found = Find(facts, limits, now);
        return found.IsEmpty ? found : RuleWords.AddTo(found, facts);
    }

    /// <summary>The violations without their sentences, which cost more than all the rest.</summary>
    static ImmutableArray<RiskViolation> Find(in OrderFacts facts, RiskLimits limits, DateTimeOffset now)
    {
        var before = Exposures.Of(facts.Before);
        var after = Exposures.Of(facts.After);
        var increases = !facts.Reduces;
        return Findings.Collect<RiskViolation>(
        [
            increases ? Halted(facts, limits) : null,
            increases ? UnknownSymbol(facts) : null,
            increases ? StalePrice(facts, limits.MaxPriceAgeSeconds, now) : null,
            increases ? InsufficientHistory(facts, limits) : null,
            increases ? OrderNotional(facts, limits.MaxOrderNotional) : null,
            Grown(RiskRule.PositionWeight, increases, before.Position, after.Position, limits.MaxPositionWeight),
            Grown(RiskRule.GrossExposure, increases, before.Gross, after.Gross, limits.MaxGrossExposure),
            Grown(RiskRule.NetExposure, increases, before.Net, after.Net, limits.MaxNetExposure),
            Grown(RiskRule.SectorExposure, increases, before.Sector, after.Sector, limits.MaxSectorExposure),
            Grown(RiskRule.ValueAtRisk95, increases, before.ValueAtRisk, after.ValueAtRisk, limits.MaxValueAtRisk95),
            Grown(RiskRule.ExpectedShortfall975, increases, before.Shortfall, after.Shortfall, limits.MaxExpectedShortfall975),
            increases ? Drawdown(after.Drawdown, limits.MaxDrawdown) : null,
            increases ? Cash(facts, limits.MinCash) : null,
            increases ? ShortSale(facts) : null,
        ]);
    }

    static RiskViolation? Halted(in OrderFacts facts, RiskLimits limits) =>
        limits.Halted ? Broken(RiskRule.Halted, facts.Order.Quantity, facts.Closable) : null;

    static RiskViolation? UnknownSymbol(in OrderFacts facts) =>
        facts.Symbol == SymbolKnowledge.Known ? null : Broken(RiskRule.UnknownSymbol, null, null);

    static RiskViolation? StalePrice(in OrderFacts facts, double? limit, DateTimeOffset now)
    {
        if (limit is not { } most) return null;
        if (facts.ReferencePrice is null || facts.PricedAt is not { } pricedAt) return Broken(RiskRule.StalePrice, null, Amount(most));
        var age = (now - pricedAt).TotalSeconds;
        return age <= most ? null : Broken(RiskRule.StalePrice, Amount(age), Amount(most));
    }

    static RiskViolation? InsufficientHistory(in OrderFacts facts, RiskLimits limits) =>
        limits is { MaxValueAtRisk95: null, MaxExpectedShortfall975: null } || facts.Sessions >= facts.RequiredSessions
            ? null
            : Broken(RiskRule.InsufficientHistory, facts.Sessions, facts.RequiredSessions);

    static RiskViolation? OrderNotional(in OrderFacts facts, decimal? limit)
    {
        if (limit is not { } most) return null;
        var notional = facts.Order.Quantity * facts.TradePrice();
        return notional <= most ? null : Broken(RiskRule.OrderNotional, notional, most);
    }

    /// <summary>A measure of the book over its limit, and larger than it was. Only an order that increases its position has to
    /// prove that: where a number is missing, an order that reduces goes through.</summary>
    static RiskViolation? Grown(RiskRule rule, bool increases, double? before, double? after, double? limit)
    {
        if (limit is not { } most || after <= most) return null;
        var grows = after is { } value && before is { } was ? value > was + (RoundingNoise * Math.Abs(was)) : increases;
        return grows ? Broken(rule, Amount(after), Amount(most)) : null;
    }

    static RiskViolation? Drawdown(double? drawdown, double? limit) =>
        limit is not { } most || drawdown <= most ? null : Broken(RiskRule.Drawdown, Amount(drawdown), Amount(most));

    static RiskViolation? Cash(in OrderFacts facts, decimal? limit) =>
        limit is not { } least || facts.Order.Action == Side.Sell || facts.After?.Cash >= least
            ? null
            : Broken(RiskRule.Cash, facts.After?.Cash, least);

    static RiskViolation? ShortSale(in OrderFacts facts) =>
        facts.AllowShort || facts.Order.Action == Side.Buy ? null : Broken(RiskRule.ShortSale, facts.Order.Quantity, facts.Closable);

    static RiskViolation Broken(RiskRule rule, decimal? observed, decimal? limit) =>
        new(rule, observed, limit, RuleCatalog.Of(rule).Unit, Detail: "");

    /// <summary>A statistic as it is reported, to 15 digits; null where no decimal can hold it.</summary>
    static decimal? Amount(double? value) => value is { } number && Math.Abs(number) <= 1e27 ? (decimal)number : null;
}
