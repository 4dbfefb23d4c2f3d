using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>The facts of the same order with another quantity.</summary>
public delegate OrderFacts Resize(in OrderFacts facts, decimal quantity);

public static partial class SignalRules
{
    /// <summary>Steps of the search after which every other one halves the range; enough by then for limits that are
    /// straight lines.</summary>
    const int Interpolations = 6;

    /// <summary>More lots than this have no number; such a quantity has no digit as fine as a lot.</summary>
    const decimal MostLots = 1e28m;

    /// <summary>Steps after which the search ends with what has passed; enough to halve
    /// <see cref="OrderValidator.MaxQuantity"/> down to the finest lot.</summary>
    const int MaxSteps = 250;

    /// <summary>The largest quantity, at most the order's, that passes every rule: a multiple of the lot, of one unit
    /// where there is no lot, or where it only closes.</summary>
    /// <returns>0 where none passes; null where the reason is one that no size cures: halted, unknown, stale,
    /// drawdown.</returns>
    /// <remarks>Exposures are convex in the quantity, so what passes is a range from the smallest order up. Each step
    /// of the search goes where the straight line through a rule's measures at both ends of the range meets its limit:
    /// for notional, cash and weights that is the answer at once. Value at risk need not be convex: then a larger
    /// quantity beyond a gap may pass too, but the answer itself always passes.</remarks>
    public static decimal? MaxAllowedQuantity(in OrderFacts facts, RiskLimits limits, DateTimeOffset now, Resize resize)
    {
        var quantity = facts.Order.Quantity;
        var lot = facts.Terms?.LotSize is > 0m and { } size ? size : 1m;
        var unit = Math.Min(lot, 1m); // what closes need be no whole lot
        var closes = Lots(Math.Min(facts.Closable, quantity), unit);
        if (closes > 0m && Largest(facts, limits, now, resize, unit, unit, closes) is var closing && closing != closes)
            return closing;

        var smallest = Math.Max(Smallest(facts, limits, lot), closes > 0m ? Lots(closes, lot) + lot : lot);
        var largest = Largest(facts, limits, now, resize, lot, Math.Min(smallest, quantity), Lots(quantity, lot));
        return closes > 0m ? Math.Max(closes, largest ?? 0m) : largest;
    }

    /// <summary>The largest multiple of the lot that passes, between two of them: 0 where the smallest does not pass,
    /// null where that is for a reason that no size cures.</summary>
    static decimal? Largest(
        in OrderFacts facts, RiskLimits limits, DateTimeOffset now, Resize resize, decimal lot, decimal smallest,
        decimal largest)
    {
        var passed = new Findings(stackalloc Finding[RuleCatalog.Count]);
        var refused = new Findings(stackalloc Finding[RuleCatalog.Count]);
        var spare = new Findings(stackalloc Finding[RuleCatalog.Count]);
        if (largest >= smallest)
        {
            Find(largest == facts.Order.Quantity ? facts : resize(facts, largest), limits, now, ref refused);
            if (refused.Broken == 0) return largest;
            if (largest > smallest && Guess(facts, limits, now, lot, smallest, largest, refused) is { } guess)
            {
                Find(resize(facts, guess), limits, now, ref passed);
                if (passed.Broken == 0)
                    return Search(facts, limits, now, resize, lot, guess, largest, passed, refused, spare);
                passed.Clear();
            }
        }

        Find(resize(facts, smallest), limits, now, ref passed);
        if (!IsCurable(passed)) return null;
        return passed.Broken > 0 || largest < smallest
            ? 0m
            : Search(facts, limits, now, resize, lot, smallest, largest, passed, refused, spare);
    }

    /// <summary>Whether a smaller order may pass every rule that is broken.</summary>
    static bool IsCurable(in Findings findings)
    {
        foreach (ref readonly var finding in findings.All)
            if (!finding.Passed && !(finding.IsKnown && RuleCatalog.Of(finding.Rule).DependsOnSize)) return false;
        return true;
    }

    /// <summary>Where the straight line from the book without the order meets the first limit: the answer for
    /// everything that is a line, at the cost of no measurement, and close to it for the tail. Null where there is no
    /// such line.</summary>
    static decimal? Guess(
        in OrderFacts facts, RiskLimits limits, DateTimeOffset now, decimal lot, decimal smallest, decimal largest,
        in Findings refused)
    {
        if (facts.Before is null || !IsCurable(refused)) return null;
        var nothing = new Findings(stackalloc Finding[RuleCatalog.Count]);
        // With less than nothing to close, no rule takes it for a reduction.
        Find(
            facts with
            {
                Order = facts.Order with { Quantity = 0m }, After = facts.Before, Alone = facts.Booked, Closable = -1m,
            },
            limits, now, ref nothing);
        return Math.Clamp(
            Lots(Crossing(0m, nothing, largest, refused), lot), smallest, Math.Max(smallest, largest - lot));
    }

    /// <summary>The largest multiple of the lot that passes, from <paramref name="most"/>, which does, to below
    /// <paramref name="least"/>, which does not, each with its findings.</summary>
    /// <param name="found">Memory for the findings in between.</param>
    static decimal Search(
        in OrderFacts facts, RiskLimits limits, DateTimeOffset now, Resize resize, decimal lot, decimal most,
        decimal least,
        Findings passed, Findings refused, Findings found)
    {
        for (var step = 0; step < MaxSteps && least - most > lot; step++)
        {
            var halve = step >= Interpolations && step % 2 == 0;
            var aim = Lots(halve ? (most + least) / 2m : Crossing(most, passed, least, refused), lot);
            var next = Math.Min(Math.Max(aim, Lots(most, lot) + lot), least - lot);
            found.Clear();
            Find(resize(facts, next), limits, now, ref found);
            var kept = found;
            if (found.Broken == 0)
            {
                most = next;
                found = passed;
                passed = kept;
            }
            else
            {
                least = next;
                found = refused;
                refused = kept;
            }
        }

        return most;
    }

