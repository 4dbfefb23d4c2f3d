using Trading.Quant;

namespace Trading.MarketData;

/// <summary>The path of a factor, which every symbol that loads on it sees alike; it grows as far as it is asked
/// for.</summary>
sealed class SyntheticFactor(GarchModel model, Random random)
{
    readonly Lock _gate = new();
    readonly GarchPath _path = new(model, random);
    (double Return, double Variance)[] _steps = new (double, double)[4_096];
    int _count;

    public GarchModel Model => model;

    /// <summary>At least that many steps; the ones behind them may still change.</summary>
    public ReadOnlyMemory<(double Return, double Variance)> Until(int count)
    {
        lock (_gate)
        {
            if (count > _steps.Length) Array.Resize(ref _steps, Math.Max(count, 2 * _steps.Length));
            for (; _count < count; _count++)
            {
                var variance = _path.NextVariance;
                _steps[_count] = (_path.Next(), variance);
            }

            return _steps.AsMemory(0, count);
        }
    }
}
