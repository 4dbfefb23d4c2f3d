using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Trading.Quant;

/// <summary>Loss quantile and mean loss beyond it, in the units of the scenarios; losses are positive.</summary>
/// <param name="ValueAtRisk">By the order statistic, see <see cref="QuantileMethod.OrderStatistic"/>.</param>
/// <param name="ExpectedShortfall">By Rockafellar and Uryasev, see <see cref="TailRisk.ExpectedShortfall"/>.</param>
public readonly record struct TailEstimate(double ValueAtRisk, double ExpectedShortfall)
{
    /// <summary>Value at risk at a second confidence; the first where no second was asked for.</summary>
    public double SecondValueAtRisk { get; init; } = ValueAtRisk;

    /// <summary>Of each measure the larger one.</summary>
    public TailEstimate Or(in TailEstimate other) => new(
        Math.Max(ValueAtRisk, other.ValueAtRisk), Math.Max(ExpectedShortfall, other.ExpectedShortfall))
    {
        SecondValueAtRisk = Math.Max(SecondValueAtRisk, other.SecondValueAtRisk),
    };
}

/// <summary>
/// Tail risk of a vector of profits and losses, one for each scenario (profit positive, all in one unit), and of what it would be
/// after adding a quantity of something. No allocation up to about 2,000 scenarios, pooled memory beyond.
/// </summary>
/// <remarks>Products and sums are rounded one by one, never fused, on every path: <see cref="WhatIf"/> equals
/// <see cref="AddScaled"/> followed by <see cref="Measure"/> bit for bit, and both equal the definition on a sorted copy.</remarks>
public static class ScenarioRisk
{
    /// <summary>How far from a value at risk that it is near to the tail is looked for, as a fraction of that.</summary>
    const double Margin = 0.02;

    /// <summary>Value at risk and expected shortfall of the scenarios.</summary>
    /// <exception cref="ArgumentException">Fewer than <see cref="TailRisk.MinimumSampleCount"/> scenarios, a value that is not
    /// finite, or a confidence that is not strictly between 0 and 1.</exception>
    /// <param name="secondConfidence">Of <see cref="TailEstimate.SecondValueAtRisk"/>; null for none.</param>
    /// <param name="near">A value at risk that this one is near to, as of the same book an order before, which makes it several times as
    /// fast; NaN for none. Whatever it says, the result is the same.</param>
    public static TailEstimate Measure(
        ReadOnlySpan<double> pnl, double varConfidence, double esConfidence, double? secondConfidence = null, double near = double.NaN) =>
        Estimate(pnl, default, 0, varConfidence, esConfidence, secondConfidence ?? varConfidence, near);

    /// <summary>Value at risk and expected shortfall of pnl + quantity · unitPnl, which is never stored.</summary>
    /// <param name="unitPnl">Profit and loss of one unit in the same scenarios.</param>
    /// <param name="quantity">Units added; negative to take away.</param>
    /// <param name="secondConfidence">As in <see cref="Measure"/>; likewise <paramref name="near"/>.</param>
    /// <exception cref="ArgumentException">As <see cref="Measure"/>; also where the vectors differ in length or a sum overflows.</exception>
    public static TailEstimate WhatIf(
        ReadOnlySpan<double> pnl, ReadOnlySpan<double> unitPnl, double quantity, double varConfidence, double esConfidence, double? secondConfidence = null,
        double near = double.NaN)
    {
        RequireSameLength(pnl, unitPnl, nameof(unitPnl));
        return Estimate(pnl, unitPnl, quantity, varConfidence, esConfidence, secondConfidence ?? varConfidence, near);
    }

    /// <summary>Adds quantity · unitPnl to the scenarios in place.</summary>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static void AddScaled(Span<double> pnl, ReadOnlySpan<double> unitPnl, double quantity)
    {
        RequireSameLength(pnl, unitPnl, nameof(unitPnl));
        Sum(pnl, unitPnl, quantity, pnl);
    }

