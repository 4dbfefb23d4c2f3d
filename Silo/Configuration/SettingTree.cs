using System.Collections;
using System.ComponentModel;
using System.Reflection;

namespace Trading.Configuration;

/// <summary>A place in the names of settings.</summary>
abstract record SettingNode
{
    /// <summary>What is below it under this part of a name; null where nothing is.</summary>
    public abstract SettingNode? Child(string part);

    /// <summary>The names of all settings from here on.</summary>
    public abstract IEnumerable<string> Paths(string path);

    protected static string Join(string path, string part) => path.Length == 0 ? part : $"{path}:{part}";
}

/// <summary>One value.</summary>
/// <param name="Default">What holds where nothing is set; null for none.</param>
/// <param name="Member">The member of the options class that it is read into; null within a list or a map.</param>
sealed record SettingLeaf(Type Type, object? Default, PropertyInfo? Member) : SettingNode
{
    public override SettingNode? Child(string part) => null;

    public override IEnumerable<string> Paths(string path) => [path];

    /// <summary>What a text must be to become a value; null where this one does.</summary>
    public string? Refusal(string? text)
    {
        var type = Nullable.GetUnderlyingType(Type);
        if (type is not null && string.IsNullOrEmpty(text)) return null;
        type ??= Type;
        try
        {
            if (type != typeof(string) && TypeDescriptor.GetConverter(type).ConvertFromInvariantString(text ?? "") is null) return Words(type);
            return null;
        }
        catch (Exception mistyped) when (mistyped is FormatException or ArgumentException or OverflowException or NotSupportedException)
        {
            return Words(type);
        }
    }

    static string Words(Type type) => type switch
    {
        _ when type == typeof(bool) => "true or false",
        _ when type == typeof(int) || type == typeof(long) => "a whole number",
        _ when type == typeof(double) || type == typeof(decimal) => "a number",
        _ when type == typeof(DateOnly) => "a date (2026-01-31)",
        _ when type == typeof(TimeOnly) => "a time of day (16:00)",
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ => $"a {type.Name}",
    };
}

/// <summary>A section, or a part of one, with its members by name.</summary>
sealed record SettingObject(SortedDictionary<string, SettingNode> Children) : SettingNode
{
    public SettingObject() : this(new SortedDictionary<string, SettingNode>(StringComparer.OrdinalIgnoreCase)) { }

    /// <summary>The member that it is read into; null for a section.</summary>
    public PropertyInfo? Member { get; init; }

    public override SettingNode? Child(string part) => Children.GetValueOrDefault(part);

    public override IEnumerable<string> Paths(string path) =>
        Children.SelectMany(child => child.Value.Paths(Join(path, child.Key)));
}

/// <summary>Values by number, or by names that the user gives.</summary>
/// <param name="IsMap">Whether by names.</param>
/// <param name="Default">What holds where nothing is set.</param>
sealed record SettingMany(bool IsMap, SettingNode Item, IEnumerable? Default, PropertyInfo Member) : SettingNode
{
    public override SettingNode? Child(string part) => IsMap || int.TryParse(part, out var index) && index >= 0 ? Item : null;

    public override IEnumerable<string> Paths(string path) => Item.Paths(Join(path, IsMap ? "NAME" : "0"));
}

/// <summary>Whatever a library makes of it.</summary>
sealed record SettingForeign : SettingNode
{
    public override SettingNode? Child(string part) => this;

    public override IEnumerable<string> Paths(string path) => [path];
}

/// <summary>Reads the nodes off the options classes.</summary>
static class SettingTree
{
    /// <summary>Deeper than any options class is.</summary>
    const int MaxDepth = 8;

    public static bool IsOurs(Type type) => type.Assembly.GetName().Name is { } name && (name == "trading" || name.StartsWith("Trading.", StringComparison.Ordinal));

    public static SettingObject Of(IEnumerable<(string Section, Type Type)> classes, IEnumerable<string> foreign)
    {
        var root = new SettingObject();
        foreach (var (section, type) in classes)
        {
            var place = root;
            foreach (var part in section.Split(':', StringSplitOptions.RemoveEmptyEntries))
                if (place.Children.TryGetValue(part, out var known)) place = (SettingObject)known;
                else place.Children[part] = place = new SettingObject();
            AddMembers(place, type, Activator.CreateInstance(type, nonPublic: true), 0);
        }

        foreach (var section in foreign) root.Children[section] = new SettingForeign();
        return root;
    }

    static void AddMembers(SettingObject place, Type type, object? defaults, int depth)
    {
        if (depth > MaxDepth) throw new InvalidOperationException($"The options class {type} is nested deeper than {MaxDepth}.");
        foreach (var (key, member) in Members(type))
        {
            var value = defaults is null ? null : member.GetValue(defaults);
            var node = Node(member, value, depth);
            // A section of its own can lie within that of another class.
            if (place.Children.TryGetValue(key, out var known) && known is SettingObject inner && node is SettingObject more)
                foreach (var child in more.Children) inner.Children[child.Key] = child.Value;
            else
                place.Children[key] = node;
        }
    }

    /// <summary>The members that a binder fills, with their keys: those with a setter, and collections that are filled in place.</summary>
    public static IEnumerable<(string Key, PropertyInfo Member)> Members(Type type) =>
        from member in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        let name = member.GetCustomAttribute<ConfigurationKeyNameAttribute>()?.Name
        where member.GetIndexParameters().Length == 0
            && (member.SetMethod is { IsPublic: true } || (name is not null && member.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(member.PropertyType)))
        select (name ?? member.Name, member);

    static SettingNode Node(PropertyInfo member, object? value, int depth)
    {
        var type = member.PropertyType;
        if (IsValue(type)) return new SettingLeaf(type, value, member);
        if (typeof(IEnumerable).IsAssignableFrom(type))
        {
            var parts = type.IsArray ? [type.GetElementType()!] : type.GetGenericArguments();
            return new SettingMany(parts.Length == 2, Item(parts[^1], depth), (IEnumerable?)value, member);
        }

        var part = new SettingObject { Member = member };
        AddMembers(part, type, value, depth + 1);
        return part;
    }

    static SettingNode Item(Type type, int depth)
    {
        if (IsValue(type)) return new SettingLeaf(type, null, null);
        var item = new SettingObject();
        AddMembers(item, type, Activator.CreateInstance(type, nonPublic: true), depth + 1);
        return item;
    }

    static bool IsValue(Type type) => (Nullable.GetUnderlyingType(type) ?? type) is var bare
        && (bare.IsPrimitive || bare.IsEnum || bare == typeof(string) || bare == typeof(decimal) || bare == typeof(DateOnly) || bare == typeof(TimeOnly)
            || bare == typeof(DateTimeOffset) || bare == typeof(TimeSpan) || bare == typeof(Uri));
}
