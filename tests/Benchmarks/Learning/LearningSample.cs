using System.Collections.Immutable;
using Trading.Learning;

namespace Trading.Benchmarks.Learning;

/// <summary>A sample of the size of ten years of one symbol: what comes is a little of ten of its features.</summary>
static class LearningSample
{
    public static Sample Of(int rows, int columns, int seed)
    {
        var random = new Random(seed);
        double Normal() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        var (values, labels) = (new double[rows * columns], ImmutableArray.CreateBuilder<Label>(rows));
        var first = new DateOnly(2010, 1, 4);
        for (var row = 0; row < rows; row++)
        {
            var signal = 0.0;
            for (var column = 0; column < columns; column++)
            {
                var value = values[row * columns + column] = Normal();
                if (column < 10) signal += value / Math.Sqrt(10);
            }

            var move = 0.01 * (0.3 * signal + Normal());
            labels.Add(new(new(first.AddDays(row), first.AddDays(row + 1)), move, move / 0.01, move > 0, Trading.Learning.Barrier.Time));
        }

        return new([.. Enumerable.Range(0, columns).Select(column => $"x{column}")], values, labels.ToImmutable(),
            [.. Enumerable.Repeat(1.0, rows)], [.. Enumerable.Repeat(0, rows)]);
    }
}
