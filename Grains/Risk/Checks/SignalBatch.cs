using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>Orders as they came, with the malformed ones told apart: those are answered here, the others by the
/// book.</summary>
readonly struct SignalBatch
{
    readonly ImmutableArray<Order> _orders;
    readonly ImmutableArray<FieldError>[] _errors;

    public SignalBatch(ImmutableArray<Order> orders)
    {
        _orders = orders;
        _errors = [.. orders.Select(OrderValidator.Check)];
        var errors = _errors;
        WellFormed = [.. orders.Where((_, index) => errors[index].IsEmpty).Select(OrderValidator.Normalised)];
    }

    public ImmutableArray<Order> WellFormed { get; }

    /// <summary>Null where so many may be asked for at once.</summary>
    public static FieldError? Check(ImmutableArray<Order> orders, int most) => orders.Length <= most ? null
        : new("signals", "max_count",
            FormattableString.Invariant($"signals must have at most {most} elements; it has {orders.Length}."));

    /// <summary>What the book found wrong with <see cref="WellFormed"/>, with each order named by its place among
    /// all.</summary>
    public Outcome<T> Place<T>(Outcome<T> outcome)
    {
        var places = Places();
        return outcome with
        {
            Errors = [.. outcome.Errors.Select(error => FieldErrors.TryIndex(error.Field, out var index, out var member)
                ? error with { Field = FieldErrors.At(places[index]) + member }
                : error)],
        };
    }

    int[] Places()
    {
        var errors = _errors;
        return [.. Enumerable.Range(0, errors.Length).Where(index => errors[index].IsEmpty)];
    }

    /// <summary>One decision for each order, in its place.</summary>
    /// <param name="decided">The book's decisions on <see cref="WellFormed"/>, in order.</param>
    public ImmutableArray<RecordedDecision> Merge(
        ImmutableArray<RecordedDecision> decided, string portfolio, long limitsVersion, DateTimeOffset now)
    {
        var decisions = ImmutableArray.CreateBuilder<RecordedDecision>(_orders.Length);
        var next = 0;
        for (var index = 0; index < _orders.Length; index++)
            decisions.Add(_errors[index] is { IsEmpty: false } errors
                ? Malformed(_orders[index], errors, portfolio, limitsVersion, now)
                : decided[next++]);
        return decisions.MoveToImmutable();
    }

    /// <summary>The refusal of an order that no book can judge. It changes nothing, so it is not in the journal and has
    /// no id.</summary>
    static RecordedDecision Malformed(
        Order order, ImmutableArray<FieldError> errors, string portfolio, long limitsVersion,
        DateTimeOffset now) => RecordedDecision.Of(new(
        DecisionId: "",
        portfolio,
        order.ClientOrderId,
        order.Symbol ?? "",
        order.Action,
        order.Quantity,
        order.Confidence,
        order.LimitPrice,
        ReferencePrice: null,
        Approved: false,
        ReservedPrice: null,
        ExpiresAt: null,
        MaxAllowedQuantity: null,
        Violations: [.. errors.Select(error => new RiskViolation(RiskRule.Malformed, null, null, null, error.Message))],
        Before: null,
        After: null,
        Headroom: [],
        limitsVersion,
        RiskMethod: "",
        now) { Strategy = order.Strategy, ReduceOnly = order.ReduceOnly, By = order.By });
}
