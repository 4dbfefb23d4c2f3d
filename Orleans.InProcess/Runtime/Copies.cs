using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.ComponentModel;
using System.Globalization;
using System.Net;
using System.Numerics;
using System.Reflection;
using System.Reflection.Emit;
using System.Runtime.CompilerServices;
using System.Text;
using Orleans.Runtime;

namespace Orleans.InProcess;

/// <summary>Isolates messages: what can change is copied deeply, once per direction; what cannot is passed as it is.</summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public static class Copies
{
    static readonly FrozenSet<Type> Immutables = new[]
    {
        typeof(string), typeof(decimal), typeof(DateTime), typeof(DateTimeOffset), typeof(DateOnly), typeof(TimeOnly), typeof(TimeSpan),
        typeof(Guid), typeof(Uri), typeof(Version), typeof(BigInteger), typeof(Int128), typeof(UInt128), typeof(Half), typeof(Rune),
        typeof(CancellationToken), typeof(IPAddress), typeof(IPEndPoint), typeof(CultureInfo), typeof(TimeZoneInfo), 
        typeof(StringComparer),
    }.ToFrozenSet();

    static readonly ConcurrentDictionary<Type, bool> Known = new();
    static readonly ConcurrentDictionary<Type, Func<object, Dictionary<object, object>, object>> Copiers = new();
    static readonly MethodInfo CopyField = typeof(Copies).GetMethod(nameof(Field), BindingFlags.Static | BindingFlags.NonPublic)!;

    /// <summary>The value itself where it is immutable, else a deep copy.</summary>
    public static T Of<T>(T value) =>
        Copier<T>.IsImmutable || value is null ? value : (T)Object(value, new(ReferenceEqualityComparer.Instance));

    /// <summary>Whether values of this type, and all that they hold, can never change.</summary>
    internal static bool IsImmutable(Type type)
    {
        if (Known.TryGetValue(type, out var known)) return known;
        var immutable = IsImmutable(type, []);
        Known[type] = immutable;
        return immutable;
    }

    static bool IsImmutable(Type type, HashSet<Type> open)
    {
        if (type.IsPrimitive || type.IsEnum || type.IsPointer || Immutables.Contains(type) || type.IsDefined(typeof(ImmutableAttribute), false)
            || type.IsAssignableTo(typeof(IAddressable)) || type.IsAssignableTo(typeof(Delegate)) || type.IsAssignableTo(typeof(MemberInfo))
            || type.IsAssignableTo(typeof(Exception)))
            return true;
        if (type.IsGenericType && (type.Namespace == typeof(ImmutableArray).Namespace || type.Namespace == typeof(FrozenSet).Namespace))
            return type.GetGenericArguments().All(argument => IsImmutable(argument, open));
        if (type.IsArray || type.IsInterface || !type.IsSealed) return false;
        // A type is in question once: one that holds itself is as immutable as the rest of it.
        return !open.Add(type) || FieldsOf(type).All(field => (field.IsInitOnly || type.IsValueType) && IsImmutable(field.FieldType, open));
    }

    static IEnumerable<FieldInfo> FieldsOf(Type type)
    {
        for (var level = type; level is not null && level != typeof(object); level = level.BaseType)
            foreach (var field in level.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly))
                yield return field;
    }

    static object Object(object value, Dictionary<object, object> seen)
    {
        var type = value.GetType();
        if (IsImmutable(type) || value is System.Collections.IEqualityComparer or System.Collections.IComparer) return value;
        return seen.TryGetValue(value, out var copy) ? copy : Copiers.GetOrAdd(type, Build)(value, seen);
    }

    static T Field<T>(T value, Dictionary<object, object> seen) =>
        Copier<T>.IsImmutable || value is null ? value : (T)Object(value, seen);

    static Func<object, Dictionary<object, object>, object> Build(Type type)
    {
        var factory = type.IsSZArray ? nameof(ArrayCopier)
            : Implements(type, typeof(Dictionary<,>)) ? nameof(DictionaryCopier)
            : Implements(type, typeof(HashSet<>)) ? nameof(SetCopier)
            : null;
        if (factory is null) return type.IsArray ? throw new NotSupportedException($"{type} cannot cross a grain call.") : Memberwise(type);
        var arguments = type.IsSZArray ? [type.GetElementType()!] : type.GetGenericArguments();
        return (Func<object, Dictionary<object, object>, object>)typeof(Copies).GetMethod(factory, BindingFlags.Static | BindingFlags.NonPublic)!
            .MakeGenericMethod(arguments).Invoke(null, null)!;
    }

    static bool Implements(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    static Func<object, Dictionary<object, object>, object> ArrayCopier<T>() => static (value, seen) =>
    {
        var copy = (T[])((T[])value).Clone();
        seen[value] = copy;
        if (!Copier<T>.IsImmutable)
            for (var i = 0; i < copy.Length; i++)
                copy[i] = Field(copy[i], seen);
        return copy;
    };

    /// <summary>Hash codes of copied keys may differ from those of the originals, so that entries are added anew.</summary>
    static Func<object, Dictionary<object, object>, object> DictionaryCopier<TKey, TValue>() where TKey : notnull => static (value, seen) =>
    {
        var original = (Dictionary<TKey, TValue>)value;
        var copy = new Dictionary<TKey, TValue>(original.Count, original.Comparer);
        seen[value] = copy;
        foreach (var (key, item) in original) copy.Add(Field(key, seen), Field(item, seen));
        return copy;
    };

    static Func<object, Dictionary<object, object>, object> SetCopier<T>() => static (value, seen) =>
    {
        var original = (HashSet<T>)value;
        var copy = new HashSet<T>(original.Count, original.Comparer);
        seen[value] = copy;
        foreach (var item in original) copy.Add(Field(item, seen));
        return copy;
    };

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "MemberwiseClone")]
    static extern object Clone(object value);

    /// <summary>Clones the object and then copies every field that can change; compiled once per type.</summary>
    static Func<object, Dictionary<object, object>, object> Memberwise(Type type)
    {
        var fields = FieldsOf(type).Where(field => !IsImmutable(field.FieldType)).ToArray();
        if (fields.Length == 0) return static (value, seen) => seen[value] = Clone(value);
        var method = new DynamicMethod("Copy" + type.Name, null, [typeof(object), typeof(Dictionary<object, object>)], type, skipVisibility: true);
        var code = method.GetILGenerator();
        foreach (var field in fields)
        {
            code.Emit(OpCodes.Ldarg_0);
            code.Emit(type.IsValueType ? OpCodes.Unbox : OpCodes.Castclass, type);
            code.Emit(OpCodes.Dup);
            code.Emit(OpCodes.Ldfld, field);
            code.Emit(OpCodes.Ldarg_1);
            code.Emit(OpCodes.Call, CopyField.MakeGenericMethod(field.FieldType));
            code.Emit(OpCodes.Stfld, field);
        }

        code.Emit(OpCodes.Ret);
        var copyFields = method.CreateDelegate<Action<object, Dictionary<object, object>>>();
        return (value, seen) =>
        {
            var copy = Clone(value);
            seen[value] = copy;
            copyFields(copy, seen);
            return copy;
        };
    }
}

/// <summary>What is known of a type once and for all.</summary>
static class Copier<T>
{
    public static readonly bool IsImmutable = Copies.IsImmutable(typeof(T));
}
