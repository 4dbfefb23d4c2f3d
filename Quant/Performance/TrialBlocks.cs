namespace Trading.Quant;

/// <summary>What <see cref="BacktestOverfitting"/> needs of one trial: sums of its returns and of their squares by block, so that
/// thousands of trials fit where their returns would not.</summary>
/// <param name="Rows">Returns that the trial had; the oldest that no block has room for are in no sum.</param>
/// <param name="PerBlock">Returns of a block.</param>
public sealed record TrialBlocks(int Rows, int PerBlock, double[] Sums, double[] Squares)
{
    /// <param name="returns">Oldest first.</param>
    /// <param name="blocks">An even number from 2 to <see cref="BacktestOverfitting.MostBlocks"/>.</param>
    /// <exception cref="ArgumentException">A number of blocks that is odd or out of range, too few returns for them, or one that is
    /// not finite.</exception>
    public static TrialBlocks Of(ReadOnlySpan<double> returns, int blocks = BacktestOverfitting.UsualBlocks)
    {
        if (blocks is < 2 or > BacktestOverfitting.MostBlocks || blocks % 2 != 0)
            throw new ArgumentException(
                $"Blocks are an even number from 2 to {BacktestOverfitting.MostBlocks}, not {blocks}.", nameof(blocks));
        if (returns.Length < blocks * BacktestOverfitting.LeastRowsPerBlock)
            throw new ArgumentException(
                $"{blocks} blocks need {blocks * BacktestOverfitting.LeastRowsPerBlock} or more returns; there are {returns.Length}.",
                nameof(returns));
        Require.Finite(returns, nameof(returns));
        var perBlock = returns.Length / blocks;
        var used = returns[(returns.Length - blocks * perBlock)..];
        var (sums, squares) = (new double[blocks], new double[blocks]);
        for (var block = 0; block < blocks; block++)
        {
            var part = used.Slice(block * perBlock, perBlock);
            foreach (var value in part) sums[block] += value; // one order on every machine
            squares[block] = Sum.OfSquares(part);
        }

        return new(returns.Length, perBlock, sums, squares);
    }
}
