using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>The place of each symbol among all that have a value at the same session, and what they all do.</summary>
sealed class CrossSection
{
    /// <summary>Fewer symbols have no ranks worth the name.</summary>
    public const int LeastSymbols = 5;

    static readonly string[] Ranked =
    [
        "return_1", "return_5", "return_21", "return_63", "return_252", "volatility_21", "distance_high_252", "rsi_14",
    ];

    readonly int _return1, _average50, _width, _own;
    readonly int[] _sources;
    readonly double[] _values;
    readonly int[] _order;

    /// <param name="own">The columns of a symbol, from which ranks are made.</param>
    /// <param name="width">Places of a whole row.</param>
    public CrossSection(ImmutableArray<Feature> own, int width, int symbols)
    {
        var names = own.Select(feature => feature.Name).ToList();
        _sources = [.. Ranked.Select(name => names.IndexOf(name))];
        (_return1, _average50) = (names.IndexOf("return_1"), names.IndexOf("distance_average_50"));
        (_own, _width, _values, _order) = (own.Length, width, new double[symbols], new int[symbols]);
    }

    public static ImmutableArray<Feature> Columns { get; } =
    [
        .. Ranked.Select(name => new Feature($"rank_{name}", "cross_section",
            FeatureCatalog.Blocks(FeatureNeeds.None).SelectMany(block => block.Columns)
                .First(feature => feature.Name == name).LookBack,
            "rank among the symbols of the session, 0 to 1", FeatureNeeds.Peers)),
        new("dispersion", "cross_section", 2, "deviation of the session's returns over symbols", FeatureNeeds.Peers),
        new("breadth_50", "cross_section", 50, "share of symbols above their mean of 50", FeatureNeeds.Peers),
    ];

    /// <summary>Fills the columns behind the symbols' own.</summary>
    /// <param name="rows">One row for each symbol.</param>
    /// <param name="present">Whether the symbol has the session.</param>
    public void Fill(Span<double> rows, ReadOnlySpan<bool> present)
    {
        for (var column = 0; column < _sources.Length; column++)
            Rank(rows, present, _sources[column], _own + column);
        var (dispersion, breadth) = (Dispersion(rows, present), Breadth(rows, present));
        for (var symbol = 0; symbol < present.Length; symbol++)
            if (present[symbol])
                (rows[symbol * _width + _own + _sources.Length], rows[symbol * _width + _own + _sources.Length + 1]) =
                    (dispersion, breadth);
    }

    /// <summary>Ties share their mean rank.</summary>
    void Rank(Span<double> rows, ReadOnlySpan<bool> present, int from, int to)
    {
        var count = Gather(rows, present, from);
        Array.Sort(_values, _order, 0, count);
        for (int first = 0, end; first < count; first = end)
        {
            for (end = first + 1; end < count && _values[end] == _values[first]; end++)
            {
            }

            var rank = count >= LeastSymbols ? (first + end - 1) / 2.0 / (count - 1) : double.NaN;
            for (var i = first; i < end; i++)
                rows[_order[i] * _width + to] = rank;
        }

        for (var symbol = 0; symbol < present.Length; symbol++)
            if (present[symbol] && double.IsNaN(rows[symbol * _width + from]))
                rows[symbol * _width + to] = double.NaN;
    }

    double Dispersion(ReadOnlySpan<double> rows, ReadOnlySpan<bool> present)
    {
        var count = Gather(rows, present, _return1);
        if (count < LeastSymbols) return double.NaN;
        double sum = 0, squares = 0;
        foreach (var value in _values.AsSpan(0, count))
            (sum, squares) = (sum + value, squares + value * value);
        return Math.Sqrt(Math.Max(0, squares / count - sum / count * (sum / count)));
    }

    double Breadth(ReadOnlySpan<double> rows, ReadOnlySpan<bool> present)
    {
        var count = Gather(rows, present, _average50);
        var above = 0;
        foreach (var value in _values.AsSpan(0, count))
            above += value > 0 ? 1 : 0;
        return count >= LeastSymbols ? above / (double)count : double.NaN;
    }

    int Gather(ReadOnlySpan<double> rows, ReadOnlySpan<bool> present, int column)
    {
        var count = 0;
        for (var symbol = 0; symbol < present.Length; symbol++)
            if (present[symbol] && !double.IsNaN(rows[symbol * _width + column]))
                (_values[count], _order[count++]) = (rows[symbol * _width + column], symbol);
        return count;
    }
}
