using System.Collections.Immutable;
using System.Runtime.InteropServices;
using MathNet.Numerics.Distributions;
using Trading.Quant;

namespace Trading.MarketData;

/// <summary>One symbol of the synthetic market, drawn as far as it has been asked for.</summary>
sealed class SyntheticSymbol
{
    /// <summary>Prices are held between these, whatever a wild set of parameters does.</summary>
    const double LeastPrice = 0.01, MostPrice = 5_000_000;

    /// <summary>The part of a session's variance that falls between the close before and its open.</summary>
    const double OvernightShare = 0.2;

    const int DaysBetweenDividends = 65;
    static readonly int[] Ratios = [2, 3, 4, 7];

    readonly Lock _gate = new();
    readonly SyntheticOptions _options;
    readonly SyntheticGrid _grid;
    readonly SyntheticFactor _market, _sector;
    readonly GarchModel _model;
    readonly GarchPath _own;
    readonly Random _shape, _events;
    readonly SyntheticNoise _noise;
    readonly double _marketBeta, _sectorBeta, _volume;
    readonly int _dividendDay;
    readonly List<Bar> _bars = [];
    readonly List<double> _volatilities = [];
    readonly List<CorporateAction> _actions = [];
    readonly List<(DateTimeOffset, double)> _jumps = [];
    double _price;

    public SyntheticSymbol(
        string name, string sectorName, SyntheticFactor market, SyntheticFactor sector, SyntheticGrid grid,
        SyntheticOptions options)
    {
        (Name, _market, _sector, _grid, _options) = (name, market, sector, grid, options);
        var character = Stream("character");
        (_marketBeta, _sectorBeta) = (0.7 + 0.6 * character.NextDouble(), 0.7 + 0.6 * character.NextDouble());
        _price = 20 * Math.Pow(10, character.NextDouble());
        _volume = 1e5 * Math.Pow(100, character.NextDouble());
        _dividendDay = character.Next(DaysBetweenDividends);
        _model = SyntheticMarket.Process(options, options.OwnVolatility);
        _own = new(_model, Stream("own"));
        (_shape, _events, _noise) = (Stream("shape"), Stream("events"), new(Stream("noise"), options));
        ListedInstrument = new(
            name, $"Synthetic {name[3..]}", sectorName,
            new(LotSize: 1, TickSize: 0.0001m, AverageDailyVolume: Math.Round((decimal)_volume)));

        Random Stream(string process) => SyntheticMarket.Stream(options.Seed, $"{name}/{process}");
    }

    public string Name { get; }
    public ListedInstrument ListedInstrument { get; }

    public (ImmutableArray<Bar> Bars, ImmutableArray<CorporateAction> Actions) Given(
        int count, DateTimeOffset? from, DateTimeOffset? to)
    {
        lock (_gate)
        {
            Extend(count);
            var end = _grid.Start(count);
            var bars = BarRange.Of(CollectionsMarshal.AsSpan(_noise.Given), from, to < end ? to : end);
            return ([.. bars], [.. _actions.Where(action => action.ExDate < DateOnly.FromDateTime(end.Date))]);
        }
    }

    public SyntheticTruth Truth(int count)
    {
        lock (_gate)
        {
            Extend(count);
            var end = _bars[count - 1].Time;
            return new(
                Name, ListedInstrument.Sector!, _marketBeta, _sectorBeta, _market.Model, _sector.Model, _model,
                [.. _bars.Take(count)], [.. _volatilities.Take(count)],
                [.. _actions.Where(action => action.ExDate <= DateOnly.FromDateTime(end.Date))],
                [.. _jumps.Where(jump => jump.Item1 <= end)],
                [.. _noise.Missing.Where(time => time <= end)],
                [.. _noise.BadBars.Where(bad => bad.Time <= end)]);
        }
    }

    void Extend(int count)
    {
        if (count <= _bars.Count) return;
        var market = _market.Until(count).Span;
        var sector = _sector.Until(count).Span;
        for (var index = _bars.Count; index < count; index++)
        {
            var time = _grid.Start(index);
            if (index > 0 && index % _grid.BarsPerDay == 0) TakeActions(time, index / _grid.BarsPerDay);
            var own = _own.NextVariance;
            var variance = _marketBeta * _marketBeta * market[index].Variance
                + _sectorBeta * _sectorBeta * sector[index].Variance + own;
            var diffusion = _options.Drift / _grid.BarsPerYear + _marketBeta * market[index].Return
                + _sectorBeta * sector[index].Return + _own.Next();
            var bar = Draw(time, diffusion, Jump(time), Math.Sqrt(variance));
            _bars.Add(bar);
            _volatilities.Add(Math.Sqrt(variance));
            _noise.Pass(bar);
        }
    }

    /// <summary>A split or a dividend before the first bar of a day.</summary>
    void TakeActions(DateTimeOffset time, int day)
    {
        var date = DateOnly.FromDateTime(time.Date);
        var ratio = Ratios[_events.Next(Ratios.Length)];
        if (Happens(_options.SplitsPerYear * _grid.BarsPerDay))
        {
            var value = _price < 10 ? 0.1m : ratio;
            _price /= (double)value;
            _actions.Add(new(date, CorporateActionKind.Split, value));
        }

        var cash = Math.Round(_price * _options.DividendYield / 4, 2);
        if (day % DaysBetweenDividends != _dividendDay || cash <= 0) return;
        _price -= cash;
        _actions.Add(new(date, CorporateActionKind.Dividend, (decimal)cash));
    }

    double Jump(DateTimeOffset time)
    {
        var size = Normal.Sample(_events, _options.JumpMean, _options.JumpDeviation);
        if (!Happens(_options.JumpsPerYear)) return 0;
        _jumps.Add((time, size));
        return size;
    }

    /// <summary>Whether a Poisson process of that rate has an event in this step.</summary>
    bool Happens(double perYear) => _events.NextDouble() < 1 - Math.Exp(-perYear / _grid.BarsPerYear);

    /// <summary>A bar from its return: the open splits it by a Brownian bridge, high and low are the extremes of one
    /// between open and close (the law of its maximum: (x + √(x² - 2 v ln U)) / 2). Jumps fall between two sessions,
    /// or at the start of a bar.</summary>
    Bar Draw(DateTimeOffset time, double diffusion, double jump, double volatility)
    {
        var share = _options is { Interval: BarInterval.OneDay, AlwaysOpen: false } ? OvernightShare : 0;
        var overnight = share * diffusion + Math.Sqrt(share * (1 - share)) * volatility * Normal.Sample(_shape, 0, 1);
        var within = diffusion - overnight;
        var spread = -2 * (1 - share) * volatility * volatility;
        var up = (within + Math.Sqrt(within * within + spread * Math.Log(1 - _shape.NextDouble()))) / 2;
        var down = (within - Math.Sqrt(within * within + spread * Math.Log(1 - _shape.NextDouble()))) / 2;
        var open = _price * Math.Exp(jump + overnight);
        _price = Math.Clamp(open * Math.Exp(within), LeastPrice, MostPrice);
        var excitement = Math.Abs(diffusion + jump) / volatility;
        var volume = _volume / _grid.BarsPerDay * Math.Exp(
            0.3 * Normal.Sample(_shape, 0, 1) + 0.3 * Math.Min(excitement, 10) - 0.25);
        return new(
            time, Price(open), Price(open * Math.Exp(up)), Price(open * Math.Exp(down)), Price(_price),
            Math.Round((decimal)volume));
    }

    static decimal Price(double price) => Math.Round((decimal)Math.Clamp(price, LeastPrice, MostPrice), 4);
}
