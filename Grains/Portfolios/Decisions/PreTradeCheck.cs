using System.Collections.Immutable;
using System.Globalization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Turns an order and the facts of a book into the decision to record.</summary>
static class PreTradeCheck
{
    /// <summary>Approves and reserves, or refuses with every broken rule, the largest quantity that would pass, and
    /// what each limit leaves.</summary>
    public static SignalDecided Decide(BookValuation valuation, Order order, LimitsVersion version, DateTimeOffset now)
    {
        var standing = valuation.Book.Forecasts.Standing;
        var limits = standing.Bind(version.Limits);
        var facts = Facts(valuation, order, limits, now);
        var violations = standing.Explain(SignalRules.Evaluate(facts, limits, now), version.Limits);
        var approved = violations.IsEmpty;
        return new SignalDecided(new SignalDecision(
            DecisionId: string.Create(
                CultureInfo.InvariantCulture, $"{valuation.Book.Portfolio}:{valuation.Book.Sequence + 1}"),
            valuation.Book.Portfolio, order.ClientOrderId, order.Symbol, order.Action, order.Quantity, order.Confidence,
            order.LimitPrice,
            facts.ReferencePrice,
            approved,
            approved ? ReservedAt(valuation, order, facts) : null,
            approved ? Expiries.End(now, limits.ReservationSeconds) : null,
            approved ? order.Quantity : SignalRules.MaxAllowedQuantity(facts, limits, now, valuation.WithQuantity),
            violations,
            facts.Before,
            facts.After,
            approved
                ? []
                : SignalRules.Headroom(facts.Before, (now - facts.PricedAt)?.TotalSeconds, limits, facts.Budget),
            version.Version,
            valuation.RiskMethod,
            now)
        {
            Strategy = order.Strategy,
            LimitsId = version.EffectiveId,
            Currency = facts.Rate?.Currency,
            FxRate = facts.Rate?.Rate,
        });
    }

    /// <summary>Every rule that is held against an order, broken or not.</summary>
    public static ImmutableArray<RuleCheck> Explain(
        BookValuation valuation, Order order, LimitsVersion version, DateTimeOffset now)
    {
        var limits = valuation.Book.Forecasts.Standing.Bind(version.Limits);
        return SignalRules.Explain(Facts(valuation, order, limits, now), limits, now);
    }

    static OrderFacts Facts(BookValuation valuation, Order order, RiskLimits limits, DateTimeOffset now) =>
        valuation.Facts(order, correlates: limits.CorrelationThreshold is not null) with
    {
        EarlierPrice = limits.MaxPriceMove is null
            ? null
            : valuation.Prices.Quoted(order.Symbol)?.PriceAt(now.AddSeconds(-limits.PriceMoveSeconds)),
        Activity = valuation.Book.Activity.Before(order, limits, now),
    };

    /// <summary>What a unit is reserved at. Only an order that reduces passes without a price; it counts at its own
    /// limit or at cost.</summary>
    static decimal ReservedAt(BookValuation valuation, Order order, in OrderFacts facts) =>
        facts.TradePrice() ?? order.LimitPrice ?? valuation.Book.HoldingOf(order.Symbol).AverageCost;
}
