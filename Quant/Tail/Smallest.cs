using System.Buffers;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trading.Quant;

/// <summary>
/// Selects the k smallest of n values, in ascending order, without sorting the rest and almost without branches that depend on data.
/// </summary>
/// <remarks>
/// A tournament: the values are put into groups of four and the groups' minima are selected from in the same way. Let T be the k-th
/// smallest minimum. Then at least k values are &lt;= T, and fewer than k groups hold a value &lt; T, so at most 4(k-1) values are:
/// those are collected by vector comparison and sorted, and what is missing to k are copies of T. Ties need no special case, and
/// the result is the same as a full sort's, value by value.
/// </remarks>
static class Smallest
{
    const int Lanes = 4;
    const int Group = 4;

    /// <summary>Values are read in whole blocks of this many.</summary>
    const int Block = Lanes * Group;

    /// <summary>The most doubles taken from the stack at once (16 kB); more come from the array pool.</summary>
    public const int StackLimit = 2048;

    /// <summary>From here on a comparison sort beats counting ranks.</summary>
    const int RankSortLimit = 96;

    /// <summary>Values below a threshold up to which they are sorted as they are: a few blocks.</summary>
    const int MostBelow = 4 * Block;

    /// <summary>The length of a buffer that holds <paramref name="count"/> values and the padding.</summary>
    public static int PaddedLength(int count) => (count + Block - 1) / Block * Block;

    /// <summary>Fills <paramref name="smallest"/> with that many of the smallest values, ascending.</summary>
    /// <param name="values">A buffer of <see cref="PaddedLength"/>: finite values, then positive infinity to its end.</param>
    /// <param name="count">How many of them are values; at least the length of <paramref name="smallest"/>.</param>
    public static void Select(ReadOnlySpan<double> values, int count, Span<double> smallest)
    {
        if (count <= Block || count < Group * smallest.Length)
        {
            Sort(values, count, smallest);
            return;
        }

        var groups = values.Length / Group;
        var needed = PaddedLength(groups) + PaddedLength(Group * smallest.Length);
        double[]? rented = null;
        var scratch = needed <= StackLimit ? stackalloc double[needed] : rented = ArrayPool<double>.Shared.Rent(needed);
        var minima = scratch[..PaddedLength(groups)];
        Minima(values, minima);
        Select(minima, groups, smallest);

        var survivors = scratch[minima.Length..needed];
        var threshold = smallest[^1];
        var below = CollectBelow(values, threshold, survivors);
        survivors[below..PaddedLength(below)].Fill(double.PositiveInfinity);
        var found = Math.Min(below, smallest.Length);
        Sort(survivors[..PaddedLength(below)], below, smallest[..found]);
        smallest[found..].Fill(threshold);
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
    }

    /// <summary>Fills <paramref name="smallest"/> where the values strictly below a threshold are enough for it, and few: then it is the
    /// smallest of those. False where they are not; NaN has none below it.</summary>
    /// <param name="values">As in <see cref="Select"/>.</param>
    public static bool TrySelectBelow(ReadOnlySpan<double> values, double threshold, Span<double> smallest)
    {
        var below = CountBelow(values, threshold);
        if (below < smallest.Length || below > MostBelow) return false;
        Span<double> found = stackalloc double[MostBelow];
        CollectBelow(values, threshold, found);
        found[below..].Fill(double.PositiveInfinity);
        SortByRank(found[..PaddedLength(below)], below, smallest);
        return true;
    }

    static int CountBelow(ReadOnlySpan<double> values, double threshold)
    {
        var limit = Vector256.Create(threshold);
        var below = Vector256<long>.Zero;
        foreach (var vector in MemoryMarshal.Cast<double, Vector256<double>>(values))
            below -= Vector256.LessThan(vector, limit).AsInt64();
        return (int)Vector256.Sum(below);
    }

    static void Minima(ReadOnlySpan<double> values, Span<double> minima)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values);
        var results = MemoryMarshal.Cast<double, Vector256<double>>(minima);
        results[(vectors.Length / Group)..].Fill(Vector256.Create(double.PositiveInfinity));
        for (int to = 0, from = 0; from < vectors.Length; to++, from += Group)
            results[to] = Vector256.MinNative(
                Vector256.MinNative(vectors[from], vectors[from + 1]), Vector256.MinNative(vectors[from + 2], vectors[from + 3]));
    }

    /// <summary>Copies the values strictly below the threshold, in their order, and returns how many they are.</summary>
    static int CollectBelow(ReadOnlySpan<double> values, double threshold, Span<double> survivors)
    {
        var limit = Vector256.Create(threshold);
        var count = 0;
        for (var start = 0; start < values.Length; start += 64)
        {
            var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values[start..Math.Min(start + 64, values.Length)]);
            var mask = 0UL;
            for (var i = 0; i < vectors.Length; i++)
                mask |= (ulong)Vector256.LessThan(vectors[i], limit).ExtractMostSignificantBits() << (i * Lanes);
            for (; mask != 0; mask &= mask - 1)
                survivors[count++] = values[start + BitOperations.TrailingZeroCount(mask)];
        }

        return count;
    }

    static void Sort(ReadOnlySpan<double> values, int count, Span<double> smallest)
    {
        if (count <= RankSortLimit)
        {
            SortByRank(values, count, smallest);
            return;
        }

        var sorted = ArrayPool<double>.Shared.Rent(count);
        values[..count].CopyTo(sorted);
        sorted.AsSpan(0, count).Sort();
        sorted.AsSpan(0, smallest.Length).CopyTo(smallest);
        ArrayPool<double>.Shared.Return(sorted);
    }

    /// <summary>Puts every value at the place that the number of smaller values gives it. Equal values share the first of their
    /// places; the later ones, still minus infinity, take the value before them.</summary>
    static void SortByRank(ReadOnlySpan<double> values, int count, Span<double> smallest)
    {
        var vectors = MemoryMarshal.Cast<double, Vector256<double>>(values);
        Span<double> places = stackalloc double[RankSortLimit];
        places.Fill(double.NegativeInfinity);
        for (var i = 0; i < count; i++)
        {
            var value = Vector256.Create(values[i]);
            var smaller = Vector256<long>.Zero;
            foreach (var vector in vectors)
                smaller -= Vector256.LessThan(vector, value).AsInt64();
            places[(int)Vector256.Sum(smaller)] = values[i];
        }

        var last = double.NegativeInfinity;
        for (var i = 0; i < smallest.Length; i++)
            smallest[i] = last = Math.Max(last, places[i]);
    }
}
