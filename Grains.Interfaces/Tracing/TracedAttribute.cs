namespace Trading.Tracing;

/// <summary>A call of this method that belongs to a trace is a span of it; one that belongs to none costs nothing. A filter of calls
/// would do the same for every method, and make every call a detour.</summary>
[AttributeUsage(AttributeTargets.Method)]
[InvokableBaseType(typeof(GrainReference), typeof(Task), typeof(TracedTaskRequest))]
[InvokableBaseType(typeof(GrainReference), typeof(Task<>), typeof(TracedTaskRequest<>))]
[InvokableBaseType(typeof(GrainReference), typeof(ValueTask<>), typeof(TracedRequest<>))]
public sealed class TracedAttribute : Attribute;
