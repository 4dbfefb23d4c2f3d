using System.Collections.Immutable;
using System.Globalization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Turns an order and the facts of a book into the decision to record.</summary>
static class PreTradeCheck
{
    /// <summary>Approves and reserves, or refuses with every broken rule, the largest quantity that would pass, and
    /// what each limit leaves.</summary>
    /// <param name="convention">Another than the default to make a recorded decision again.</param>
    public static SignalDecided Decide(
        BookValuation valuation, Order order, LimitsVersion version, DateTimeOffset now,
        OpenOrderConvention convention = OpenOrderConvention.AnyFill)
    {
        var standing = valuation.Book.Forecasts.Standing;
        var limits = standing.Bind(version.Limits);
        var counted = Counted(valuation, order);
        var facts = Facts(valuation, counted, limits, now, convention);
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
            approved ? counted.Quantity : SignalRules.MaxAllowedQuantity(facts, limits, now, valuation.WithQuantity),
            violations,
            facts.Before,
            facts.After,
            approved
                ? []
                : SignalRules.Headroom(facts.Before, (now - facts.PricedAt)?.TotalSeconds, limits, facts.Budget),
            version.Version,
            valuation.RiskMethodOf(convention),
            now)
        {
            Strategy = order.Strategy,
            LimitsId = version.EffectiveId,
            RiskWindow = facts.RiskWindow,
            RiskWindowBefore = facts.RiskWindowBefore,
            ReduceOnly = order.ReduceOnly,
            ReservedQuantity = approved && order.ReduceOnly ? counted.Quantity : null,
            Currency = facts.Rate?.Currency,
            FxRate = facts.Rate?.Rate,
            FxPeg = facts.Rate?.Peg,
            By = order.By,
        });
    }

    /// <summary>Every rule that is held against an order, broken or not.</summary>
    public static ImmutableArray<RuleCheck> Explain(
        BookValuation valuation, Order order, LimitsVersion version, DateTimeOffset now,
        OpenOrderConvention convention = OpenOrderConvention.AnyFill)
    {
        var limits = valuation.Book.Forecasts.Standing.Bind(version.Limits);
        return SignalRules.Explain(
            Facts(valuation, Counted(valuation, order), limits, now, convention), limits, now);
    }

    /// <summary>The order at the quantity that it counts with: one that only reduces, at most at the position.</summary>
    static Order Counted(BookValuation valuation, Order order)
    {
        if (!order.ReduceOnly) return order;
        var held = valuation.Book.ExposureOf(order.Symbol).Quantity;
        var closable = OrderFacts.ClosableBy(order.Action, held, 0, 0);
        return closable > 0 && closable < order.Quantity ? order with { Quantity = closable } : order;
    }

    static OrderFacts Facts(
        BookValuation valuation, Order order, RiskLimits limits, DateTimeOffset now, OpenOrderConvention convention) =>
        valuation.Facts(order, correlates: limits.CorrelationThreshold is not null, convention) with
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
