using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>The checks of an order by itself. None binds an order that only closes.</summary>
public static partial class SignalRules
{
    /// <summary>What closes the way for everything but reductions.</summary>
    static void Gates(in OrderFacts facts, RiskLimits limits, DateTimeOffset now, ref Findings found)
    {
        if (limits.Halted || facts.Guard?.Mode == TradingMode.Halted) Closed(RiskRule.Halted, facts, ref found);
        if (facts.Guard is { } guard) Guarded(guard, facts, ref found);
        if (limits.RestrictedSymbols.AsSpan().Contains(facts.Order.Symbol))
            Closed(RiskRule.RestrictedSymbol, facts, ref found);
        if (facts.Terms is { Tradable: false }) Closed(RiskRule.NotTradable, facts, ref found);
        if (limits.TradingHours is { } hours && !MarketHours.IsOpen(hours, now))
            Closed(RiskRule.MarketClosed, facts, ref found);
        Heartbeat(facts, limits.HeartbeatSeconds, now, ref found);
        RepeatedExecutions(facts, limits.MaxRepeatedExecutions, ref found);
    }

    /// <summary>What the order itself says, and whether it comes too often.</summary>
    static void Contents(in OrderFacts facts, RiskLimits limits, ref Findings found)
    {
        var order = facts.Order;
        if (limits.MinConfidence is { } least)
            found.Add(RiskRule.Confidence, order.Confidence >= least, order.Confidence ?? double.NaN, least);
        if (limits.MaxMessages is { } messages)
            found.Add(
                RiskRule.MessageRate, facts.Activity.Messages + 1 <= messages, (decimal)facts.Activity.Messages + 1,
                messages);
        if (limits.DuplicateWindowSeconds is { } window && facts.Activity.SameOrderSeconds is { } age)
            found.Add(RiskRule.DuplicateOrder, age >= window, age, window);
        if (limits.PreventSelfMatch && facts.Activity.CrossesOwn) Closed(RiskRule.SelfMatch, facts, ref found);
        if (limits.MaxPriceDeviation is { } collar && order.LimitPrice is { } price)
            AtMost(RiskRule.PriceCollar, Deviation(price, facts.ReferencePrice), collar, ref found);
        if (limits.MaxPriceMove is { } move)
            AtMost(RiskRule.PriceMove, Deviation(facts.ReferencePrice, facts.EarlierPrice), move, ref found);
        if (facts.Terms?.TickSize is > 0m and { } tick && order.LimitPrice is { } quoted)
            found.Add(RiskRule.TickSize, quoted % tick == 0m, quoted, tick);
        if (facts.Terms?.LotSize is > 0m and { } lot)
            found.Add(RiskRule.LotSize, order.Quantity % lot == 0m, order.Quantity, lot);
    }

    /// <summary>How much one order, or a few in a row, may trade and hold of one symbol.</summary>
    static void Amounts(in OrderFacts facts, RiskLimits limits, ref Findings found)
    {
        var (quantity, exposure, activity) = (facts.Order.Quantity, facts.Exposure, facts.Activity);
        var isBuy = facts.Order.Action == Side.Buy;
        var notional = quantity * facts.TradeAmount();
        AtMost(RiskRule.OrderQuantity, quantity, limits.MaxOrderQuantity, ref found);
        if (LeastNotional(facts, limits) is { } least)
            found.Add(RiskRule.MinOrderNotional, notional >= least, notional, least);
        AtMost(RiskRule.OrderNotional, notional, MostNotional(notional, limits), ref found);
        AtMost(RiskRule.WindowQuantity, activity.ApprovedQuantity + quantity, limits.MaxWindowQuantity, ref found);
        AtMost(RiskRule.WindowNotional, activity.ApprovedNotional + notional, limits.MaxWindowNotional, ref found);
        if (limits.MaxVolumeShare is { } share)
            AtMost(
                RiskRule.Liquidity,
                VolumeShare(exposure.OpenBuys + exposure.OpenSells + quantity, facts.Terms?.AverageDailyVolume), share,
                ref found);
        if (isBuy) AtMost(RiskRule.LongPosition, exposure.Highest + quantity, limits.MaxLongPosition, ref found);
        else AtMost(RiskRule.ShortPosition, quantity - exposure.Lowest, limits.MaxShortPosition, ref found);
        AtMost(
            RiskRule.IntradayPosition,
            isBuy
                ? activity.TradedNet + exposure.OpenBuys + quantity
                : exposure.OpenSells + quantity - activity.TradedNet,
            limits.MaxIntradayPosition, ref found);
    }

    static void Heartbeat(in OrderFacts facts, double? limit, DateTimeOffset now, ref Findings found)
    {
        if (limit is not { } most) return;
        var silence = facts.Activity.Session is { } session ? (now - session.HeardAt).TotalSeconds : double.NaN;
        // The book ends a session at the first moment at which it is too long silent; one that nobody watches is not
        // known to live.
        found.Add(
            RiskRule.Heartbeat, facts.Activity.Session is { Connected: true, TimeoutSeconds: not null }, silence, most);
    }

    static void RepeatedExecutions(in OrderFacts facts, long? limit, ref Findings found)
    {
        if (limit is null && !facts.Activity.IsDisabled) return;
        found.Add(
            RiskRule.RepeatedExecutions, !facts.Activity.IsDisabled && facts.Activity.Executions <= limit,
            (decimal?)facts.Activity.Executions, limit);
    }

    /// <summary>The largest value that an order may have; without a limit what one event can book, null for an order
    /// that is not so large.</summary>
    static decimal? MostNotional(decimal? notional, RiskLimits limits) =>
        notional > Money.MaxAmount ? Math.Min(limits.MaxOrderNotional ?? Money.MaxAmount, Money.MaxAmount)
        : limits.MaxOrderNotional;

    /// <summary>The smallest value that an order may have; null for any.</summary>
    static decimal? LeastNotional(in OrderFacts facts, RiskLimits limits) =>
        limits.MinOrderNotional is { } set && TermNotional(facts) is { } term
            ? Math.Max(set, term)
            : limits.MinOrderNotional ?? TermNotional(facts);

    /// <summary>In the book's currency; while the rate is unknown the order is refused for that.</summary>
    static decimal? TermNotional(in OrderFacts facts) =>
        facts.Rate is { } rate ? facts.Terms?.MinNotional * rate.Rate : facts.Terms?.MinNotional;

    /// <summary>How far a price is from another one, as a fraction of that; NaN where one is unknown.</summary>
    static double Deviation(decimal? price, decimal? from) =>
        price is { } one && from is > 0m and { } other ? (double)Math.Abs(one - other) / (double)other : double.NaN;

    static double VolumeShare(decimal quantity, decimal? volume) => volume is > 0m and { } units
        ? (double)quantity / (double)units
        : double.NaN;

    static void Closed(RiskRule rule, in OrderFacts facts, ref Findings found) =>
        found.Add(rule, false, facts.Order.Quantity, facts.Closable);

    static void AtMost(RiskRule rule, double observed, double limit, ref Findings found) =>
        found.Add(rule, observed <= limit, observed, limit);

    static void AtMost(RiskRule rule, decimal? observed, decimal? limit, ref Findings found)
    {
        if (limit is { } most) found.Add(rule, observed <= most, observed, most);
    }
}
