namespace Orleans.Runtime;

/// <summary>Values that travel with calls, from caller to callee and on; what a callee sets does not come back.</summary>
public static class RequestContext
{
    static readonly AsyncLocal<Dictionary<string, object>?> Values = new();

    /// <summary>Never changed once it is set, so that calls share it.</summary>
    internal static Dictionary<string, object>? Current
    {
        get => Values.Value;
        set => Values.Value = value;
    }

    public static IEnumerable<string> Keys => Current?.Keys ?? Enumerable.Empty<string>();

    public static IEnumerable<KeyValuePair<string, object>> Entries => Current ?? Enumerable.Empty<KeyValuePair<string, object>>();

    public static object? Get(string key) => Current is { } values && values.TryGetValue(key, out var value) ? value : null;

    public static void Set(string key, object value)
    {
        var values = Current is { } before ? new Dictionary<string, object>(before) : [];
        values[key] = value;
        Current = values;
    }

    public static bool Remove(string key)
    {
        if (Current?.ContainsKey(key) != true) return false;
        var values = new Dictionary<string, object>(Current);
        values.Remove(key);
        Current = values.Count == 0 ? null : values;
        return true;
    }

    public static void Clear() => Current = null;
}
