using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>Orders of different callers that came together: the malformed ones are answered here, the others by the
/// book.</summary>
readonly struct OrderGroup
{
    /// <summary>Null where there is no malformed one, which is the rule.</summary>
    readonly ImmutableArray<FieldError>[]? _errors;

    public OrderGroup(ImmutableArray<Order> orders)
    {
        var wellFormed = ImmutableArray.CreateBuilder<Order>(orders.Length);
        for (var i = 0; i < orders.Length; i++)
        {
            var errors = OrderValidator.Check(orders[i]);
            if (errors.IsEmpty) wellFormed.Add(OrderValidator.Normalised(orders[i]));
            else (_errors ??= NoErrors(orders.Length))[i] = errors;
        }

        WellFormed = wellFormed.DrainToImmutable();
    }

    public ImmutableArray<Order> WellFormed { get; }

    /// <summary>One outcome for each order, in its place.</summary>
    /// <param name="decided">The book's, for <see cref="WellFormed"/>, in order.</param>
    public ImmutableArray<Outcome<RecordedDecision>?> Merge(
        ImmutableArray<Outcome<RecordedDecision>?> decided)
    {
        if (_errors is null) return decided;
        var next = 0;
        return
            [.. _errors.Select(errors => errors.IsEmpty ? decided[next++] : Outcome.Invalid<RecordedDecision>(errors))];
    }

    static ImmutableArray<FieldError>[] NoErrors(int count) =>
        [.. Enumerable.Repeat(ImmutableArray<FieldError>.Empty, count)];
}
