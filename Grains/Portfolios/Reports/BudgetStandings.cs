using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A book as its budget sees it.</summary>
static class BudgetStandings
{
    public static BudgetStanding Of(Desk desk) => new(desk.Book.Terms!.Currency, desk.Equity, desk.Book.Budget, Used(desk));

    /// <summary>What an offer of the book's node changes; null for nothing.</summary>
    public static BudgetGranted? Take(Desk desk, BudgetOffer? offer, DateTimeOffset now)
    {
        var grant = offer is null ? null : BudgetHolding.Take(desk.Book.Budget, offer, Used(desk));
        return grant == desk.Book.Budget ? null : new(grant, now);
    }

    /// <summary>With every open order at its worst, as decisions count; null where a price or the history is missing.</summary>
    static BudgetAmounts Used(Desk desk)
    {
        var measures = desk.Measure();
        return new(
            measures?.GrossExposure,
            measures is null ? null : Math.Abs(measures.NetExposure),
            desk.Tail is { } tail ? Math.Max(0m, Money.FromDouble(tail.ExpectedShortfall)) : null);
    }
}
