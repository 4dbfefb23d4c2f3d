using System.Collections.Immutable;

namespace Trading.Learning;

/// <summary>Rows of features with what came of each: what a trainer is given. Finite numbers only.</summary>
public sealed class Sample
{
    readonly double[] _values;

    /// <exception cref="ArgumentException">Counts that differ, or a value that is not finite.</exception>
    public Sample(
        ImmutableArray<string> columns, double[] values, ImmutableArray<Label> labels, ImmutableArray<double> weights,
        ImmutableArray<int> symbols)
    {
        if (values.Length != columns.Length * labels.Length || weights.Length != labels.Length
            || symbols.Length != labels.Length)
            throw new ArgumentException(
                $"{labels.Length} rows of {columns.Length} columns need {columns.Length * labels.Length} values; there are "
                + $"{values.Length}, {weights.Length} weights and {symbols.Length} symbols.", nameof(values));
        for (var i = 0; i < values.Length; i++)
            if (!double.IsFinite(values[i]))
                throw new ArgumentException(
                    $"The feature {columns[i % columns.Length]} of row {i / columns.Length} is {values[i]}.", nameof(values));
        (Columns, _values, Labels, Weights, Symbols) = (columns, values, labels, weights, symbols);
    }

    public ImmutableArray<string> Columns { get; }
    public ImmutableArray<Label> Labels { get; }

    /// <summary>How much each row counts; 1 for a label that shares its time with no other.</summary>
    public ImmutableArray<double> Weights { get; }

    /// <summary>Whose row it is, by number.</summary>
    public ImmutableArray<int> Symbols { get; }

    public int Count => Labels.Length;
    public ReadOnlySpan<double> Values => _values;
    public double Rises => Labels.Length == 0 ? 0 : Labels.Count(label => label.Rise) / (double)Labels.Length;

    /// <summary>Whether both outcomes occur.</summary>
    public bool HasBothClasses => Labels.Any(label => label.Rise) && Labels.Any(label => !label.Rise);

    public ReadOnlySpan<double> Row(int row) => _values.AsSpan(row * Columns.Length, Columns.Length);

    public double[] Column(int column)
    {
        var values = new double[Count];
        for (var row = 0; row < values.Length; row++)
            values[row] = _values[row * Columns.Length + column];
        return values;
    }

    public bool[] Outcomes() => [.. Labels.Select(label => label.Rise)];

    /// <summary>Some of the rows, in the order given.</summary>
    public Sample Take(IReadOnlyList<int> rows)
    {
        var (width, values) = (Columns.Length, new double[rows.Count * Columns.Length]);
        for (var i = 0; i < rows.Count; i++)
            Row(rows[i]).CopyTo(values.AsSpan(i * width));
        return new(Columns, values, [.. rows.Select(row => Labels[row])], [.. rows.Select(row => Weights[row])],
            [.. rows.Select(row => Symbols[row])]);
    }

    /// <summary>Some of the columns, in the order given.</summary>
    public Sample Select(IReadOnlyList<int> columns)
    {
        var values = new double[Count * columns.Count];
        for (var row = 0; row < Count; row++)
            for (var i = 0; i < columns.Count; i++)
                values[row * columns.Count + i] = _values[row * Columns.Length + columns[i]];
        return new([.. columns.Select(column => Columns[column])], values, Labels, Weights, Symbols);
    }

    /// <summary>The same rows with further columns behind the others.</summary>
    public Sample With(ImmutableArray<string> names, IReadOnlyList<double[]> columns)
    {
        var (width, values) = (Columns.Length + names.Length, new double[Count * (Columns.Length + names.Length)]);
        for (var row = 0; row < Count; row++)
        {
            Row(row).CopyTo(values.AsSpan(row * width));
            for (var i = 0; i < names.Length; i++)
                values[row * width + Columns.Length + i] = columns[i][row];
        }

        return new([.. Columns, .. names], values, Labels, Weights, Symbols);
    }

    public Sample Weighted(ImmutableArray<double> weights) => new(Columns, _values, Labels, weights, Symbols);

    /// <summary>Every row of a table that has a label, in the order of sessions; weights are uniqueness.</summary>
    public static Sample Of(FeatureTable table, LabelSpec spec)
    {
        Label?[][] labels = [.. table.Histories.Select(history => Trading.Learning.Labels.Of(history, spec))];
        var rows = Enumerable.Range(0, table.Count)
            .Where(row => labels[table.Place(row).Symbol][table.Place(row).Bar] is not null).ToList();
        var values = new double[rows.Count * table.Columns.Length];
        for (var i = 0; i < rows.Count; i++)
            table.Row(rows[i]).CopyTo(values.AsSpan(i * table.Columns.Length));
        ImmutableArray<Label> made =
            [.. rows.Select(row => labels[table.Place(row).Symbol][table.Place(row).Bar]!.Value)];
        ImmutableArray<int> symbols = [.. rows.Select(row => table.Place(row).Symbol)];
        return new([.. table.Columns.Select(column => column.Name)], values, made, Uniqueness.Of(made, symbols), symbols);
    }
}
