namespace Trading.Portfolios;

/// <summary>A trade in the parts that close and open a position, in the currency of the instrument.</summary>
/// <param name="Closed">Value of the part that closes, signed as a purchase; <paramref name="Opened"/> of the
/// rest.</param>
/// <param name="Relieved">Cost of the units that are closed.</param>
/// <param name="Share">Of the units held that are closed.</param>
readonly record struct TradeSplit(decimal Closed, decimal Opened, decimal Relieved, decimal Share);

/// <summary>Trades of a holding whose rate was not known, in the currency of the instrument.</summary>
/// <param name="Cost">Of units still held.</param>
/// <param name="Proceeds">Of units closed, less their cost where that waits too.</param>
/// <param name="Relieved">Cost of units closed, as far as it does not wait.</param>
/// <param name="Relief">The same in the book's currency.</param>
public sealed record AwaitingRate(decimal Cost, decimal Proceeds, decimal Relieved, decimal Relief);

/// <summary>A holding's cost in the book's currency, at the rates of its fills.</summary>
/// <remarks>A profit is taken apart at the rate of the moment: price × rate - cost at its own rates =
/// (price - cost) × rate + cost × (rate - its own rate). The first part is the price's, the second the
/// rate's.</remarks>
/// <param name="Currency">Of the instrument.</param>
public sealed record ForeignCost(string Currency, decimal Cost)
{
    /// <summary>The part of the realised profit that rates made.</summary>
    public decimal FxRealised { get; init; }

    /// <summary>Null where every trade has its rate.</summary>
    public AwaitingRate? Awaiting { get; init; }

    /// <param name="after">With everything that is in the currency of the instrument done.</param>
    internal Holding Trade(Holding after, in TradeSplit split, in Execution trade, out decimal paid)
    {
        var (beside, share) = (Math.Max(trade.Beside, Math.Abs(Cost)), split.Share);
        var relief = Shared(Cost);
        if (trade.Rate is { } rate && Awaiting is null)
        {
            paid = Money.Fit(trade.Value * rate, beside);
            var proceeds = split.Opened == 0 ? -paid : Money.Fit(-split.Closed * rate, beside);
            return after with
            {
                Realised = after.Realised + proceeds - relief,
                Foreign = this with
                {
                    Cost = Cost - relief + paid + proceeds,
                    FxRealised = FxRealised + Money.Fit(split.Relieved * rate, beside) - relief,
                },
            };
        }

        // It waits with everything before it, so that the order of the trades stays.
        paid = 0;
        var (waiting, shared) = (Awaiting ?? new(0, 0, 0, 0), Shared(Awaiting?.Cost ?? 0));
        return after with
        {
            Foreign = this with
            {
                Cost = Cost - relief,
                Awaiting = new(
                    waiting.Cost - shared + split.Opened, waiting.Proceeds - split.Closed - shared,
                    waiting.Relieved + split.Relieved - shared, waiting.Relief + relief),
            },
        };

        decimal Shared(decimal amount) => share switch { 0 => 0, 1 => amount, _ => Money.Fit(amount * share, beside) };
    }

    /// <summary>A payment on the holding, in the currency of the instrument, and what it is in the book's. It is no
    /// profit of the rate.</summary>
    internal (Holding Holding, decimal Paid) Receive(Holding holding, decimal amount, decimal? rate, decimal beside)
    {
        if (rate is { } known)
        {
            var paid = Money.Fit(amount * known, beside);
            return (holding with { Realised = holding.Realised + paid }, paid);
        }

        var waiting = Awaiting ?? new(0, 0, 0, 0);
        return (
            holding with { Foreign = this with { Awaiting = waiting with { Proceeds = waiting.Proceeds + amount } } }, 0);
    }

    /// <summary>The amounts that wait, converted.</summary>
    internal Holding Convert(Holding holding, decimal rate, decimal beside, out decimal paid)
    {
        paid = 0;
        if (Awaiting is not { } waiting) return holding;
        var (cost, proceeds) = (Money.Fit(waiting.Cost * rate, beside), Money.Fit(waiting.Proceeds * rate, beside));
        paid = cost - proceeds;
        return holding with
        {
            Realised = holding.Realised + proceeds - waiting.Relief,
            Foreign = this with
            {
                Cost = Cost + cost,
                FxRealised = FxRealised + Money.Fit(waiting.Relieved * rate, beside) - waiting.Relief,
                Awaiting = null,
            },
        };
    }
}
