using System.Collections.Immutable;
using System.Globalization;

namespace Trading.Learning;

/// <summary>How labels are made: what a model learns to answer.</summary>
public abstract record LabelSpec
{
    const int MaxSessions = 63;
    const double MaxBarrier = 10, MaxThreshold = 3;

    LabelSpec() { }

    /// <summary>The return over the next sessions and its direction.</summary>
    public sealed record NextReturn(int Sessions) : LabelSpec;

    /// <summary>The return over the next sessions in units of the volatility at the session: whether it is above a number
    /// of them.</summary>
    public sealed record ScaledReturn(double Threshold, int Sessions) : LabelSpec;

    /// <summary>The first barrier that the price touches (López de Prado, Advances in Financial Machine Learning, 3.4):
    /// multiples of the volatility at the session above and below, and a number of sessions.</summary>
    public sealed record TripleBarrier(double Above, double Below, int Sessions) : LabelSpec;

    /// <summary>The sessions that a label looks ahead at most.</summary>
    public int Horizon => this switch
    {
        NextReturn next => next.Sessions,
        ScaledReturn scaled => scaled.Sessions,
        TripleBarrier barrier => barrier.Sessions,
        _ => throw new NotSupportedException(),
    };

    /// <summary>Stable words for lineage, which <see cref="Parse"/> reads.</summary>
    public string Name => this switch
    {
        NextReturn next => FormattableString.Invariant($"next_return({next.Sessions})"),
        ScaledReturn scaled => FormattableString.Invariant($"scaled_return({scaled.Threshold},{scaled.Sessions})"),
        TripleBarrier barrier =>
            FormattableString.Invariant($"triple_barrier({barrier.Above},{barrier.Below},{barrier.Sessions})"),
        _ => throw new NotSupportedException(),
    };

    /// <summary>What its probability is of, in words for people.</summary>
    public string Meaning => this switch
    {
        NextReturn { Sessions: 1 } => "the next close is above this one",
        NextReturn next => $"the close after {next.Sessions} sessions is above this one",
        ScaledReturn scaled => FormattableString.Invariant(
            $"the return over {scaled.Sessions} sessions is above {scaled.Threshold} times its volatility"),
        TripleBarrier barrier => FormattableString.Invariant(
            $"within {barrier.Sessions} sessions the price rises by {barrier.Above} times its volatility before it falls by ")
            + FormattableString.Invariant($"{barrier.Below} times, or ends higher where it does neither"),
        _ => throw new NotSupportedException(),
    };

    /// <summary>Every broken rule.</summary>
    public ImmutableArray<TrainingProblem> BrokenRules()
    {
        var broken = ImmutableArray.CreateBuilder<TrainingProblem>();
        void Rule(bool holds, string field, string message)
        {
            if (!holds) broken.Add(new(field, "range", message));
        }

        Rule(Horizon is >= 1 and <= MaxSessions, "horizon", $"horizon is {Horizon}; it can be from 1 to {MaxSessions} sessions.");
        if (this is ScaledReturn { Threshold: var threshold })
            Rule(Math.Abs(threshold) <= MaxThreshold, "label_threshold", FormattableString.Invariant(
                $"label_threshold is {threshold}; it can be from -{MaxThreshold} to {MaxThreshold} volatilities."));
        if (this is not TripleBarrier barrier) return broken.ToImmutable();
        void Barrier(double distance, string field) => Rule(distance is > 0 and <= MaxBarrier, field,
            FormattableString.Invariant($"{field} is {distance}; it can be from above 0 to {MaxBarrier} volatilities."));
        Barrier(barrier.Above, "barrier_above");
        Barrier(barrier.Below, "barrier_below");
        return broken.ToImmutable();
    }

    /// <summary>The label that has the <see cref="Name"/>.</summary>
    /// <exception cref="FormatException">None has it.</exception>
    public static LabelSpec Parse(string name)
    {
        var open = name.IndexOf('(', StringComparison.Ordinal);
        if (open > 0 && name[^1] == ')')
        {
            string[] given = name[(open + 1)..^1].Split(',');
            double Number(int place) => double.Parse(given[place], NumberStyles.Float, CultureInfo.InvariantCulture);
            int Sessions(int place) => int.Parse(given[place], NumberStyles.None, CultureInfo.InvariantCulture);
            switch (name[..open], given.Length)
            {
                case ("next_return", 1): return new NextReturn(Sessions(0));
                case ("scaled_return", 2): return new ScaledReturn(Number(0), Sessions(1));
                case ("triple_barrier", 3): return new TripleBarrier(Number(0), Number(1), Sessions(2));
            }
        }

        throw new FormatException($"'{name}' is no label.");
    }
}
