namespace Trading.Backtests;

/// <summary>Makes the market of a scenario from what happened.</summary>
static class ScenarioPaths
{
    /// <summary>Days over which volatility tells calm from turbulent.</summary>
    const int RegimeWindow = 20;

    /// <summary>Where prices end however wild a path is; and where they begin to be none.</summary>
    const long Highest = long.MaxValue / 1_000, Lowest = 100;

    /// <summary>What the scenario makes of the history: prices and volumes. The spread is a matter of costs.</summary>
    /// <exception cref="BacktestDataException">Symbols have no days in common, or none of the crisis.</exception>
    public static MarketHistory Apply(MarketScenario scenario, MarketHistory history, long seed)
    {
        if (scenario.Crisis is { } crisis)
        {
            var window = CrisisWindow.All.Single(one => one.Name == crisis);
            history = history.Slice(window.From, window.To)
                ?? throw new BacktestDataException(
                    [new("scenario.crisis", "no_data", $"There are no bars of {crisis}.")]);
        }

        if (scenario is { Kind: ScenarioKind.Historical, Volatility: 1, Liquidity: 1 }) return history;
        var common = Common(history);
        var random = new Random(unchecked((int)seed));
        var drawn = scenario.Kind switch
        {
            ScenarioKind.BlockBootstrap => Blocks(common.Length, scenario.Block, random),
            ScenarioKind.RegimeSwitching => Regimes(history, common, random),
            _ => [.. Enumerable.Range(1, common.Length - 1)],
        };
        return history.With(history.Series.Select(series => Path(series, common, drawn, scenario)));
    }

    /// <summary>Starts of bars that every symbol has.</summary>
    static long[] Common(MarketHistory history)
    {
        var common = history.Series[0].Start.ToHashSet();
        foreach (var series in history.Series.Skip(1)) common.IntersectWith(series.Start);
        return common.Count > RegimeWindow
            ? [.. common.Order()]
            : throw new BacktestDataException(
                [new("scenario", "common",
                $"The symbols have {common.Count} bars in common; more than {RegimeWindow} are needed.")]);
    }

    /// <summary>For each new bar the old one whose change it takes: runs whose lengths are drawn with a mean.</summary>
    static int[] Blocks(int count, int mean, Random random)
    {
        var drawn = new int[count - 1];
        var at = 0;
        for (var i = 0; i < drawn.Length; i++)
        {
            at = i == 0 || random.Next(mean) == 0 || at + 1 == count ? random.Next(1, count) : at + 1;
            drawn[i] = at;
        }

        return drawn;
    }

    /// <summary>Calm and turbulent days are told apart by the median of the volatility before them; the chain changes
    /// as often as history did.</summary>
    static int[] Regimes(MarketHistory history, long[] common, Random random)
    {
        var turbulent = Turbulent(history, common);
        int[][] days = [[.. Days(false)], [.. Days(true)]];
        var (changes, stays) = (new double[2], new double[2]);
        for (var i = 2; i < turbulent.Length; i++)
            (turbulent[i] == turbulent[i - 1] ? stays : changes)[turbulent[i - 1] ? 1 : 0]++;
        var drawn = new int[common.Length - 1];
        var regime = random.Next(2);
        for (var i = 0; i < drawn.Length; i++)
        {
            if (random.NextDouble() * (changes[regime] + stays[regime]) < changes[regime]) regime = 1 - regime;
            var pool = days[regime].Length > 0 ? days[regime] : days[1 - regime];
            drawn[i] = pool[random.Next(pool.Length)];
        }

        return drawn;

        IEnumerable<int> Days(bool isTurbulent) => Enumerable.Range(1, turbulent.Length - 1)
            .Where(i => turbulent[i] == isTurbulent);
    }

    static bool[] Turbulent(MarketHistory history, long[] common)
    {
        var moves = new double[common.Length];
        foreach (var series in history.Series)
            for (var i = 1; i < common.Length; i++)
                moves[i] += series.Index[Bar(series, common[i])] / series.Index[Bar(series, common[i - 1])] - 1;
        var volatility = new double[moves.Length];
        for (var i = 0; i < moves.Length; i++)
        {
            var from = Math.Max(1, i - RegimeWindow + 1);
            for (var j = from; j <= i; j++) volatility[i] += moves[j] * moves[j] / (i - from + 1);
        }

        var median = volatility.Order().ElementAt(volatility.Length / 2);
        return [.. volatility.Select(value => value > median)];
    }

    static SymbolBars Path(SymbolBars series, long[] common, int[] drawn, MarketScenario scenario)
    {
        var columns = BarColumns.OfLength(common.Length);
        common.CopyTo(columns.Start, 0);
        var first = Bar(series, common[0]);
        Set(columns, 0, series.Open[first], series.High[first], series.Low[first], series.Close[first],
            Volume(series.Volume[first]));
        var changes = new double[common.Length];
        for (var i = 1; i < changes.Length; i++)
            changes[i] = series.Index[Bar(series, common[i])] / series.Index[Bar(series, common[i - 1])] - 1;
        var mean = changes.Skip(1).Average();
        for (var i = 0; i < drawn.Length; i++)
        {
            var bar = Bar(series, common[drawn[i]]);
            var change = Math.Max(-0.99, mean + scenario.Volatility * (changes[drawn[i]] - mean));
            var close = Within(columns.Close[i] * (1 + change));
            // The shape of the bar stays, its width in proportion to the change of volatility.
            long Near(long price) =>
                Within(close * Math.Max(0.01, 1 + scenario.Volatility * ((double)price / series.Close[bar] - 1)));
            var (open, high, low) = (Near(series.Open[bar]), Near(series.High[bar]), Near(series.Low[bar]));
            Set(columns, i + 1, open, Math.Max(high, Math.Max(open, close)), Math.Min(low, Math.Min(open, close)),
                close, Volume(series.Volume[bar]));
        }

        return new(series.Symbol, series.Interval, series.Terms with { Actions = [], Delisting = null }, columns, null);

        long Volume(long units) => units == SymbolBars.UnknownVolume ? units : (long)(units / scenario.Liquidity);
    }

    static void Set(BarColumns columns, int at, long open, long high, long low, long close, long volume) =>
        (columns.Open[at], columns.High[at], columns.Low[at], columns.Close[at], columns.Volume[at]) = (open, high,
            low, close, volume);

    static long Within(double price) => (long)Math.Round(Math.Clamp(price, Lowest, Highest));

    static int Bar(SymbolBars series, long start) => Array.BinarySearch(series.Start, start);
}