    /// <summary>The smallest order that can pass: one lot, or the lots that the least value takes; at least the order
    /// itself where that is worth less.</summary>
    static decimal Smallest(in OrderFacts facts, RiskLimits limits, decimal lot)
    {
        if (LeastNotional(facts, limits) is not { } least || facts.TradeAmount() is not { } price) return lot;
        if (least > price * facts.Order.Quantity) return Math.Max(lot, facts.Order.Quantity);
        var lots = Lots(least / price, lot);
        return Math.Max(lot, lots * price < least ? lots + lot : lots);
    }

    /// <summary>Whole lots only, with no more decimal places than the lot has.</summary>
    static decimal Lots(decimal quantity, decimal lot) =>
        quantity / MostLots >= lot ? quantity : Math.Floor(quantity / lot) * lot;

    /// <summary>The crossing of a rule's line with its limit, or the lower end where that has passed.</summary>
    static decimal Crossing(decimal most, in Findings passed, decimal least, in Findings refused)
    {
        var share = 1.0;
        foreach (ref readonly var broken in refused.All)
        {
            if (broken.Passed) continue;
            foreach (ref readonly var held in passed.All)
                if (held.Rule == broken.Rule
                    && (broken.Limit - held.Observed) / (broken.Observed - held.Observed) is var part and >= 0 and < 1)
                    share = Math.Min(share, part);
        }

        return most + ((least - most) * (decimal)share);
    }

    /// <summary>How far each limit that is set is used, in the order of the rules. Headroom is what the measure may
    /// still grow by; it is negative where the limit is exceeded and null where the measure is unknown.</summary>
    /// <param name="measures">The book without the order.</param>
    /// <param name="budget">What the book was granted; null for nothing.</param>
    /// <param name="priceAgeSeconds">Age of the oldest price that counts; null where one is missing.</param>
    public static ImmutableArray<LimitUsage> Headroom(
        BookMeasures? measures, double? priceAgeSeconds, RiskLimits limits, BudgetAmounts? budget = null)
    {
        var book = Exposures.Of(measures);
        ReadOnlySpan<LimitUsage?> usages =
        [
            Usage(RiskRule.StalePrice, priceAgeSeconds ?? double.NaN, limits.MaxPriceAgeSeconds),
            limits.MaxOrderNotional is { } notional
                ? new(RiskRule.OrderNotional, 0m, notional, notional, RuleCatalog.Of(RiskRule.OrderNotional).Unit!)
                : null,
            Usage(RiskRule.PositionWeight, book.Position, limits.MaxPositionWeight),
            Usage(RiskRule.Concentration, book.Concentration, limits.MaxConcentration),
            Usage(RiskRule.GrossExposure, book.Gross, limits.MaxGrossExposure),
            Usage(RiskRule.NetExposure, book.Net, limits.MaxNetExposure),
            Usage(RiskRule.SectorExposure, book.Sector, limits.MaxSectorExposure),
            Usage(RiskRule.StrategyExposure, book.Strategy, limits.MaxStrategyExposure),
            limits.InitialMargin is { } margin ? Usage(RiskRule.Margin, margin * book.Gross, 1) : null,
            Usage(RiskRule.ValueAtRisk95, book.ValueAtRisk, limits.MaxValueAtRisk95),
            Usage(RiskRule.ValueAtRisk99, book.ValueAtRisk99, limits.MaxValueAtRisk99),
            Usage(RiskRule.ExpectedShortfall975, book.Shortfall, limits.MaxExpectedShortfall975),
            Usage(RiskRule.Drawdown, book.Drawdown, limits.MaxDrawdown),
            Usage(RiskRule.DailyLoss, book.DailyLoss, limits.MaxDailyLoss),
            limits.MinCash is { } minimum
                ? new(
                    RiskRule.Cash, measures?.Cash, minimum, measures?.Cash - minimum,
                    RuleCatalog.Of(RiskRule.Cash).Unit!)
                : null,
            Usage(RiskRule.BudgetGross, measures?.GrossExposure, budget?.Gross),
            Usage(RiskRule.BudgetNet, Absolute(measures?.NetExposure), budget?.Net),
            Usage(RiskRule.BudgetShortfall, ShortfallMoney(measures), budget?.Shortfall),
        ];
        var set = ImmutableArray.CreateBuilder<LimitUsage>(usages.Length);
        foreach (var usage in usages)
            if (usage is not null) set.Add(usage);
        return set.DrainToImmutable();
    }

    static LimitUsage? Usage(RiskRule rule, decimal? observed, decimal? limit) =>
        limit is { } most ? new(rule, observed, most, most - observed, RuleCatalog.Of(rule).Unit!) : null;

    static LimitUsage? Usage(RiskRule rule, double observed, double? limit)
    {
        if (limit is not { } most) return null;
        var (used, bound) = (Finding.Reported(observed), Finding.Reported(most));
        return new(rule, used, bound, bound - used, RuleCatalog.Of(rule).Unit!);
    }
}
