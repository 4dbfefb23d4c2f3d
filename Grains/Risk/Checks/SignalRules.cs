using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>The pre-trade checks. Every one is evaluated, in the order of <see cref="RiskRule"/>.</summary>
/// <remarks>
/// Two principles hold throughout. Unknown is a violation: a limit on a number that is null or not finite refuses. And
/// an order that only closes a position stays open: it is refused by nothing but a measure of the whole book that is
/// over its limit and grows by the order, as when a hedge is sold. For every order a limit on a measure is broken only
/// where the trade makes the measure larger, so tightening a limit never locks a book in.
/// </remarks>
public static partial class SignalRules
{
    /// <summary>Growth of a measure that is rounding and no growth, relative to the measure.</summary>
    const double RoundingNoise = 1e-12;

    /// <summary>Every rule that the order breaks; empty for an approval.</summary>
    /// <param name="facts">Of a well-formed order.</param>
    public static ImmutableArray<RiskViolation> Evaluate(in OrderFacts facts, RiskLimits limits, DateTimeOffset now)
    {
        var found = new Findings(stackalloc Finding[RuleCatalog.Count]);
        Find(facts, limits, now, ref found);
        if (found.Broken == 0) return [];
        var violations = ImmutableArray.CreateBuilder<RiskViolation>(found.Broken);
        foreach (ref readonly var finding in found.All)
            if (!finding.Passed) violations.Add(RuleWords.ViolationOf(finding, facts));
        return violations.MoveToImmutable();
    }

    /// <summary>Every rule that is held against the order, broken or not.</summary>
    public static ImmutableArray<RuleCheck> Explain(in OrderFacts facts, RiskLimits limits, DateTimeOffset now)
    {
        var found = new Findings(stackalloc Finding[RuleCatalog.Count]);
        Find(facts, limits, now, ref found);
        var checks = ImmutableArray.CreateBuilder<RuleCheck>(found.All.Length);
        foreach (ref readonly var finding in found.All)
            checks.Add(new(
                finding.Rule, finding.Passed, finding.ReportedObserved, finding.ReportedLimit,
                RuleCatalog.Of(finding.Rule).Unit));

        return checks.MoveToImmutable();
    }

    /// <summary>Holds the order against every rule whose limit is set.</summary>
    static void Find(in OrderFacts facts, RiskLimits limits, DateTimeOffset now, ref Findings found)
    {
        var before = Exposures.Of(facts.Before);
        var after = Exposures.Of(facts.After);
        var increases = !facts.Reduces;
        if (increases)
        {
            Gates(facts, limits, now, ref found);
            Knowledge(facts, limits, now, ref found);
            Contents(facts, limits, ref found);
            Amounts(facts, limits, ref found);
        }

        Grown(RiskRule.PositionWeight, increases, before.Position, after.Position, limits.MaxPositionWeight, ref found);
        if (increases)
            Grown(
                RiskRule.Concentration, increases, before.Concentration, after.Concentration, limits.MaxConcentration,
                ref found);
        Grown(RiskRule.GrossExposure, increases, before.Gross, after.Gross, limits.MaxGrossExposure, ref found);
        Grown(RiskRule.NetExposure, increases, before.Net, after.Net, limits.MaxNetExposure, ref found);
        Grown(RiskRule.SectorExposure, increases, before.Sector, after.Sector, limits.MaxSectorExposure, ref found);
        if (increases)
            Grown(
                RiskRule.StrategyExposure, increases, before.Strategy, after.Strategy, limits.MaxStrategyExposure,
                ref found);
        if (limits.InitialMargin is { } margin)
            Grown(RiskRule.Margin, increases, margin * before.Gross, margin * after.Gross, 1, ref found);
        Tails(facts, limits, before, after, increases, ref found);
        if (increases) Rest(facts, limits, before, after, ref found);
        if (facts.Budget is { } budget) Budgets(facts, budget, increases, ref found);
        if (facts.Order.ReduceOnly && increases) Closed(RiskRule.ReduceOnly, facts, ref found);
        if (increases) Rates(facts, limits.MaxPriceAgeSeconds, now, ref found);
    }

    /// <summary>What is asked of orders that increase a position only, after the measures of the book.</summary>
    static void Rest(
        in OrderFacts facts, RiskLimits limits, in Exposures before, in Exposures after, ref Findings found)
    {
        Correlation(facts, limits, before.Position, after.Position, ref found);
        if (limits.MaxDrawdown is { } deepest) AtMost(RiskRule.Drawdown, after.Drawdown, deepest, ref found);
        if (limits.MaxDailyLoss is { } loss) AtMost(RiskRule.DailyLoss, after.DailyLoss, loss, ref found);
        Cash(facts, limits.MinCash, ref found);
        if (!facts.AllowShort && facts.Order.Action == Side.Sell) Closed(RiskRule.ShortSale, facts, ref found);
    }

