using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A book as its budget sees it.</summary>
static class BudgetStandings
{
    public static BudgetStanding Of(BookValuation valuation) =>
        new(valuation.Book.Terms!.Currency, valuation.Equity, valuation.Book.Budget, Used(valuation));

    /// <summary>What an offer of the book's node changes; null for nothing.</summary>
    public static BudgetGranted? Take(BookValuation valuation, BudgetOffer? offer, DateTimeOffset now)
    {
        var grant = offer is null ? null : BudgetHolding.Take(valuation.Book.Budget, offer, Used(valuation));
        return grant == valuation.Book.Budget ? null : new(grant, now);
    }

    /// <summary>With every open order at its worst, as decisions count; null where a price or the history is
    /// missing.</summary>
    static BudgetAmounts Used(BookValuation valuation)
    {
        var measures = valuation.Measure();
        return new(
            measures?.GrossExposure,
            measures is null ? null : Math.Abs(measures.NetExposure),
            valuation.Tail is { } tail ? Math.Max(0m, Money.FromDouble(tail.ExpectedShortfall)) : null);
    }
}
