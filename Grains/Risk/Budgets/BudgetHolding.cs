namespace Trading.Risk;

/// <summary>How a child holds its budget, and how much it asks for.</summary>
static class BudgetHolding
{
    /// <summary>Budget kept ahead of need, as a share of what is used; at least the shares of equity below.</summary>
    const decimal Reserve = 0.25m, ExposureOfEquity = 0.05m, ShortfallOfEquity = 0.005m;

    /// <summary>Free budget in reserves: below the first more is asked for, above the second some is given
    /// back.</summary>
    const decimal LowWater = 0.5m, Refill = 1.5m, HighWater = 3m;

    /// <summary>What holds after an offer. A newer grant replaces the one before; what is used is never given back, and
    /// nothing is where the usage is unknown.</summary>
    /// <returns>The same grant where nothing changes.</returns>
    public static BudgetGrant Take(BudgetGrant? grant, BudgetOffer offer, BudgetAmounts used)
    {
        var isKnown = grant is not null && grant.Node == offer.Node && grant.Version >= offer.Version;
        var held = isKnown ? grant! : new BudgetGrant(offer.Node, offer.Version, offer.Granted);
        var amounts = held.Amounts.Zip(offer.Target, used, (has, target, uses) =>
            Amounts.IsLess(target, has) && uses is { } least ? Amounts.Min(has, Math.Max(target!.Value, least)) : has);
        return amounts == held.Amounts ? held : held with { Amounts = amounts };
    }

    /// <summary>What a book asks its node for: more ahead of need, less where much is idle, and what a refused order
    /// would have taken.</summary>
    public static BudgetAsk Ask(string portfolio, string node, BudgetStanding standing, BudgetAmounts demand)
    {
        var isHeld = standing.Grant?.Node == node;
        var held = isHeld ? standing.Grant!.Amounts : BudgetAmounts.Zero;
        var equity = Math.Max(0m, standing.Equity ?? 0m);
        return new(portfolio, standing.Currency, held, isHeld ? standing.Grant!.Version : 0, standing.Used, new(
            Wanted(held.Gross, standing.Used.Gross, equity * ExposureOfEquity, demand.Gross),
            Wanted(held.Net, standing.Used.Net, equity * ExposureOfEquity, demand.Net),
            Wanted(held.Shortfall, standing.Used.Shortfall, equity * ShortfallOfEquity, demand.Shortfall)));
    }

    static decimal? Wanted(decimal? held, decimal? used, decimal least, decimal? demand)
    {
        if (used is not { } uses) return held;
        var reserve = Math.Max(uses * Reserve, least);
        var isEnough = held is { } has && has - uses >= reserve * LowWater && has - uses <= reserve * HighWater;
        return Math.Max(isEnough ? held!.Value : uses + (reserve * Refill), demand ?? 0m);
    }
}
