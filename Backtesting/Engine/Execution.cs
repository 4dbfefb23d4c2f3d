namespace Trading.Backtests;

/// <summary>
/// Carries out the orders of one symbol on one bar. The bar's liquidity is one budget: what one order takes is gone for all
/// others, of whichever strategy, in the order in which they came.
/// </summary>
/// <remarks>An order that is in time for the opening sees the whole bar; one that arrives within it sees the rest of its
/// <see cref="BarPath"/>, and the part of its volume that is still to come. A bar is carried out when it is complete, so that nothing
/// of a fill is known before.</remarks>
sealed class Execution(Market market, ExecutionOptions options, TakerPricing pricing, FillBooks books)
{
    /// <summary>How often the quantity is halved to fit into the bar's range.</summary>
    const int MostHalvings = 20;

    readonly OrderBook _book = books.Orders;
    decimal _left;
    double _cap;

    public void Run(int symbol, int bar)
    {
        var bars = market.History.Series[symbol];
        var (open, end) = (bars.OpenTime(bar), bars.EndTime(bar));
        Budget(bars, bar);
        var path = new BarPath(bars.Open[bar], bars.High[bar], bars.Low[bar], bars.Close[bar], options.Path);
        var orders = _book.Of(symbol)!;
        var ended = false;
        for (var i = 0; i < orders.Count; i++)
        {
            var order = orders[i];
            if (order.End != OrderEnd.Working)
            {
                ended = true; // cancelled by its strategy
                continue;
            }

            if (order.Arrives >= end) continue;
            if (IsOver(order, bars, bar)) books.End(order, OrderEnd.Expired, BeforeBar(bars, bar));
            else if (bars.Volume[bar] != 0) Carry(order, bars, bar, path, Place(order, open, end));
            if (order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill && order.End == OrderEnd.Working)
                books.End(order, OrderEnd.Expired, bars.Close[bar]);
            ended |= order.End != OrderEnd.Working;
        }

        if (ended) _book.Sweep(symbol);
    }

    /// <summary>Where on the bar's way the order arrives.</summary>
    static double Place(WorkingOrder order, long open, long end) =>
        order.Arrives <= open ? 0 : (double)(order.Arrives - open) / (end - open);

    static long BeforeBar(SymbolBars bars, int bar) => bar > 0 ? bars.Close[bar - 1] : bars.Open[bar];

    void Budget(SymbolBars bars, int bar)
    {
        if (options.MaxParticipation is not { } share)
        {
            (_left, _cap) = (decimal.MaxValue, double.PositiveInfinity);
            return;
        }

        var volume = bars.Volume[bar] == SymbolBars.UnknownVolume
            ? options.AssumedDailyVolume!.Value / bars.BarsPerDay
            : FixedPoint.ToDouble(bars.Volume[bar]);
        _cap = share * volume;
        _left = (decimal)_cap;
    }

    static bool IsOver(WorkingOrder order, SymbolBars bars, int bar)
    {
        var open = bars.OpenTime(bar);
        if (order.Expires <= open) return true;
        if (order.TimeInForce != TimeInForce.Day) return false;
        var day = bars.Start[bar] / TimeSpan.TicksPerDay;
        if (order.Day < 0) order.Day = day;
        return day > order.Day;
    }

    void Carry(WorkingOrder order, SymbolBars bars, int bar, in BarPath path, double place)
    {
        var isBuy = order.Side > 0;
        if (order.Type == OrderType.MarketOnClose)
        {
            if (place == 0) Take(order, bars, bar, path, 1);
            return;
        }

        if (order.Stop is { } stop && !order.Triggered)
        {
            if (path.Reaches(stop, upwards: isBuy, place) is not { } reached) return;
            (order.Triggered, place) = (true, reached);
        }

        if (order.Limit is not { } limit)
        {
            Take(order, bars, bar, path, place);
            return;
        }

        if (isBuy ? path.At(place) <= limit : path.At(place) >= limit)
        {
            Take(order, bars, bar, path, place); // or it waits for the next bar, where what taking costs is beyond its limit
            return;
        }

        if (order.TimeInForce is TimeInForce.ImmediateOrCancel or TimeInForce.FillOrKill) return;
        // A waiting order is filled where the price comes to it.
        var needed = options.LimitNeedsTradeThrough ? limit - order.Side : limit;
        if (path.Reaches(needed, upwards: !isBuy, place) is { } met) Make(order, bars, bar, limit, met);
    }

    /// <summary>Trades at the market's price and what taking costs beyond it.</summary>
    void Take(WorkingOrder order, SymbolBars bars, int bar, in BarPath path, double place)
    {
        var (middle, moment) = (path.At(place), Moment(bars, bar, place));
        var quantity = Available(order, bars, place);
        var price = FixedPoint.ToDecimal(middle);
        for (var halved = 0; quantity > 0 && halved <= MostHalvings; halved++)
        {
            if (order.TimeInForce == TimeInForce.FillOrKill && quantity < order.Remaining) return;
            var extra = pricing.Price(order.Series, bar, order.Side, quantity, middle, moment);
            if (IsWithin(order, bars, bar, price + order.Side * extra.Sum))
            {
                pricing.Took(order.Series, order.Side, quantity, moment);
                _left -= quantity;
                books.Post(order, quantity, price, extra, isMaker: false, moment);
                return;
            }

            if (!options.WithinRange) return;
            quantity = ToLots(quantity / 2, bars);
        }
    }

    /// <summary>Trades at the price that the order has waited at.</summary>
    void Make(WorkingOrder order, SymbolBars bars, int bar, long limit, double place)
    {
        var quantity = Available(order, bars, place);
        if (quantity <= 0) return;
        _left -= quantity;
        books.Post(order, quantity, FixedPoint.ToDecimal(limit), default, isMaker: true, Moment(bars, bar, place));
    }

    decimal Available(WorkingOrder order, SymbolBars bars, double place)
    {
        var most = Math.Min(order.Remaining, _left);
        if (place is > 0 and < 1 && !double.IsInfinity(_cap)) most = Math.Min(most, (decimal)(_cap * (1 - place)));
        return most == order.Remaining ? most : ToLots(most, bars);
    }

    static decimal ToLots(decimal quantity, SymbolBars bars) => quantity - quantity % bars.Terms.LotSize;

    bool IsWithin(WorkingOrder order, SymbolBars bars, int bar, decimal price)
    {
        if (price <= 0) return false;
        var isBuy = order.Side > 0;
        if (order.Limit is { } limit && (isBuy ? price > FixedPoint.ToDecimal(limit) : price < FixedPoint.ToDecimal(limit)))
            return false;
        if (!options.WithinRange) return true;
        return isBuy
            ? price <= (bars.Quotes?[bar].HighestAsk ?? FixedPoint.ToDecimal(bars.High[bar]))
            : price >= (bars.Quotes?[bar].LowestBid ?? FixedPoint.ToDecimal(bars.Low[bar]));
    }

    static long Moment(SymbolBars bars, int bar, double place)
    {
        var (open, end) = (bars.OpenTime(bar), bars.EndTime(bar));
        return open + (long)(place * (end - open));
    }
}
