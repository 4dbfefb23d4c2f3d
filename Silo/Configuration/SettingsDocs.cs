using System.Collections.Concurrent;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Trading.Configuration;

/// <summary>What the code says of a setting, from the documentation files beside the program.</summary>
static partial class SettingsDocs
{
    static readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> Files = [];

    /// <summary>Empty where nothing is said.</summary>
    public static string Of(MemberInfo member)
    {
        var (owner, kind) = member is Type type ? (type, "T") : (member.DeclaringType!, "P");
        var name = (owner.FullName ?? owner.Name).Replace('+', '.') + (kind == "P" ? $".{member.Name}" : "");
        return Files.GetOrAdd(owner.Assembly.GetName().Name!, Read).GetValueOrDefault($"{kind}:{name}") ?? "";
    }

    static Dictionary<string, string> Read(string assembly)
    {
        var path = Path.Combine(AppContext.BaseDirectory, $"{assembly}.xml");
        if (!File.Exists(path)) return [];
        return XDocument.Load(path).Descendants("member")
            .Where(member => member.Element("summary") is not null)
            .ToDictionary(member => (string)member.Attribute("name")!, member => Text(member.Element("summary")!));
    }

    static string Text(XElement summary) => Spaces().Replace(string.Concat(summary.Nodes().Select(Text)), " ").Trim();

    static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" } see => ((string?)see.Attribute("cref") ?? (string?)see.Attribute("langword") ?? "") is var name
            ? name[(name.LastIndexOf('.') + 1)..] : "",
        XElement other => string.Concat(other.Nodes().Select(Text)),
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
