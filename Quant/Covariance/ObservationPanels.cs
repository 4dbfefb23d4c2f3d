using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trading.Quant;

/// <summary>
/// Observations of many variables in the order in which their cross products read them: panels of eight variables, in each panel the
/// eight values of one observation after the other, the last panel filled up with variables that are zero.
/// </summary>
/// <remarks>A tile of four by eight products stays in registers while it runs down two panels; one panel of a few hundred observations
/// stays in the first-level cache while the others pass. Each product sums its terms in the order of the observations and is fused
/// on every machine, so a result does not depend on the machine, nor on where a variable stands.</remarks>
sealed class ObservationPanels : IDisposable
{
    const int Width = 8;
    const int TileRows = 4;
    static readonly int Lanes = Vector256<double>.Count;

    readonly double[] _rented;
    readonly int _variables, _observations;

    ObservationPanels(int variables, int observations)
    {
        (_variables, _observations) = (variables, observations);
        _rented = ArrayPool<double>.Shared.Rent(checked(PanelCount * PanelLength));
    }

    int PanelCount => (_variables + Width - 1) / Width;

    int PanelLength => _observations * Width;

    Span<double> Panel(int panel) => _rented.AsSpan(panel * PanelLength, PanelLength);

    /// <summary>The observations as they are.</summary>
    public static ObservationPanels Of(ReadOnlySpan<double[]> series)
    {
        var panels = new ObservationPanels(series.Length, series[0].Length);
        for (var panel = 0; panel < panels.PanelCount; panel++)
            panels.Fill(panel, series, fromFirst: false);
        return panels;
    }

    /// <summary>The deviations of every variable from its mean; exactly zero for a variable that never changes.</summary>
    public static ObservationPanels Deviations(ReadOnlySpan<double[]> series)
    {
        var panels = new ObservationPanels(series.Length, series[0].Length);
        for (var panel = 0; panel < panels.PanelCount; panel++)
        {
            panels.Fill(panel, series, fromFirst: true);
            Centre(panels.Panel(panel), panels._observations);
        }

        return panels;
    }

    /// <summary>Multiplies every value of an observation by the observation's factor.</summary>
    public void Scale(ReadOnlySpan<double> factors)
    {
        for (var panel = 0; panel < PanelCount; panel++)
        {
            var values = Panel(panel);
            for (var i = 0; i < values.Length; i++)
                values[i] *= factors[i / Width];
        }
    }

    /// <summary>For every pair of variables the sum over the observations of their products, times <paramref name="scale"/>; row by row.</summary>
    public double[] CrossProducts(double scale)
    {
        var products = GC.AllocateUninitializedArray<double>(checked(_variables * _variables));
        Span<double> tile = stackalloc double[Width * Width];
        for (var left = 0; left < PanelCount; left++)
            for (var right = left; right < PanelCount; right++)
            {
                for (var row = 0; row < Width; row += TileRows)
                    Multiply(Panel(left), row, Panel(right), scale, tile[(row * Width)..]);
                Store(tile, left * Width, right * Width, products);
            }

        return products;
    }

    /// <summary>The sum over the observations of the fourth power of their length.</summary>
    public double SumOfFourthPowers()
    {
        var squares = new double[_observations];
        for (var panel = 0; panel < PanelCount; panel++)
        {
            var values = MemoryMarshal.Cast<double, Vector256<double>>(Panel(panel));
            for (var i = 0; i < squares.Length; i++)
                squares[i] += Vector256.Sum(values[2 * i] * values[2 * i] + values[2 * i + 1] * values[2 * i + 1]);
        }

        return Sum.Of(squares, squares);
    }

    public void Dispose() => ArrayPool<double>.Shared.Return(_rented);

    void Fill(int panel, ReadOnlySpan<double[]> series, bool fromFirst)
    {
        var values = Panel(panel);
        values.Clear();
        for (var column = 0; column < Width && panel * Width + column < series.Length; column++)
        {
            var source = series[panel * Width + column];
            var first = fromFirst ? source[0] : 0;
            for (int i = 0, to = column; i < source.Length; i++, to += Width)
                values[to] = source[i] - first;
        }
    }

    static void Centre(Span<double> panel, int observations)
    {
        var values = MemoryMarshal.Cast<double, Vector256<double>>(panel);
        Vector256<double> left = default, right = default;
        for (var i = 0; i < values.Length; i += 2)
        {
            left += values[i];
            right += values[i + 1];
        }

        left /= observations;
        right /= observations;
        for (var i = 0; i < values.Length; i += 2)
        {
            values[i] -= left;
            values[i + 1] -= right;
        }
    }

    /// <summary>Four rows of a tile: variables row to row + 3 of the left panel with the eight of the right one.</summary>
    static void Multiply(ReadOnlySpan<double> left, int row, ReadOnlySpan<double> right, double scale, Span<double> tile)
    {
        Vector256<double> a0 = default, a1 = default, b0 = default, b1 = default, c0 = default, c1 = default, d0 = default, d1 = default;
        for (var i = 0; i <= right.Length - Width && i <= left.Length - Width; i += Width)
        {
            var (low, high) = (Vector256.Create(right.Slice(i, Width)), Vector256.Create(right.Slice(i + Lanes, Lanes)));
            var rows = left.Slice(i + row, TileRows);
            var factor = Vector256.Create(rows[0]);
            a0 = Vector256.FusedMultiplyAdd(factor, low, a0);
            a1 = Vector256.FusedMultiplyAdd(factor, high, a1);
            factor = Vector256.Create(rows[1]);
            b0 = Vector256.FusedMultiplyAdd(factor, low, b0);
            b1 = Vector256.FusedMultiplyAdd(factor, high, b1);
            factor = Vector256.Create(rows[2]);
            c0 = Vector256.FusedMultiplyAdd(factor, low, c0);
            c1 = Vector256.FusedMultiplyAdd(factor, high, c1);
            factor = Vector256.Create(rows[3]);
            d0 = Vector256.FusedMultiplyAdd(factor, low, d0);
            d1 = Vector256.FusedMultiplyAdd(factor, high, d1);
        }

        ReadOnlySpan<Vector256<double>> sums = [a0, a1, b0, b1, c0, c1, d0, d1];
        for (var i = 0; i < sums.Length; i++)
            (sums[i] * scale).CopyTo(tile[(i * Lanes)..]);
    }

    /// <summary>Puts a tile and its mirror image into the matrix, without what stands for no variable.</summary>
    void Store(ReadOnlySpan<double> tile, int top, int start, double[] products)
    {
        var rows = Math.Min(Width, _variables - top);
        var columns = Math.Min(Width, _variables - start);
        for (var row = 0; row < rows; row++)
            tile.Slice(row * Width, columns).CopyTo(products.AsSpan((top + row) * _variables + start));
        for (var column = 0; column < columns; column++)
            for (var row = 0; row < rows; row++)
                products[(start + column) * _variables + top + row] = tile[row * Width + column];
    }
}
