using System.Collections.Immutable;

namespace Trading;

/// <summary>How a command ended.</summary>
[GenerateSerializer]
public enum OutcomeKind
{
    /// <summary>Carried out, now or earlier under the same idempotency key.</summary>
    Done,
    /// <summary>The input breaks the rules in <see cref="Outcome{T}.Errors"/>; nothing changed.</summary>
    Invalid,
    /// <summary>What the command speaks of does not exist; nothing changed.</summary>
    NotFound,
    /// <summary>The input is well formed but contradicts the state (already exists, already closed, too much); nothing changed.</summary>
    Conflict,
    /// <summary>As much of it is under way as may be at once; nothing changed, and it may be asked again.</summary>
    Busy,
}

/// <summary>The answer to a command: a value, or every rule that was broken.</summary>
[GenerateSerializer, Immutable, Alias("trading.outcome`1")]
public sealed record Outcome<T>(OutcomeKind Kind, T? Value, ImmutableArray<FieldError> Errors)
{
    public bool IsDone => Kind == OutcomeKind.Done;
}

/// <summary>Named factories of <see cref="Outcome{T}"/>.</summary>
public static class Outcome
{
    public static Outcome<T> Done<T>(T value) => new(OutcomeKind.Done, value, []);
    public static Outcome<T> Invalid<T>(params ImmutableArray<FieldError> errors) => new(OutcomeKind.Invalid, default, errors);
    public static Outcome<T> NotFound<T>(string field, string message) => new(OutcomeKind.NotFound, default, [new(field, "unknown", message)]);
    public static Outcome<T> Conflict<T>(string field, string rule, string message) => new(OutcomeKind.Conflict, default, [new(field, rule, message)]);
    public static Outcome<T> Conflict<T>(ImmutableArray<FieldError> errors) =>
        new(OutcomeKind.Conflict, default, errors);
    public static Outcome<T> Busy<T>(string field, string message) =>
        new(OutcomeKind.Busy, default, [new(field, "busy", message)]);
}
