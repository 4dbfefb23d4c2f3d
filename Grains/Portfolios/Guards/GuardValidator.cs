using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The form of what a person does to the guards: every broken rule at once.</summary>
public static class GuardValidator
{
    public static ImmutableArray<FieldError> Check(ModeChange change) => FieldErrors.Collect(
    [
        Enum.IsDefined(change.Mode) ? null : new("mode", "one_of", "mode must be active, reducing or halted."),
        .. Author(change.By, change.Reason),
    ]);

    public static ImmutableArray<FieldError> Check(StopCommand command) =>
        FieldErrors.Collect([.. Author(command.By, command.Reason)]);

    /// <param name="takesTwo">Whether a second person is needed.</param>
    public static ImmutableArray<FieldError> Check(Sanction sanction, bool takesTwo) => FieldErrors.Collect(
    [
        .. Author(sanction.By, sanction.Reason),
        sanction.SecondPerson is { } second ? Person("second_person", second)
            : takesTwo ? new("second_person", "required", "second_person is missing: this takes two persons.") : null,
        string.Equals(sanction.SecondPerson?.Trim(), sanction.By?.Trim(), StringComparison.OrdinalIgnoreCase)
            && sanction.By is not null
            ? new("second_person", "another_person", $"second_person must be another person than {sanction.By.Trim()}.")
            : null,
    ]);

    static FieldError?[] Author(string by, string reason) =>
        [Person("by", by), LimitRules.Text("reason", reason, LimitRules.MaxReasonLength)];

    static FieldError? Person(string field, string name) => LimitRules.Text(field, name, GrainKeys.MaxLength)
        ?? (string.Equals(name.Trim(), BreakerRules.ByItself, StringComparison.OrdinalIgnoreCase)
            ? new(field, "person", $"{field} must be a person; '{BreakerRules.ByItself}' is what acts by itself.")
            : null);
}
