using System.Collections.Immutable;

namespace Trading.Learning.Tests;

/// <summary>Samples whose truth is known: the next return is a share of the first features and noise.</summary>
static class Planted
{
    /// <param name="signal">Correlation of the return with the mean of the features that tell of it.</param>
    /// <param name="telling">How many features tell; the others are noise.</param>
    public static Sample Of(int rows, int features, int telling, double signal, int seed)
    {
        var random = new Random(seed);
        var days = Histories.Sessions(rows + 1);
        var values = new double[rows * features];
        var labels = ImmutableArray.CreateBuilder<Label>(rows);
        for (var row = 0; row < rows; row++)
        {
            var sum = 0.0;
            for (var feature = 0; feature < features; feature++)
            {
                var value = values[row * features + feature] = Histories.Normal(random);
                if (feature < telling) sum += value / Math.Sqrt(telling);
            }

            var move = 0.01 * (signal * sum + Math.Sqrt(1 - signal * signal) * Histories.Normal(random));
            labels.Add(new(new(days[row], days[row + 1]), move, move / 0.01, move > 0, Barrier.Time));
        }

        return new([.. Enumerable.Range(0, features).Select(i => i < telling ? $"signal_{i}" : $"noise_{i}")], values,
            labels.ToImmutable(), [.. Enumerable.Repeat(1.0, rows)], [.. Enumerable.Repeat(0, rows)]);
    }
}