    /// <summary>Writes factor · values; what is behind them stays.</summary>
    /// <exception cref="ArgumentException">There is no room for them.</exception>
    public static void Scale(ReadOnlySpan<double> values, double factor, Span<double> scaled)
    {
        if (scaled.Length < values.Length)
            throw new ArgumentException($"There are {values.Length} values and room for {scaled.Length}.", nameof(scaled));
        var by = Vector256.Create(factor);
        var from = MemoryMarshal.Cast<double, Vector256<double>>(values);
        var to = MemoryMarshal.Cast<double, Vector256<double>>(scaled[..values.Length]);
        for (var i = 0; i < from.Length; i++) to[i] = by * from[i];
        for (var i = from.Length * Vector256<double>.Count; i < values.Length; i++) scaled[i] = factor * values[i];
    }

    /// <summary>Adds share · min(0, quantity · unitPnl) to the scenarios in place: of something that may or may not be added, what it loses
    /// where it loses, and nothing where it wins. Whatever part of it is added, no scenario ends below that.</summary>
    /// <param name="share">1 to add, -1 to take away what was added.</param>
    /// <exception cref="ArgumentException">The vectors differ in length.</exception>
    public static void AddLosses(Span<double> pnl, ReadOnlySpan<double> unitPnl, double quantity, double share = 1)
    {
        RequireSameLength(pnl, unitPnl, nameof(unitPnl));
        var (factor, part) = (Vector256.Create(quantity), Vector256.Create(share));
        var sums = MemoryMarshal.Cast<double, Vector256<double>>(pnl);
        var units = MemoryMarshal.Cast<double, Vector256<double>>(unitPnl);
        for (var i = 0; i < units.Length; i++)
            sums[i] += part * Vector256.Min(factor * units[i], Vector256<double>.Zero);
        for (var i = units.Length * Vector256<double>.Count; i < pnl.Length; i++)
            pnl[i] += share * Math.Min(quantity * unitPnl[i], 0);
    }

    /// <summary>How much of the expected shortfall each scenario carries: the same full weight for the scenarios worse than the
    /// quantile, what is left of the tail for the quantile scenario (in equal parts where several tie), zero for the others.
    /// The weights sum to 1.</summary>
    /// <exception cref="ArgumentException">As <see cref="Measure"/>; also where <paramref name="weights"/> has another length.</exception>
    public static void TailWeights(ReadOnlySpan<double> pnl, double confidence, Span<double> weights)
    {
        RequireSameLength(weights, pnl, nameof(weights));
        var quantile = -Measure(pnl, confidence, confidence).ValueAtRisk;
        var mass = TailRank.Mass(pnl.Length, confidence);
        int worse = 0, tied = 0;
        foreach (var value in pnl)
        {
            worse += value < quantile ? 1 : 0;
            tied += value == quantile ? 1 : 0;
        }

        var atQuantile = (mass - worse) / mass / tied;
        for (var i = 0; i < pnl.Length; i++)
            weights[i] = pnl[i] < quantile ? 1 / mass : pnl[i] == quantile ? atQuantile : 0;
    }

    /// <summary>A holding's part of the expected shortfall whose weights are given (Euler allocation); negative for a hedge.
    /// The parts of all holdings that add up to the scenarios sum to their expected shortfall.</summary>
    /// <param name="weights">Of the whole, from <see cref="TailWeights"/>.</param>
    /// <exception cref="ArgumentException">The vectors differ in length, or the result is not finite.</exception>
    public static double Component(ReadOnlySpan<double> weights, ReadOnlySpan<double> unitPnl, double quantity)
    {
        RequireSameLength(weights, unitPnl, nameof(unitPnl));
        var mean = 0.0;
        for (var i = 0; i < weights.Length; i++)
            mean += weights[i] * unitPnl[i];
        var component = 0.0 - quantity * mean;
        return double.IsFinite(component) ? component : throw TailRank.NotFinite(nameof(unitPnl));
    }

    /// <summary>Fills <paramref name="worst"/> with that many of the smallest values, ascending.</summary>
    internal static void Worst(ReadOnlySpan<double> pnl, Span<double> worst) => Worst(pnl, default, 0, worst, double.NaN);

