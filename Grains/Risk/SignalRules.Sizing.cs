using System.Collections.Immutable;

namespace Trading.Risk;

public static partial class SignalRules
{
    /// <summary>Halvings of the range of quantities; enough for <see cref="OrderForm.MaxQuantity"/> whole units.</summary>
    const int MaxHalvings = 40;

    /// <summary>The largest whole quantity, at most the order's, that passes every rule.</summary>
    /// <returns>0 where not one unit passes; null where the reason is one that no size cures: halted, unknown, stale, drawdown.</returns>
    /// <param name="withQuantity">The facts of the same order with another quantity.</param>
    /// <remarks>Exposures are convex in the quantity, so what passes is a range from zero up, and bisection finds its end. Value at
    /// risk need not be convex: then a larger quantity beyond a gap may pass too, but the answer itself always passes.</remarks>
    public static decimal? MaxAllowedQuantity(
        in OrderFacts facts, RiskLimits limits, DateTimeOffset now, Func<decimal, OrderFacts> withQuantity)
    {
        var least = Find(withQuantity(Math.Min(1m, facts.Order.Quantity)), limits, now);
        if (least.Any(violation => !RuleCatalog.Of(violation.Code).DependsOnSize || violation.Observed is null)) return null;
        var refused = Math.Floor(facts.Order.Quantity) + 1m;
        if (!least.IsEmpty || refused == 1m) return 0m;
        if (Passes(refused - 1m)) return refused - 1m;
        refused -= 1m;
        var passed = 1m;
        for (var halving = 0; halving < MaxHalvings && refused - passed > 1m; halving++)
        {
            var middle = Math.Floor((passed + refused) / 2m);
            if (Passes(middle)) passed = middle;
            else refused = middle;
        }

        return passed;

        bool Passes(decimal quantity) => Find(withQuantity(quantity), limits, now).IsEmpty;
    }

    /// <summary>How far each limit that is set is used, in the order of the rules. Headroom is what the measure may still grow by; it is
    /// negative where the limit is exceeded and null where the measure is unknown.</summary>
    /// <param name="measures">The book without the order.</param>
    /// <param name="priceAgeSeconds">Age of the oldest price that counts; null where one is missing.</param>
    public static ImmutableArray<LimitUsage> Headroom(BookMeasures? measures, double? priceAgeSeconds, RiskLimits limits)
    {
        var book = Exposures.Of(measures);
        ReadOnlySpan<LimitUsage?> usages =
        [
            Usage(RiskRule.StalePrice, Amount(priceAgeSeconds), Amount(limits.MaxPriceAgeSeconds)),
            Usage(RiskRule.OrderNotional, 0m, limits.MaxOrderNotional),
            Usage(RiskRule.PositionWeight, Amount(book.Position), Amount(limits.MaxPositionWeight)),
            Usage(RiskRule.GrossExposure, Amount(book.Gross), Amount(limits.MaxGrossExposure)),
            Usage(RiskRule.NetExposure, Amount(book.Net), Amount(limits.MaxNetExposure)),
            Usage(RiskRule.SectorExposure, Amount(book.Sector), Amount(limits.MaxSectorExposure)),
            Usage(RiskRule.ValueAtRisk95, Amount(book.ValueAtRisk), Amount(limits.MaxValueAtRisk95)),
            Usage(RiskRule.ExpectedShortfall975, Amount(book.Shortfall), Amount(limits.MaxExpectedShortfall975)),
            Usage(RiskRule.Drawdown, Amount(book.Drawdown), Amount(limits.MaxDrawdown)),
            limits.MinCash is { } minimum
                ? new(RiskRule.Cash, measures?.Cash, minimum, measures?.Cash - minimum, RuleCatalog.Of(RiskRule.Cash).Unit!)
                : null,
        ];
        return Findings.Collect(usages);
    }

    static LimitUsage? Usage(RiskRule rule, decimal? observed, decimal? limit) => limit is { } bound
        ? new(rule, observed, bound, bound - observed, RuleCatalog.Of(rule).Unit!)
        : null;
}
