using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Trading.Quant;

namespace Trading.MarketData;

/// <summary>A market that never was. The log return of symbol i, of sector k, in one bar is
/// <c>drift + b(i) m + c(i) s(k) + e(i) + jump(i)</c>: the market m, the sector s and the symbol's own e are
/// independent GARCH(1,1) processes with Student t innovations, b and c are drawn between 0.7 and 1.3, jumps are
/// Poisson with normal sizes.</summary>
/// <remarks>Every process has a stream of chance of its own, seeded by the market's seed and the name of the process,
/// and is drawn from its beginning on: prices depend neither on the order of the questions nor on the number of
/// symbols, and bad ticks do not change the prices behind them. Splits come at random times and keep the price within
/// reach; dividends come four times a year.</remarks>
sealed class SyntheticMarket : IInstrumentDirectory
{
    readonly FrozenDictionary<string, SyntheticSymbol> _symbols;
    readonly InstrumentDirectory _directory;

    public SyntheticMarket(SyntheticOptions options)
    {
        Grid = new(options.Start, options.Interval, options.AlwaysOpen);
        var market = Factor(options, "market", options.MarketVolatility);
        var sectors = options.SectorNames.Select(
            name => (Name: name, Factor: Factor(options, "sector/" + name, options.SectorVolatility))).ToArray();
        var symbols = Enumerable.Range(0, options.Symbols)
            .Select(index => (
                Name: string.Create(CultureInfo.InvariantCulture, $"SYN{index + 1}"),
                Sector: sectors[index % sectors.Length]))
            .Select(symbol => new SyntheticSymbol(
                symbol.Name, symbol.Sector.Name, market, symbol.Sector.Factor, Grid, options))
            .ToArray();
        _symbols = symbols.ToFrozenDictionary(symbol => symbol.Name, StringComparer.Ordinal);
        _directory = new(symbols.Select(symbol => symbol.ListedInstrument));
    }

    internal SyntheticGrid Grid { get; }

    public ImmutableArray<ListedInstrument> Listings => _directory.Listings;

    public ListedInstrument? Find(string symbol) => _directory.Find(symbol);

    /// <summary>What happened to a symbol in its first bars, and what of it is not what a source gives; null for no
    /// such symbol.</summary>
    /// <param name="bars">From 1 to <see cref="SyntheticOptions.MaxBars"/>.</param>
    public SyntheticTruth? Truth(string symbol, int bars)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bars, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bars, SyntheticOptions.MaxBars);
        return _symbols.GetValueOrDefault(symbol)?.Truth(bars);
    }

    /// <summary>What a source gives of the bars that have ended; null for no such symbol.</summary>
    internal (ImmutableArray<Bar> Bars, ImmutableArray<CorporateAction> Actions)? Given(
        string symbol, int ended, DateTimeOffset? from, DateTimeOffset? to) =>
        _symbols.GetValueOrDefault(symbol)?.Given(ended, from, to);

    static SyntheticFactor Factor(SyntheticOptions options, string name, double volatility) =>
        new(Process(options, volatility), Stream(options.Seed, name));

    /// <summary>The process of one bar whose long-run variance is that of a year's volatility.</summary>
    internal static GarchModel Process(SyntheticOptions options, double volatility)
    {
        var perYear = new SyntheticGrid(options.Start, options.Interval, options.AlwaysOpen).BarsPerYear;
        var omega = volatility * volatility / perYear * (1 - options.Alpha - options.Beta);
        return new(0, omega, options.Alpha, options.Beta, options.DegreesOfFreedom, 0, true, 0);
    }

    /// <summary>The chance of one process: FNV-1a of its name, mixed with the seed of the market.</summary>
    internal static Random Stream(int seed, string name)
    {
        var hash = 2_166_136_261u;
        foreach (var letter in Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}/{name}")))
            hash = (hash ^ letter) * 16_777_619;
        return new((int)hash);
    }
}