    static TailEstimate Estimate(
        ReadOnlySpan<double> pnl, ReadOnlySpan<double> unitPnl, double quantity, double varConfidence, double esConfidence, double secondConfidence,
        double near)
    {
        TailRank.RequireSample(pnl.Length, nameof(pnl));
        TailRank.RequireConfidence(varConfidence, nameof(varConfidence));
        TailRank.RequireConfidence(esConfidence, nameof(esConfidence));
        TailRank.RequireConfidence(secondConfidence, nameof(secondConfidence));
        var secondRank = TailRank.Of(pnl.Length, secondConfidence);
        var varRank = TailRank.Of(pnl.Length, varConfidence);
        var esMass = TailRank.Mass(pnl.Length, esConfidence);
        var needed = Math.Max(Math.Max(varRank, secondRank), (int)Math.Ceiling(esMass));
        double[]? rented = null;
        var worst = needed <= Smallest.StackLimit
            ? stackalloc double[needed]
            : (rented = ArrayPool<double>.Shared.Rent(needed)).AsSpan(0, needed);
        Worst(pnl, unitPnl, quantity, worst, near);
        // 0 - x: a loss of zero is plus zero.
        var estimate = new TailEstimate(0.0 - worst[varRank - 1], MeanOfTail(worst, esMass)) { SecondValueAtRisk = 0.0 - worst[secondRank - 1] };
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
        return estimate;
    }

    static double MeanOfTail(ReadOnlySpan<double> ascending, double mass)
    {
        var last = (int)Math.Ceiling(mass) - 1;
        var sum = 0.0;
        foreach (var value in ascending[..last])
            sum += value;
        return 0.0 - sum / mass + ascending[last] * (last / mass - 1);
    }

    static void Worst(ReadOnlySpan<double> pnl, ReadOnlySpan<double> unitPnl, double quantity, Span<double> worst, double near)
    {
        var length = Smallest.PaddedLength(pnl.Length);
        double[]? rented = null;
        var total = length <= Smallest.StackLimit
            ? stackalloc double[length]
            : (rented = ArrayPool<double>.Shared.Rent(length)).AsSpan(0, length);
        total[pnl.Length..].Clear();
        if (unitPnl.IsEmpty)
            pnl.CopyTo(total);
        else
            Sum(pnl, unitPnl, quantity, total);
        RequireFinite(total);
        total[pnl.Length..].Fill(double.PositiveInfinity);
        if (!Smallest.TrySelectBelow(total, (Margin * Math.Abs(near)) - near, worst)) Smallest.Select(total, pnl.Length, worst);
        if (rented is not null) ArrayPool<double>.Shared.Return(rented);
    }

    static void Sum(ReadOnlySpan<double> pnl, ReadOnlySpan<double> unitPnl, double quantity, Span<double> total)
    {
        var factor = Vector256.Create(quantity);
        var left = MemoryMarshal.Cast<double, Vector256<double>>(pnl);
        var right = MemoryMarshal.Cast<double, Vector256<double>>(unitPnl);
        var sums = MemoryMarshal.Cast<double, Vector256<double>>(total);
        for (var i = 0; i < left.Length; i++)
            sums[i] = left[i] + factor * right[i];
        for (var i = left.Length * Vector256<double>.Count; i < pnl.Length; i++)
            total[i] = pnl[i] + quantity * unitPnl[i];
    }

    static void RequireFinite(ReadOnlySpan<double> padded)
    {
        var finite = Vector256<double>.AllBitsSet;
        foreach (var vector in MemoryMarshal.Cast<double, Vector256<double>>(padded))
            finite &= Vector256.IsFinite(vector);
        if (finite.AsInt64() != Vector256<long>.AllBitsSet)
            throw TailRank.NotFinite("pnl");
    }

    static void RequireSameLength(ReadOnlySpan<double> first, ReadOnlySpan<double> second, string name)
    {
        if (first.Length != second.Length)
            throw new ArgumentException($"The vectors differ in length: {first.Length} and {second.Length}.", name);
    }
}
