using System.Numerics;
using System.Numerics.Tensors;

namespace Trading.Quant;

/// <summary>
/// How much of a choice among trials was luck, by combinatorially symmetric cross-validation (Bailey, Borwein, López de Prado
/// and Zhu 2017): the returns are cut into blocks, and in every choice of half of them the trial that was best there is ranked
/// among all in the other half.
/// </summary>
/// <param name="Probability">PBO: the share of choices in which the winner of one half is at or below the median in the
/// other.</param>
/// <param name="ProbabilityOfLoss">The share of choices in which the winner has a ratio below zero in the other half.</param>
/// <param name="MedianRank">The winner's median rank in the other half: 1 is best of all, 0.5 is chance.</param>
/// <param name="DegradationSlope">The slope of the winner's ratio out of sample on the one in sample; null where all the ratios
/// in sample are the same.</param>
/// <param name="Combinations">Choices that the shares run over.</param>
/// <param name="RowsUsed">Returns of each trial that were used: the oldest that no block has room for were left out.</param>
public sealed record BacktestOverfitting(
    double Probability, double ProbabilityOfLoss, double MedianRank, double? DegradationSlope, int Combinations, int RowsUsed)
{
    public const int LeastTrials = 2;
    public const int LeastRowsPerBlock = 2;

    /// <summary>C(20, 10) = 184,756 choices; the paper takes 16 blocks.</summary>
    public const int MostBlocks = 20;

    public const int UsualBlocks = 16;

    /// <param name="trials">The returns of each trial, all over the same periods, oldest first.</param>
    /// <param name="blocks">An even number from 2 to <see cref="MostBlocks"/>.</param>
    /// <remarks>The measure is the Sharpe ratio; returns that do not differ have 0 where they are zero, and otherwise an infinite
    /// one with the sign of their mean. Of trials that are best together the first wins; equal ranks share their mean.</remarks>
    /// <exception cref="ArgumentException">Fewer than <see cref="LeastTrials"/> trials, of different lengths, too short for the
    /// blocks, a number of blocks that is odd or out of range, or a return that is not finite.</exception>
    public static BacktestOverfitting Of(
        IReadOnlyList<double[]> trials, int blocks = UsualBlocks, CancellationToken cancellation = default) =>
        Of([.. trials.Select(returns => TrialBlocks.Of(returns, blocks))], cancellation);

    /// <summary>The same from what is left of each trial once its returns are forgotten.</summary>
    /// <exception cref="ArgumentException">Fewer than <see cref="LeastTrials"/> trials, or of different lengths or blocks.</exception>
    public static BacktestOverfitting Of(IReadOnlyList<TrialBlocks> trials, CancellationToken cancellation = default)
    {
        if (trials.Count < LeastTrials)
            throw new ArgumentException($"{LeastTrials} or more trials are needed, not {trials.Count}.", nameof(trials));
        var (rows, blocks, perBlock) = (trials[0].Rows, trials[0].Sums.Length, trials[0].PerBlock);
        if (trials.Any(trial => trial.Rows != rows || trial.Sums.Length != blocks || trial.Squares.Length != blocks))
            throw new ArgumentException("The trials differ in length or blocks.", nameof(trials));
        var sums = new BlockSums(trials, blocks);
        var half = new HalfRatios(trials.Count, blocks / 2 * perBlock);
        var other = new HalfRatios(trials.Count, blocks / 2 * perBlock);
        var results = new List<Choice>();
        // Each choice and its mirror image are looked at together; those that hold block 0 are one half of all.
        for (var mask = 1u; mask < 1u << blocks; mask += 2)
        {
            if (BitOperations.PopCount(mask) != blocks / 2) continue;
            cancellation.ThrowIfCancellationRequested();
            half.Measure(sums, mask);
            other.Measure(sums, ~mask & ((1u << blocks) - 1));
            results.Add(Choice.Of(half.Ratios, other.Ratios));
            results.Add(Choice.Of(other.Ratios, half.Ratios));
        }

        return Summarise(results, perBlock * blocks);
    }

    static BacktestOverfitting Summarise(List<Choice> choices, int rows)
    {
        double[] ranks = [.. choices.Select(choice => choice.RelativeRank).Order()];
        var middle = ranks.Length / 2; // their number is even
        return new(
            (double)choices.Count(choice => choice.RelativeRank <= 0.5) / choices.Count,
            (double)choices.Count(choice => choice.OutOfSample < 0) / choices.Count,
            (ranks[middle - 1] + ranks[middle]) / 2, Slope(choices), choices.Count, rows);
    }

    static double? Slope(List<Choice> choices)
    {
        Choice[] finite = [.. choices.Where(one => double.IsFinite(one.InSample) && double.IsFinite(one.OutOfSample))];
        if (finite.Length < 2) return null;
        var (x, y) = (finite.Average(one => one.InSample), finite.Average(one => one.OutOfSample));
        var variance = finite.Sum(one => (one.InSample - x) * (one.InSample - x));
        return variance > 0 ? finite.Sum(one => (one.InSample - x) * (one.OutOfSample - y)) / variance : null;
    }

    /// <summary>The winner of one half, and what it is in the other.</summary>
    readonly record struct Choice(double InSample, double OutOfSample, double RelativeRank)
    {
        public static Choice Of(ReadOnlySpan<double> inSample, ReadOnlySpan<double> outOfSample)
        {
            var winner = TensorPrimitives.IndexOfMax(inSample);
            var (theirs, below, equal) = (outOfSample[winner], 0, 0);
            foreach (var ratio in outOfSample)
            {
                if (ratio < theirs) below++;
                else if (ratio == theirs) equal++;
            }

            return new(inSample[winner], theirs, (below + (equal + 1) / 2.0) / (outOfSample.Length + 1));
        }
    }

    /// <summary>The sums of all trials, side by side for each block.</summary>
    sealed class BlockSums
    {
        public BlockSums(IReadOnlyList<TrialBlocks> trials, int blocks)
        {
            (First, Second) = (new double[blocks][], new double[blocks][]);
            for (var block = 0; block < blocks; block++)
                (First[block], Second[block]) =
                    ([.. trials.Select(trial => trial.Sums[block])], [.. trials.Select(trial => trial.Squares[block])]);
        }

        public double[][] First { get; }

        public double[][] Second { get; }
    }

    /// <summary>The Sharpe ratios of all trials in one half of the blocks.</summary>
    sealed class HalfRatios(int trials, int rows)
    {
        /// <summary>A variance below this part of the mean square is rounding.</summary>
        const double RoundingNoise = 1e-13;

        readonly double[] _first = new double[trials], _second = new double[trials];

        public double[] Ratios { get; } = new double[trials];

        public void Measure(BlockSums sums, uint mask)
        {
            Array.Clear(_first);
            Array.Clear(_second);
            for (var block = 0; block < sums.First.Length; block++)
            {
                if ((mask >> block & 1) == 0) continue;
                TensorPrimitives.Add<double>(_first, sums.First[block], _first);
                TensorPrimitives.Add<double>(_second, sums.Second[block], _second);
            }

            for (var trial = 0; trial < Ratios.Length; trial++)
            {
                var mean = _first[trial] / rows;
                var variance = (_second[trial] - mean * _first[trial]) / (rows - 1);
                Ratios[trial] = variance > RoundingNoise * mean * mean
                    ? mean / Math.Sqrt(variance)
                    : mean == 0 ? 0 : Math.CopySign(double.PositiveInfinity, mean);
            }
        }
    }
}
