using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>How well one order was carried out, its parts taken together. Basis points; above zero is a cost.</summary>
/// <param name="Order">The order, or the first of its parts.</param>
/// <param name="Parts">Orders that it was sent in.</param>
/// <param name="ArrivalPrice">At the decision, in the account's currency.</param>
/// <param name="AveragePrice">Null where nothing was filled; so are the next three.</param>
/// <param name="ArrivalSlippage">Against the arrival price.</param>
/// <param name="VwapSlippage">Against what everybody paid from the decision to the last fill: bars at the mean of
/// high, low and close, weighed by volume; null where volumes are not known.</param>
/// <param name="CloseSlippage">Against the close of the bar of the last fill.</param>
/// <param name="Shortfall">All costs, of what was never filled too, over the order's value at the decision (Perold
/// 1988).</param>
public sealed record ExecutionQuality(
    int Order, string Strategy, string Symbol, int Parts, decimal Quantity, decimal Filled, double FillRate,
        decimal ArrivalPrice,
    decimal? AveragePrice, double? ArrivalSlippage, double? VwapSlippage, double? CloseSlippage, CostBreakdown Costs,
        double Shortfall)
{
    const double BasisPoints = 1e4;

    public static ImmutableArray<ExecutionQuality> Of(BacktestResult result, MarketHistory history)
    {
        var fills = result.Fills.ToLookup(fill => fill.Order);
        return
        [
            .. result.Orders.GroupBy(order => order.Parent == 0 ? order.Id : order.Parent).OrderBy(group => group.Key)
                .Select(group => Of([.. group.OrderBy(order => order.Id)], fills, history)),
        ];
    }

    static ExecutionQuality Of(OrderRecord[] parts, ILookup<int, Fill> fills, MarketHistory history)
    {
        var (first, symbol) = (parts[0], history.Series[history.Places[parts[0].Symbol]]);
        var (quantity, filled) = (parts.Sum(part => part.Quantity), parts.Sum(part => part.Filled));
        var side = Math.Sign(quantity);
        var costs = parts.Aggregate(default(CostBreakdown), (sum, part) => sum + part.Costs);
        decimal? average = filled == 0 ? null : parts.Sum(part => part.Filled * (part.AveragePrice ?? 0)) / filled;
        Fill[] made = [.. parts.SelectMany(part => fills[part.Id])];
        // Prices of bars are in the currency of the listing: they compare only where that is the account's.
        var isHome = symbol.Terms.Currency == history.Currency;
        var last = made.Length == 0 ? -1 : BarAt(symbol, made.Max(fill => fill.Time));
        return new(
            first.Id, first.Strategy, first.Symbol, parts.Length, quantity, filled,
                (double)(filled / Math.Abs(quantity)), first.DecisionValue,
            average, Slippage(side, average, first.DecisionValue),
            isHome && last >= 0
                ? Slippage(side, average, MarketAverage(symbol, BarAt(symbol, first.DecidedAt) + 1, last)) : null,
            isHome && last >= 0 ? Slippage(side, average, FixedPoint.ToDecimal(symbol.Close[last])) : null,
            costs, (double)(costs.Total / parts.Sum(part => Math.Abs(part.Quantity) * first.DecisionValue)) * BasisPoints);
    }

    static double? Slippage(int side, decimal? paid, decimal? benchmark) =>
        paid is { } price && benchmark is > 0 and var fair ? side * (double)(price / fair - 1) * BasisPoints : null;

    /// <summary>The newest bar that has started by a moment.</summary>
    static int BarAt(SymbolBars series, DateTimeOffset time)
    {
        var found = Array.BinarySearch(series.Start, time.UtcTicks);
        return found >= 0 ? found : ~found - 1;
    }

    static decimal? MarketAverage(SymbolBars series, int from, int to)
    {
        var (value, units) = (0m, 0m);
        for (var bar = Math.Min(from, to); bar <= to; bar++)
        {
            if (series.Volume[bar] == SymbolBars.UnknownVolume) return null;
            var volume = FixedPoint.ToDecimal(series.Volume[bar]);
            value += volume * (FixedPoint.ToDecimal(series.High[bar]) + FixedPoint.ToDecimal(series.Low[bar]) + FixedPoint.ToDecimal(series.Close[bar])) / 3;
            units += volume;
        }

        return units > 0 ? value / units : null;
    }
}
