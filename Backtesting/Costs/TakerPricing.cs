namespace Trading.Backtests;

/// <summary>What a taker pays for a unit beyond the middle of the market, in the currency of the listing.</summary>
readonly record struct TakerPrice(decimal Spread, decimal Impact, decimal Slippage)
{
    public decimal Sum => Spread + Impact + Slippage;
}

/// <summary>
/// Prices what takes liquidity. Impact follows the square-root law on all that the run itself has taken on that side and that
/// still counts: parts in a row without a pause cost what they would have cost as one, and pauses make them cheaper.
/// </summary>
sealed class TakerPricing(MarketHistory history, CostOptions costs, ExecutionOptions execution)
{
    readonly Own[] _bought = new Own[history.Series.Length], _sold = new Own[history.Series.Length];
    readonly double _decayTicks = costs.ImpactDecayMinutes * TimeSpan.TicksPerMinute;

    /// <summary>Units of the run's own that still move the price, and as of when.</summary>
    struct Own
    {
        public double Units;
        public long At;
    }

    public void Clear()
    {
        Array.Clear(_bought);
        Array.Clear(_sold);
    }

    /// <summary>A split changes what a unit is.</summary>
    public void Split(int symbol, double ratio)
    {
        _bought[symbol].Units *= ratio;
        _sold[symbol].Units *= ratio;
    }

    public TakerPrice Price(int symbol, int bar, int side, decimal quantity, long middle, long now)
    {
        var bars = history.Series[symbol];
        var volatility = Volatility(symbol, bar);
        var price = FixedPoint.ToDecimal(middle);
        var slippage = costs.VolatilitySlippage * volatility;
        if (costs.VolumeSlippage > 0)
            slippage += costs.VolumeSlippage * (double)quantity / BarVolume(bars, bar);
        return new(
            HalfSpread(symbol, bar, price),
            costs.Impact > 0 ? Part(price, costs.Impact * volatility * Displacement(symbol, bar, side, (double)quantity, now)) : 0,
            slippage > 0 ? Part(price, slippage) : 0);
    }

    /// <summary>Remembers what was taken.</summary>
    public void Took(int symbol, int side, decimal quantity, long now)
    {
        ref var own = ref (side > 0 ? _bought : _sold)[symbol];
        own.Units = Decayed(own, now) + (double)quantity;
        own.At = now;
    }

    /// <summary>The mean of √(units / daily volume) while this quantity is added to what still counts.</summary>
    double Displacement(int symbol, int bar, int side, double quantity, long now)
    {
        var before = Decayed((side > 0 ? _bought : _sold)[symbol], now);
        var volume = history.Conditions.DailyVolume(symbol)[bar];
        if (!(volume > 0)) volume = execution.AssumedDailyVolume ?? BarVolume(history.Series[symbol], bar);
        return 2.0 / 3 * (Cubed(before + quantity) - Cubed(before)) / (quantity * Math.Sqrt(volume));

        static double Cubed(double units) => units * Math.Sqrt(units);
    }

    double Decayed(in Own own, long now) =>
        own.Units == 0 ? 0 : own.Units / (1 + Math.Max(0, now - own.At) / _decayTicks);

    double Volatility(int symbol, int bar)
    {
        if (costs is { Impact: 0, VolatilitySlippage: 0 }) return 0;
        var known = history.Conditions.DailyVolatility(symbol)[bar];
        return double.IsNaN(known) ? execution.AssumedDailyVolatility : known;
    }

    double BarVolume(SymbolBars bars, int bar) => bars.Volume[bar] == SymbolBars.UnknownVolume
        ? execution.AssumedDailyVolume!.Value / bars.BarsPerDay
        : FixedPoint.ToDouble(bars.Volume[bar]);

    decimal HalfSpread(int symbol, int bar, decimal price)
    {
        switch (costs.Spread)
        {
            case SpreadSource.None:
                return 0;
            case SpreadSource.Quoted:
                return decimal.Round(history.Series[symbol].Quotes![bar].Spread / 2, FixedPoint.Digits);
            case SpreadSource.Fixed:
                return Part(price, costs.SpreadFraction / 2);
            default:
                var estimate = history.Conditions.EstimatedSpread(symbol, costs.Spread)[bar];
                return Part(price, (double.IsNaN(estimate) ? costs.SpreadFraction : estimate) / 2);
        }
    }

    /// <summary>A part of a price, to the smallest step of prices.</summary>
    static decimal Part(decimal price, double fraction) => decimal.Round(price * (decimal)fraction, FixedPoint.Digits);
}
