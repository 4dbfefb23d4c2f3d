using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Rows of an answer that could not be read. One bad row costs itself and no other; where most rows are bad,
/// the answer is of another shape than was asked for.</summary>
sealed class DroppedRows
{
    /// <summary>So many are named; all are counted.</summary>
    public const int MaxNamed = 100;

    readonly ImmutableArray<string>.Builder _named = ImmutableArray.CreateBuilder<string>();
    SourceException? _first;

    public int Count { get; private set; }

    /// <summary>Reads a row; null where it is dropped.</summary>
    public T? Read<T>(JsonField row, Func<JsonField, T> read) where T : struct
    {
        try
        {
            return read(row);
        }
        catch (SourceException bad) when (bad.Failure == SourceFailure.Nonsense)
        {
            Count++;
            _first ??= bad;
            if (_named.Count < MaxNamed) _named.Add(bad.Message);
            return null;
        }
    }

    /// <summary>Those of another page of the same answer.</summary>
    public void Add(DroppedRows others)
    {
        Count += others.Count;
        _named.AddRange(others._named.Take(MaxNamed - _named.Count));
    }

    /// <exception cref="SourceException">More rows were dropped than read.</exception>
    public void ThrowIfMost(int read)
    {
        if (Count > read) throw _first!;
    }

    /// <summary>Says in an answer what it lacks.</summary>
    public BarAnswer In(BarAnswer answer) => answer with { Dropped = _named.ToImmutable(), DroppedCount = Count };
}
