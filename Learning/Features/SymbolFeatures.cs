namespace Trading.Learning;

/// <summary>The features of one symbol, carried on from session to session. Recalculation from the first session is
/// the same steps in the same order, so both agree to the last bit.</summary>
public sealed class SymbolFeatures
{
    readonly SessionState _state = new();
    readonly FeatureBlock[] _blocks;
    readonly int[] _widths;

    public SymbolFeatures(FeatureNeeds available)
    {
        _blocks = FeatureCatalog.Blocks(available);
        _widths = [.. _blocks.Select(block => block.Columns.Length)];
        Width = _widths.Sum();
    }

    /// <summary>Columns that are written.</summary>
    public int Width { get; }

    /// <summary>The session that was told last.</summary>
    public DateOnly? Last => _state.Count > 0 ? _state.Bar.Session : null;

    /// <summary>What is known at the close of one more session.</summary>
    /// <param name="marketLevel">The sum of the market's logarithmic returns so far; any constant without a
    /// market.</param>
    /// <param name="row">At least <see cref="Width"/> places; NaN where a feature is not known yet or not
    /// defined.</param>
    /// <exception cref="ArgumentException">The session is not after the last one, a price is not positive, or the
    /// prices contradict each other.</exception>
    public void Update(in FeatureBar bar, double marketLevel, Span<double> row)
    {
        Require(bar);
        _state.Advance(bar, marketLevel);
        var at = 0;
        for (var i = 0; i < _blocks.Length; at += _widths[i++])
            _blocks[i].Update(_state, row.Slice(at, _widths[i]));
    }

    void Require(in FeatureBar bar)
    {
        if (Last >= bar.Session)
            throw new ArgumentException($"The session {bar.Session:O} is not after {Last:O}.", nameof(bar));
        if (!(bar.Low > 0 && bar.Low <= Math.Min(bar.Open, bar.Close) && Math.Max(bar.Open, bar.Close) <= bar.High
            && double.IsFinite(bar.High)))
            throw new ArgumentException($"The prices of {bar.Session:O} are not positive and ordered: {bar}.", nameof(bar));
        if (bar.Volume < 0 || double.IsInfinity(bar.Volume))
            throw new ArgumentException($"The volume of {bar.Session:O} is {bar.Volume}.", nameof(bar));
    }
}
