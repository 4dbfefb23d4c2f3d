namespace Trading;

/// <summary>One broken rule of an input: which field, which rule, in words, and the line of a file where there is
/// one.</summary>
/// <param name="Field">The name as the caller wrote it (snake_case), for example <c>position_size</c>.</param>
/// <param name="Rule">A stable code, for example <c>positive</c>.</param>
/// <param name="Message">The rule in words, with the value that broke it.</param>
/// <param name="Line">The 1-based line of a file.</param>
public sealed record FieldError(string Field, string Rule, string Message, long? Line = null);
