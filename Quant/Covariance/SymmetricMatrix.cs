namespace Trading.Quant;

/// <summary>A symmetric matrix of finite numbers, such as a covariance.</summary>
public sealed class SymmetricMatrix
{
    /// <summary>The largest matrix handled: 200 MB of numbers.</summary>
    public const int MaximumOrder = 5_000;

    readonly double[] _values;

    /// <summary>Takes the array, row by row, as it is: for results that are symmetric and finite by construction.</summary>
    internal SymmetricMatrix(double[] values, int order) => (_values, Order) = (values, order);

    /// <summary>The number of rows, and of columns.</summary>
    public int Order { get; }

    public double this[int row, int column] => Row(row)[column];

    /// <summary>The whole matrix, row by row.</summary>
    public ReadOnlySpan<double> Values => _values;

    /// <summary>Copies a matrix given row by row.</summary>
    /// <exception cref="ArgumentException">The values are not <paramref name="order"/> rows of as many finite numbers, or a pair
    /// across the diagonal differs.</exception>
    public static SymmetricMatrix Of(ReadOnlySpan<double> values, int order)
    {
        if (order is < 1 or > MaximumOrder)
            throw new ArgumentException($"A matrix has 1 to {MaximumOrder} rows, not {order}.", nameof(order));
        if (values.Length != order * order)
            throw new ArgumentException($"{order} rows and columns need {order * order} values; there are {values.Length}.", nameof(values));
        for (var row = 0; row < order; row++)
            for (var column = 0; column <= row; column++)
            {
                var value = values[row * order + column];
                if (!double.IsFinite(value) || value != values[column * order + row])
                    throw new ArgumentException($"The values at ({row}, {column}) are not one finite number on both sides of the diagonal.", nameof(values));
            }

        return new(values.ToArray(), order);
    }

    /// <summary>This matrix as the part of a larger one that has zeros elsewhere: the covariance with variables that never change.</summary>
    /// <param name="places">The row of the larger matrix for each row of this one.</param>
    /// <exception cref="ArgumentException">There are not as many places as rows, or one is not in the larger matrix.</exception>
    public SymmetricMatrix Embedded(ReadOnlySpan<int> places, int order)
    {
        Require.Length(places, Order, nameof(places));
        var values = new double[order * order];
        for (var row = 0; row < Order; row++)
            for (var column = 0; column < Order; column++)
            {
                if (places[row] < 0 || places[row] >= order || places[column] < 0 || places[column] >= order)
                    throw new ArgumentException($"A place is 0 to {order - 1}.", nameof(places));
                values[places[row] * order + places[column]] = this[row, column];
            }

        return new(values, order);
    }

    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Order, Order);

    /// <summary>The matrix times a vector.</summary>
    /// <exception cref="ArgumentException">The vector has another length, a number that is not finite, or the product overflows.</exception>
    public double[] Times(ReadOnlySpan<double> vector)
    {
        Require.Length(vector, Order, nameof(vector));
        var product = new double[Order];
        for (var row = 0; row < product.Length; row++)
            product[row] = Sum.Of(Row(row), vector);
        return Require.Finite(product, nameof(vector));
    }

    /// <summary>What <paramref name="weights"/>' M weights is: the variance of a weighted sum, where M is the covariance of its terms.</summary>
    /// <inheritdoc cref="Times" path="/exception"/>
    public double QuadraticForm(ReadOnlySpan<double> weights) => Require.Finite(Sum.Of(Times(weights), weights), nameof(weights));
}
