using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What a raw price of a date is multiplied by to be comparable with today's.</summary>
/// <param name="Price">For the dividends paid since.</param>
/// <param name="Split">For the splits since.</param>
readonly record struct AdjustmentFactor(decimal Price, decimal Split)
{
    public static AdjustmentFactor None { get; } = new(1, 1);

    /// <summary><c>close × price factor × split factor</c>.</summary>
    public decimal Apply(decimal price) => price * Price * Split;

    /// <summary>Prices by both factors; units by the split alone, the other way.</summary>
    public Bar Apply(in Bar bar) =>
        new(bar.Time, Apply(bar.Open), Apply(bar.High), Apply(bar.Low), Apply(bar.Close), bar.Volume / Split);
}

/// <summary>A bar as it traded, and beside it what it is worth in today's units.</summary>
readonly record struct AdjustedBar(Bar Raw, Bar Adjusted, AdjustmentFactor Factor);

/// <summary>Takes splits and dividends out of a series of raw prices. Today's price is the base, with factor 1. A
/// dividend D with the raw close C of the session before its ex-date multiplies all earlier prices by 1 - D / C; a
/// split of r new units for one old divides them by r (CRSP's convention, as in the factor files of
/// QuantConnect/Lean).</summary>
sealed class PriceAdjustment
{
    /// <summary>By the last date that a factor holds for, ascending; after the last of them it is 1.</summary>
    readonly ImmutableArray<(DateOnly Through, AdjustmentFactor Factor)> _steps;

    PriceAdjustment(ImmutableArray<(DateOnly, AdjustmentFactor)> steps) => _steps = steps;

    /// <summary>From factors that somebody has computed, each for the dates up to its own, inclusive.</summary>
    /// <exception cref="ArgumentException">Dates do not ascend, or a factor is not positive.</exception>
    public static PriceAdjustment FromFactors(IEnumerable<(DateOnly Through, AdjustmentFactor Factor)> steps)
    {
        ImmutableArray<(DateOnly Through, AdjustmentFactor Factor)> all = [.. steps];
        for (var index = 0; index < all.Length; index++)
        {
            if (all[index].Factor is not { Price: > 0, Split: > 0 })
                throw new ArgumentException($"The factors of {all[index].Through} are not positive.", nameof(steps));
            if (index > 0 && all[index].Through <= all[index - 1].Through)
                throw new ArgumentException($"{all[index].Through} does not ascend.", nameof(steps));
        }

        return new(all);
    }

    /// <summary>From corporate actions and the raw series they belong to. An action at or before the first bar changes
    /// nothing in it.</summary>
    /// <param name="bars">Raw bars, oldest first: a dividend is measured by the close of the last one before its
    /// ex-date.</param>
    /// <exception cref="ArgumentException">A value is not positive, or a dividend is as large as the price it is paid
    /// from.</exception>
    public static PriceAdjustment FromActions(IEnumerable<CorporateAction> actions, IReadOnlyList<Bar> bars)
    {
        List<(DateOnly, AdjustmentFactor)> steps = [];
        var factor = AdjustmentFactor.None;
        var before = bars.Count - 1;
        foreach (var night in actions.GroupBy(action => action.ExDate).OrderByDescending(night => night.Key))
        {
            while (before >= 0 && DateOf(bars[before]) >= night.Key) before--;
            if (before < 0) break;
            var close = bars[before].Close;
            foreach (var action in night.OrderByDescending(action => action.Kind))
                factor = Before(action, close, factor);
            steps.Add((night.Key.AddDays(-1), factor));
        }

        steps.Reverse();
        return new([.. steps]);
    }

    /// <summary>The factor of a date.</summary>
    public AdjustmentFactor On(DateOnly date)
    {
        var (low, high) = (0, _steps.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_steps[middle].Through < date) low = middle + 1;
            else high = middle;
        }

        return low < _steps.Length ? _steps[low].Factor : AdjustmentFactor.None;
    }

    /// <summary>Daily bars raw and adjusted, side by side.</summary>
    public IEnumerable<AdjustedBar> Apply(IEnumerable<Bar> bars)
    {
        foreach (var bar in bars)
        {
            var factor = On(DateOf(bar));
            yield return new(bar, factor.Apply(bar), factor);
        }
    }

    static AdjustmentFactor Before(CorporateAction action, decimal close, AdjustmentFactor factor)
    {
        if (action.Kind is CorporateActionKind.Delisting or CorporateActionKind.SymbolChange)
            return factor; // there is no price after it
        if (action.Value <= 0)
            throw new ArgumentException($"The {action.Kind} of {action.ExDate} is {action.Value}.", nameof(action));
        if (action.Kind == CorporateActionKind.Split) return factor with { Split = factor.Split / action.Value };
        if (action.Value >= close)
            throw new ArgumentException(
                $"The dividend of {action.ExDate}, {action.Value}, is not below the price {close}.", nameof(action));
        return factor with { Price = factor.Price * (1 - (action.Value / close)) };
    }

    static DateOnly DateOf(in Bar bar) => DateOnly.FromDateTime(bar.Time.UtcDateTime);
}
