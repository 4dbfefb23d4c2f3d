using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>The features of several symbols, carried on from session to session. The market is a series that is given,
/// or the mean return of the symbols themselves where there are <see cref="CrossSection.LeastSymbols"/> of
/// them.</summary>
public sealed class PanelFeatures
{
    readonly SymbolFeatures[] _symbols;
    readonly ExternalFeatures[] _external;
    readonly CrossSection? _crossSection;
    readonly double[] _closes;
    readonly bool[] _present;
    readonly bool _ownMarket;
    readonly int _externalAt;
    double _marketLevel, _marketClose = double.NaN;

    public PanelFeatures(
        IReadOnlyList<string> symbols, bool ranges, bool volumes, bool market, ImmutableArray<ExternalSeries> external)
    {
        var peers = symbols.Count >= CrossSection.LeastSymbols;
        var available = (ranges ? FeatureNeeds.Range : 0) | (volumes ? FeatureNeeds.Volume : 0)
            | (market || peers ? FeatureNeeds.Market : 0) | (peers ? FeatureNeeds.Peers : 0);
        Columns = FeatureCatalog.Columns(available, external);
        _symbols = [.. symbols.Select(_ => new SymbolFeatures(available))];
        _external = [.. symbols.Select(symbol => new ExternalFeatures(external, symbol))];
        (_closes, _present, _ownMarket) = (new double[symbols.Count], new bool[symbols.Count], !market);
        Array.Fill(_closes, double.NaN);
        var own = _symbols[0].Width;
        _externalAt = own + (peers ? CrossSection.Columns.Length : 0);
        if (peers) _crossSection = new([.. Columns.Take(own)], Columns.Length, symbols.Count);
    }

    /// <summary>The columns of a row, in order.</summary>
    public ImmutableArray<Feature> Columns { get; }

    /// <summary>What is known of every symbol at the close of one more session.</summary>
    /// <param name="bars">One for each symbol; null where it has none.</param>
    /// <param name="marketClose">The close of the given market; ignored without one.</param>
    /// <param name="rows">A row for each symbol; NaN where a feature is not known, and for a symbol without a
    /// bar.</param>
    /// <returns>False where the given market has no close: then the session counts for nothing.</returns>
    public bool Advance(DateOnly session, ReadOnlySpan<FeatureBar?> bars, double? marketClose, Span<double> rows)
    {
        rows.Fill(double.NaN);
        if (!AdvanceMarket(bars, marketClose)) return false;
        var width = Columns.Length;
        for (var i = 0; i < _symbols.Length; i++)
        {
            _present[i] = bars[i] is not null;
            if (bars[i] is not { } bar) continue;
            var row = rows.Slice(i * width, width);
            _symbols[i].Update(bar, _marketLevel, row);
            _external[i].Update(session, row[_externalAt..]);
            _closes[i] = bar.Close;
        }

        _crossSection?.Fill(rows, _present);
        return true;
    }

    bool AdvanceMarket(ReadOnlySpan<FeatureBar?> bars, double? marketClose)
    {
        if (!_ownMarket)
        {
            if (marketClose is not > 0) return false;
            if (_marketClose > 0) _marketLevel += Math.Log(marketClose.Value / _marketClose);
            _marketClose = marketClose.Value;
            return true;
        }

        var (sum, count) = (0.0, 0);
        for (var i = 0; i < bars.Length; i++)
            if (bars[i] is { } bar && _closes[i] > 0)
                (sum, count) = (sum + Math.Log(bar.Close / _closes[i]), count + 1);
        if (count > 0) _marketLevel += sum / count;
        return true;
    }
}