    /// <summary>Whether enough is known to judge the order.</summary>
    static void Knowledge(in OrderFacts facts, RiskLimits limits, DateTimeOffset now, ref Findings found)
    {
        if (facts.Symbol != SymbolKnowledge.Known) found.Add(RiskRule.UnknownSymbol, false, double.NaN, double.NaN);
        // While the rate is unknown the order is refused for that.
        if (facts.TradePrice() is null || (facts.TradeAmount() is null && facts.Rate is not { Rate: null }))
            found.Add(RiskRule.MissingPrice, false, double.NaN, double.NaN);
        else StalePrice(facts, limits.MaxPriceAgeSeconds, now, ref found);
        if (facts.Doubt is not null) Closed(RiskRule.QuarantinedPrice, facts, ref found);
        InsufficientHistory(facts, limits, ref found);
    }

    /// <summary>Mode and breakers of the book. A half-open breaker lets orders up to its cap through.</summary>
    static void Guarded(Guard guard, in OrderFacts facts, ref Findings found)
    {
        if (guard.Mode == TradingMode.Reducing)
            found.Add(RiskRule.ReducingOnly, false, facts.Order.Quantity, facts.Closable);
        if (guard.Breaker is null) return;
        var notional = facts.Order.Quantity * facts.TradeAmount();
        if (guard.IsHalfOpen) found.Add(RiskRule.CircuitBreaker, notional <= guard.Cap, notional, guard.Cap);
        else found.Add(RiskRule.CircuitBreaker, false, guard.Observed ?? double.NaN, guard.Level ?? double.NaN);
    }

    /// <summary>The same measures in money, held against what the book was granted.</summary>
    static void Budgets(in OrderFacts facts, BudgetAmounts budget, bool increases, ref Findings found)
    {
        var (before, after) = (facts.Before, facts.After);
        Grown(RiskRule.BudgetGross, increases, before?.GrossExposure, after?.GrossExposure, budget.Gross, ref found);
        Grown(
            RiskRule.BudgetNet, increases, Absolute(before?.NetExposure), Absolute(after?.NetExposure), budget.Net,
            ref found);
        BudgetShortfall(facts, budget, increases, ref found);
    }

    static decimal? Absolute(decimal? amount) => amount is { } known ? Math.Abs(known) : null;

    static void StalePrice(in OrderFacts facts, double? limit, DateTimeOffset now, ref Findings found)
    {
        if (limit is not { } most) return;
        AtMost(
            RiskRule.StalePrice, facts.PricedAt is { } pricedAt ? (now - pricedAt).TotalSeconds : double.NaN, most,
            ref found);
    }

    /// <summary>Every rate that a number of the book is made of, known, undoubted and as young as a price must be. One
    /// that never changes, of pence to pounds, has no age.</summary>
    static void Rates(in OrderFacts facts, double? limit, DateTimeOffset now, ref Findings found)
    {
        if (facts.Rates.IsDefaultOrEmpty) return;
        var (oldest, sound) = (0.0, true);
        foreach (var rate in facts.Rates)
        {
            var age = rate.Rate is null ? double.NaN : rate.PricedAt is { } at ? (now - at).TotalSeconds : 0;
            oldest = Math.Max(oldest, age); // NaN stays
            sound &= rate.Doubt is null && age <= (limit ?? double.PositiveInfinity);
        }

        found.Add(RiskRule.FxRate, sound, oldest, limit ?? double.NaN);
    }

    /// <summary>Small positions may move with the book; so may those that do not grow.</summary>
    static void Correlation(
        in OrderFacts facts, RiskLimits limits, double weightBefore, double weight, ref Findings found)
    {
        if (limits.CorrelationThreshold is not { } most || weight <= limits.CorrelationFreeWeight
            || weight <= weightBefore)
            return;
        AtMost(RiskRule.Correlation, facts.Correlation ?? double.NaN, most, ref found);
    }

    /// <summary>Broken by a measure of the book that is over its limit, and larger than it was. Only an order that
    /// increases its position has to prove that it is not: where a number is missing, an order that reduces goes
    /// through.</summary>
    static void Grown(RiskRule rule, bool increases, double before, double after, double? limit, ref Findings found)
    {
        if (limit is not { } most) return;
        found.Add(rule, after <= most || !Grows(before, after, increases), after, most);
    }

    static bool Grows(double before, double after, bool increases) =>
        double.IsNaN(before) || double.IsNaN(after)
            ? increases
            : after > before + (RoundingNoise * Math.Abs(before));

    static void Grown(
        RiskRule rule, bool increases, decimal? before, decimal? after, decimal? limit, ref Findings found)
    {
        if (limit is not { } most) return;
        found.Add(rule, after <= most || !Grows(before, after, increases), after, most);
    }

    static bool Grows(decimal? before, decimal? after, bool increases) =>
        before is { } was && after is { } becomes
            ? (double)(becomes - was) > RoundingNoise * Math.Abs((double)was)
            : increases;

    static void Cash(in OrderFacts facts, decimal? limit, ref Findings found)
    {
        if (limit is not { } least || facts.Order.Action == Side.Sell) return;
        found.Add(RiskRule.Cash, facts.After?.Cash >= least, facts.After?.Cash, least);
    }
}
