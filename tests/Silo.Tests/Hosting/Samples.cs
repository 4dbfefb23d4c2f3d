using System.Collections.Immutable;
using System.Reflection;

namespace Trading.Hosting.Tests;

/// <summary>Values of any message or record.</summary>
static class Samples
{
    /// <summary>A value in which nothing is null, empty or the default of its type.</summary>
    public static object Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } underlying) return Of(underlying);
        if (type.IsEnum) return Enum.GetValues(type).Cast<object>().Last();
        if (type == typeof(string)) return "π ≠ 3";
        if (type == typeof(ImmutableSortedDictionary<string, string>))
            return ImmutableSortedDictionary<string, string>.Empty.Add("π", "≠");
        if (type == typeof(bool)) return true;
        if (type == typeof(DateOnly)) return new DateOnly(2026, 1, 5);
        if (type == typeof(DateTimeOffset)) return new DateTimeOffset(2026, 1, 5, 12, 0, 0, 123, TimeSpan.FromHours(1));
        if (type == typeof(decimal)) return 12_345.678901234567m;
        if (type.IsPrimitive) return Convert.ChangeType(1.25, type, System.Globalization.CultureInfo.InvariantCulture);
        return type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)
            ? Array(type.GetGenericArguments()[0])
            : Record(type);
    }

    static object Array(Type element)
    {
        var items = System.Array.CreateInstance(element, 2);
        items.SetValue(Of(element), 0);
        items.SetValue(Of(element), 1);
        return typeof(ImmutableArray).GetMethods()
            .Single(method => method.Name == nameof(ImmutableArray.Create)
                && method.GetParameters() is [{ ParameterType.IsArray: true }])
            .MakeGenericMethod(element).Invoke(null, [items])!;
    }

    static object Record(Type type)
    {
        var constructor = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!;
        var arguments = constructor.GetParameters().Select(parameter => Of(parameter.ParameterType));
        var record = constructor.Invoke([.. arguments]);
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance))
            if (property.CanWrite) property.SetValue(record, Of(property.PropertyType));
        return record;
    }
}
