namespace Trading.Backtests;

/// <summary>What a strategy sees and may do at one moment. Nothing of it is later than <see cref="Now"/>.</summary>
public sealed class StrategyContext : IAccountView
{
    readonly Simulation _simulation;
    readonly Market _market;
    readonly int _place;
    int _from, _count;

    internal StrategyContext(Simulation simulation, int place, string name) =>
        (_simulation, _market, _place, Strategy) = (simulation, simulation.Market, place, name);

    public string Strategy { get; }

    public DateTimeOffset Now => new(_market.Now, TimeSpan.Zero);

    /// <summary>Symbols of the run; a series is named by its place.</summary>
    public int Count => _market.History.Series.Length;

    /// <summary>Series whose bar has just become complete.</summary>
    public ReadOnlySpan<int> Completed => _market.History.Timeline.Series.AsSpan(_from, _count);

    public decimal Cash => Account.Cash;

    /// <summary>The account at the last closes.</summary>
    public decimal Equity => _market.Equity(Account);

    Account Account => _simulation.Accounts[_place];

    public string Symbol(int series) => _market.History.Series[series].Symbol;

    public string? Sector(int series) => _market.History.Series[series].Terms.Sector;

    /// <summary>Whether orders of it can be sent: it has a price and is still listed.</summary>
    public bool IsTradable(int series) => _market.IsTradable(series);

    /// <summary>Closes up to now, oldest first, with splits and dividends taken out: a change is what a holder
    /// earned. The level is that of the first bar's units.</summary>
    public ReadOnlySpan<double> Closes(int series) =>
        _market.History.Series[series].Index.AsSpan(0, _market.Bar(series) + 1);

    /// <summary>The last close as it traded, in the currency of the listing; null before the first.</summary>
    public decimal? Price(int series) => _market.Close(series);

    /// <summary>Units that the last complete bar traded; null where the bars do not say, or before the first.</summary>
    public double? Volume(int series) =>
        _market.Bar(series) is >= 0 and var bar
            && _market.History.Series[series].Volume[bar] is not SymbolBars.UnknownVolume and var volume
            ? FixedPoint.ToDouble(volume)
            : null;

    public DateTimeOffset? PricedAt(int series) => _market.Bar(series) is >= 0 and var bar
        ? new(_market.History.Series[series].EndTime(bar), TimeSpan.Zero)
        : null;

    public DateOnly Session(int series, int bar) => _market.History.Series[series].Session(bar);

    public bool TryDailyReturns(int series, out DailyReturns returns)
    {
        var bars = _market.Bar(series) + 1;
        var paths = bars > 0 ? _market.History.Paths : null;
        returns = paths is null ? default : paths.Of(series, bars);
        return paths is not null;
    }

    public double? DailyVolume(int series) => _market.Bar(series) is >= 0 and var bar
        && _market.History.Conditions.DailyVolume(series)[bar] is > 0 and var units ? units : null;

    /// <summary>The length of its bars.</summary>
    public TimeSpan Interval(int series) => _market.History.Series[series].Interval;

    public decimal? Worth(int series) => _market.IsTradable(series) ? _market.Worth(series) : null;

    public decimal Position(int series) => Account.Position(series);

    public decimal Working(int series) => Account.Working(series);

    /// <summary>Sends an order.</summary>
    /// <returns>Its number; 0 where it was not sent: the gate refused it, the symbol cannot be traded, or less than a
    /// lot was asked for.</returns>
    /// <exception cref="ArgumentException">The order contradicts itself.</exception>
    public int Submit(in OrderRequest request) => _simulation.Submit(_place, this, request);

    /// <summary>Takes an order back; what it has filled stays.</summary>
    public void Cancel(int order) => _simulation.Cancel(_place, order);

    /// <summary>Trades towards a position, counting what is on its way.</summary>
    public int SetPosition(int series, decimal quantity, OrderType type = OrderType.Market) =>
        quantity - Position(series) - Working(series) is not 0 and var missing
            ? Submit(new(series, missing, type))
            : 0;

    /// <summary>Trades towards a part of the account's equity, at the last close.</summary>
    public int SetWeight(int series, double weight, OrderType type = OrderType.Market) =>
        Worth(series) is { } worth ? SetPosition(series, WholeLots(series, Equity * (decimal)weight / worth), type) : 0;

    /// <summary>A quantity cut to what trades.</summary>
    public decimal WholeLots(int series, decimal quantity) =>
        quantity - quantity % _market.History.Series[series].Terms.LotSize;

    internal void Begin(int from, int count) => (_from, _count) = (from, count);
}
