using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What one strategy holds and has open in one symbol.</summary>
/// <param name="Price">Of its last approval or fill there, in the book's currency.</param>
public sealed record StrategyLeg(string Strategy, string Symbol, Exposure Exposure, decimal Price)
{
    /// <summary>Absolute value at <see cref="Price"/>, with every open order at its worst.</summary>
    internal decimal Value => ValueOf(Exposure, Price);

    internal static decimal ValueOf(in Exposure exposure, decimal price) =>
        Money.Round(Math.Abs(exposure.Effective) * price);
}

/// <summary>Exposures by strategy. Trades made elsewhere, and orders without a strategy, count to the one without a
/// name.</summary>
sealed class StrategyExposures
{
    readonly Dictionary<(string Strategy, string Symbol), (StrategyLeg Leg, decimal Value)> _legs = [];
    readonly Dictionary<string, decimal> _values = [];

    /// <summary>Adds to what is open; negative takes away.</summary>
    public void Open(Reservation reservation, decimal quantity, decimal? price = null)
    {
        var leg = Find(reservation.Strategy, reservation.Symbol);
        Set(leg with { Exposure = leg.Exposure.With(reservation.Action, quantity, reservation.ReduceOnly), Price = price ?? leg.Price });
    }

    public void Post(string? strategy, FillReceipt receipt)
    {
        var leg = Find(strategy, receipt.Symbol);
        Set(
            leg with
            {
                Exposure = leg.Exposure with { Quantity = leg.Exposure.Quantity + receipt.Units() },
                Price = (receipt.Currency is null ? receipt.Price : receipt.Price * receipt.FxRate) ?? leg.Price
            });
    }

    public void Rescale(string symbol, SplitRatio ratio)
    {
        foreach (var leg in Of(symbol))
            Set(leg with
            {
                Exposure = leg.Exposure with { Quantity = ratio.Units(leg.Exposure.Quantity) },
                Price = ratio.Price(leg.Price),
            });
    }

    public void Rename(string symbol, string newSymbol)
    {
        foreach (var leg in Of(symbol))
        {
            var known = Find(leg.Strategy, newSymbol);
            Set(leg with { Exposure = default });
            Set(known with
            {
                Exposure = known.Exposure with { Quantity = known.Exposure.Quantity + leg.Exposure.Quantity },
                Price = leg.Price,
            });
        }
    }

    /// <summary>Gross value of the strategy of an order before it, and after it at a price.</summary>
    public (decimal Before, decimal After) ValueWith(Order order, decimal price)
    {
        var strategy = order.Strategy ?? "";
        var (leg, value) = _legs.GetValueOrDefault((strategy, order.Symbol));
        var (exposure, others) = (leg?.Exposure ?? default, _values.GetValueOrDefault(strategy) - value);
        return (
            others + StrategyLeg.ValueOf(exposure, price),
            others + StrategyLeg.ValueOf(exposure.With(order.Action, order.Quantity, order.ReduceOnly), price));
    }

    public ImmutableArray<StrategyLeg> Save() =>
        [
            .. _legs.Values.Select(known => known.Leg).OrderBy(leg => leg.Strategy, StringComparer.Ordinal)
                .ThenBy(leg => leg.Symbol, StringComparer.Ordinal)
        ];

    /// <summary>Replaces what is known.</summary>
    public void Restore(ImmutableArray<StrategyLeg> saved)
    {
        _legs.Clear();
        _values.Clear();
        foreach (var leg in saved) Set(leg);
    }

    StrategyLeg Find(string? strategy, string symbol) =>
        _legs.GetValueOrDefault((strategy ?? "", symbol)).Leg ?? new StrategyLeg(strategy ?? "", symbol, default, 0);

    List<StrategyLeg> Of(string symbol) =>
        [.. _legs.Values.Select(known => known.Leg).Where(leg => leg.Symbol == symbol)];

    void Set(StrategyLeg leg)
    {
        var key = (leg.Strategy, leg.Symbol);
        ref var known = ref CollectionsMarshal.GetValueRefOrAddDefault(_legs, key, out _);
        var (before, after) = (known.Value, leg.Value);
        known = (leg, after);
        if (leg.Exposure.IsFlat) _legs.Remove(key);
        ref var all = ref CollectionsMarshal.GetValueRefOrAddDefault(_values, leg.Strategy, out _);
        all = all + after - before;
        if (all == 0) _values.Remove(leg.Strategy);
    }
}
