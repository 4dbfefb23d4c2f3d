namespace Trading.Risk;

/// <summary>The checks of the tail of the book: value at risk and expected shortfall.</summary>
/// <remarks>
/// Each is held against two growths. The first is that of the measure itself, the largest over all ways in which
/// open orders and this one may fill or not. The second is that of the positions booked with this order filled
/// alone: where open orders have made the first large already, it is the second that keeps the fill of an approved
/// order from breaking a limit.
/// </remarks>
public static partial class SignalRules
{
    static void Tails(
        in OrderFacts facts, RiskLimits limits, in Exposures before, in Exposures after, bool increases,
        ref Findings found)
    {
        var (booked, alone) = (facts.Booked, facts.Alone);
        Grown(
            RiskRule.ValueAtRisk95, increases, before.ValueAtRisk, after.ValueAtRisk, limits.MaxValueAtRisk95,
            booked?.ValueAtRisk95, alone?.ValueAtRisk95, ref found);
        Grown(
            RiskRule.ValueAtRisk99, increases, before.ValueAtRisk99, after.ValueAtRisk99, limits.MaxValueAtRisk99,
            booked?.ValueAtRisk99, alone?.ValueAtRisk99, ref found);
        if (increases && limits.MaxIncrementalValueAtRisk is { } growth)
        {
            var added = after.ValueAtRisk - before.ValueAtRisk;
            if (alone?.ValueAtRisk95 - booked?.ValueAtRisk95 is { } filled) added = Math.Max(added, filled);
            AtMost(RiskRule.IncrementalValueAtRisk, added, growth, ref found);
        }

        Grown(
            RiskRule.ExpectedShortfall975, increases, before.Shortfall, after.Shortfall, limits.MaxExpectedShortfall975,
            booked?.Shortfall, alone?.Shortfall, ref found);
    }

    /// <summary>The same measure in money, held against what the book was granted.</summary>
    static void BudgetShortfall(in OrderFacts facts, BudgetAmounts budget, bool increases, ref Findings found)
    {
        if (budget.Shortfall is not { } most) return;
        var equity = facts.Before?.Equity ?? 0m;
        var (before, after) = (ShortfallMoney(facts.Before), ShortfallMoney(facts.After));
        var breaks = Money(facts.Alone) is { } alone && alone > most
            && Grows(Money(facts.Booked), alone, increases: false);
        found.Add(
            RiskRule.BudgetShortfall, !breaks && (after <= most || !Grows(before, after, increases)), after, most);

        decimal? Money(TailLosses? losses) => ShortfallMoney(losses?.Shortfall, equity);
    }

    static decimal? ShortfallMoney(BookMeasures? measures) =>
        measures is null ? null : ShortfallMoney(measures.ExpectedShortfall975, measures.Equity);

    static decimal? ShortfallMoney(double? fraction, decimal equity) =>
        fraction is { } known && double.IsFinite(known) ? Finding.Reported(known * (double)equity) : null;

    static void Grown(
        RiskRule rule, bool increases, double before, double after, double? limit, double? booked, double? alone,
        ref Findings found)
    {
        if (limit is not { } most) return;
        var breaks = Breaks(booked, alone, most);
        found.Add(rule, !breaks && (after <= most || !Grows(before, after, increases)), after, most);
    }

    /// <summary>Whether the order, filled alone, takes the positions booked over a limit; no is also what a
    /// convention without these measures says.</summary>
    static bool Breaks(double? booked, double? alone, double limit) =>
        booked is { } was && alone is { } becomes && becomes > limit && Grows(was, becomes, increases: false);

    static void InsufficientHistory(in OrderFacts facts, RiskLimits limits, ref Findings found)
    {
        if (limits is
            {
                MaxValueAtRisk95: null, MaxValueAtRisk99: null, MaxIncrementalValueAtRisk: null,
                MaxExpectedShortfall975: null
            }) return;
        var enough = facts.Sessions >= facts.RequiredSessions;
        if (enough && facts.Repeating is { } repeating)
            found.Add(RiskRule.InsufficientHistory, false, (decimal)repeating.NewReturns, repeating.Needed);
        else
            found.Add(RiskRule.InsufficientHistory, enough, facts.Sessions, facts.RequiredSessions);
    }
}
