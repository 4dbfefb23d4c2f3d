using System.Collections.Immutable;

namespace Trading.Risk;

/// <summary>The form of what is said to the hierarchy.</summary>
static class BudgetValidator
{
    public static ImmutableArray<FieldError> Check(
        BudgetAmounts limit, string changedBy, string reason) => FieldErrors.Collect(
    [
        Amount("gross_exposure", limit.Gross),
        Amount("net_exposure", limit.Net),
        Amount("expected_shortfall_97_5", limit.Shortfall),
        LimitRules.Text("by", changedBy, GrainKeys.MaxLength),
        LimitRules.Text("reason", reason, LimitRules.MaxReasonLength),
    ]);

    public static ImmutableArray<FieldError> Check(BudgetAssignment assignment) => FieldErrors.Collect(
    [
        assignment.Parent is null || GrainKeys.IsBudgetNode(assignment.Parent)
            ? null : new("parent", "form", "parent must be 'firm', 'desk/' and the desk's id, or null."),
        LimitRules.Text("by", assignment.By, GrainKeys.MaxLength),
        LimitRules.Text("reason", assignment.Reason, LimitRules.MaxReasonLength),
    ]);

    static FieldError? Amount(string field, decimal? amount) => amount is null or (>= 0m and <= LimitRules.MaxMoney)
        ? null
        : new(
            field, "range",
            FormattableString.Invariant($"{field} must be a number from 0 to {LimitRules.MaxMoney}; it is {amount}."));
}
