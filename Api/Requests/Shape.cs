using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Trading.Api;

/// <summary>What a JSON object of a request holds: one line for each member. It is read by this table, and described by it in the
/// API document, so that the two cannot differ. Members that it does not name, or that come twice, are errors.</summary>
/// <typeparam name="T">What the members are read into; a new one holds the defaults.</typeparam>
internal sealed class Shape<T> : Kind<T> where T : new()
{
    /// <summary>The member that names the book, in every body.</summary>
    const string BookMember = "portfolio";

    readonly List<Member> _members = [];
    readonly List<(Func<T, bool> Holds, string? Member, string Rule, string Message)> _rules = [];

    public override bool MayBeAbsent => !_members.Exists(member => member.IsRequired);

    /// <summary>A member that must be there and must not be null.</summary>
    public Shape<T> Required<TValue>(string name, Kind<TValue> kind, Action<T, TValue> set, string description, JsonNode? example = null) =>
        With(new Member<TValue>(name, kind, set, OnNull: null, IsRequired: true, description, example));

    /// <summary>A member that may be absent; null means absent.</summary>
    public Shape<T> Optional<TValue>(string name, Kind<TValue> kind, Action<T, TValue> set, string description, JsonNode? example = null) =>
        With(new Member<TValue>(name, kind, set, OnNull: _ => { }, IsRequired: false, description, example));

    /// <summary>A member that may be absent, but not null.</summary>
    public Shape<T> Settable<TValue>(string name, Kind<TValue> kind, Action<T, TValue> set, string description, JsonNode? example = null) =>
        With(new Member<TValue>(name, kind, set, OnNull: null, IsRequired: false, description, example));

    /// <summary>A member for which null is a value of its own, other than absence.</summary>
    public Shape<T> Clearable<TValue>(string name, Kind<TValue> kind, Action<T, TValue?> set, string description, JsonNode? example = null)
        where TValue : struct =>
        With(new Member<TValue>(name, kind, (body, value) => set(body, value), body => set(body, null), IsRequired: false, description, example));

    /// <summary>An object that may be absent, and for which null is a value of its own: it takes the object away.</summary>
    public Shape<T> Removable<TValue>(string name, Kind<TValue> kind, Action<T, TValue?> set, string description, JsonNode? example = null)
        where TValue : class =>
        With(new Member<TValue>(name, kind, set, body => set(body, null), IsRequired: false, description, example));

    /// <summary>The member that says who does it. A person is whoever their token says: they may leave it out, and may not say otherwise.
    /// A service that acts for persons says for whom.</summary>
    /// <param name="earlier">What it was called first, which is still taken.</param>
    public Shape<T> Who(Action<T, string> set, string description, JsonNode? example = null, Kind<string>? kind = null, string? earlier = null) =>
        With(new Member<string>(
            "by", kind ?? Kinds.Text, set, OnNull: null, IsRequired: false, $"{description} Absent: who asks.", example)
            { Speaks = Speaks.ForCaller, Earlier = earlier });

    /// <summary>The member that names a second person, who must have agreed by an approval of their own; a service that acts for persons
    /// names them.</summary>
    /// <param name="earlier">What it was called first, which is still taken.</param>
    public Shape<T> SecondPerson(Action<T, string> set, string description, JsonNode? example = null, string? earlier = null) =>
        With(new Member<string>(
            "second_person", Kinds.Text, set, OnNull: _ => { }, IsRequired: false, description, example)
            { Speaks = Speaks.ForAnother, Earlier = earlier });

    /// <summary>A rule of the members together, judged where each of them is sound.</summary>
    /// <param name="member">The member to name where it does not hold; null for the object as a whole.</param>
    public Shape<T> Must(Func<T, bool> holds, string? member, string rule, string message)
    {
        _rules.Add((holds, member, rule, message));
        return this;
    }

    public override bool TryRead(ref StrictJson json, out T body)
    {
        body = new();
        if (json.Token != JsonTokenType.StartObject) return json.Mistyped("an object");
        var before = json.ErrorCount;
        var seen = 0UL;
        var expected = 0; // most callers keep the order of the document, so that the first comparison matches
        while (json.Reader.Read() && json.Token == JsonTokenType.PropertyName)
            if (Find(json, expected) is { } index)
            {
                expected = index + 1;
                ReadMember(ref json, body, _members[index], isRepeated: (seen & 1UL << index) != 0);
                seen |= 1UL << index;
            }
            else
                PassOverUnknown(ref json);

        for (var index = 0; index < _members.Count; index++)
            if ((seen & 1UL << index) != 0)
                continue;
            else if (_members[index].Speaks == Speaks.ForCaller && json.Caller is { NamesOthers: false } caller)
                _members[index].Take(body, caller.Subject);
            else if (_members[index].Name == BookMember && !json.IsBookNamed)
                json.Means(GrainKeys.DefaultPortfolio);
            else if (_members[index].IsRequired || _members[index].Speaks == Speaks.ForCaller)
                Refuse(ref json, _members[index].Name, "required", $"{_members[index].Name} is required.");
        if (json.ErrorCount == before)
            foreach (var (holds, member, rule, message) in _rules)
                if (!holds(body)) Refuse(ref json, member, rule, message);
        return json.ErrorCount == before;
    }

    public override OpenApiSchema Describe() => new()
    {
        Type = JsonSchemaType.Object,
        Required = _members.Where(member => member.IsRequired).Select(member => member.Name).ToHashSet(),
        Properties = _members.SelectMany(member => member.Describe()).ToDictionary(),
        AdditionalPropertiesAllowed = false,
        Examples = Example() is { } example ? [example] : null,
    };

    Shape<T> With(Member member)
    {
        if (_members.Count == 64) throw new InvalidOperationException("A shape has at most 64 members.");
        _members.Add(member);
        return this;
    }

    JsonObject? Example()
    {
        var example = new JsonObject();
        foreach (var member in _members)
            if (member.Example is { } value) example[member.Name] = value.DeepClone();
        return example.Count > 0 ? example : null;
    }

    int? Find(in StrictJson json, int expected)
    {
        for (var step = 0; step < _members.Count; step++)
        {
            var index = (expected + step) % _members.Count;
            if (json.Is(_members[index].Name) || (_members[index].Earlier is { } earlier && json.Is(earlier))) return index;
        }

        return null;
    }

    static void ReadMember(ref StrictJson json, T body, Member member, bool isRepeated)
    {
        json.Enter(member.Earlier is { } earlier && json.Is(earlier) ? earlier : member.Name);
        json.Reader.Read();
        if (isRepeated)
        {
            json.Reader.Skip();
            json.Refuse("duplicate_member", $"{member.Name} is given more than once{(member.Earlier is null ? "" : $"; {member.Earlier} is its earlier name")}.");
        }
        else if (member.Speaks == Speaks.ForNobody || json.Token != JsonTokenType.String || IsTrue(ref json, member))
        {
            // null is as good as absent
            if (member.Name == BookMember && json.Caller is not null && (json.Token == JsonTokenType.String || !json.IsBookNamed))
                json.Means(json.Token == JsonTokenType.String ? json.Text() ?? "" : GrainKeys.DefaultPortfolio);
            member.Read(ref json, body);
        }

        json.Leave();
    }

    /// <summary>Whether a person is named who asks, or who has agreed.</summary>
    static bool IsTrue(ref StrictJson json, Member member)
    {
        if (json.Caller is not { NamesOthers: false } caller) return true;
        if (member.Speaks == Speaks.ForCaller)
            return json.Text() == caller.Subject || json.Refuse("other_subject", $"{json.Name} must be {caller.Subject}, who asks, or absent; it is {StrictJson.Shown(json.Text())}.");
        return (json.ApprovedBy is { } agreed && agreed != caller.Subject && json.Text() == agreed)
            || json.Refuse("not_approved", $"{json.Name} must be another person, whose approval of this request is in the header Approval; it is {StrictJson.Shown(json.Text())}.");
    }

    void PassOverUnknown(ref StrictJson json)
    {
        var name = json.Text();
        json.Reader.Read();
        json.Reader.Skip();
        var known = string.Join(", ", _members.Select(member => member.Name));
        Refuse(ref json, StrictJson.Short(name), "unknown_member", $"{StrictJson.Shown(name)} is not a member here; the members are {known}.");
    }

    static void Refuse(ref StrictJson json, string? member, string rule, string message)
    {
        if (member is not null) json.Enter(member);
        json.Refuse(rule, message);
        if (member is not null) json.Leave();
    }

    /// <summary>For whom a member speaks.</summary>
    enum Speaks
    {
        ForNobody,
        ForCaller,
        ForAnother,
    }

    abstract record Member(string Name, bool IsRequired, JsonNode? Example)
    {
        public Speaks Speaks { get; init; }

        /// <summary>What it was called first; null where it has had one name only.</summary>
        public string? Earlier { get; init; }
        public abstract void Take(T body, string text);
        public abstract void Read(ref StrictJson json, T body);
        public abstract OpenApiSchema Schema();

        public IEnumerable<KeyValuePair<string, IOpenApiSchema>> Describe()
        {
            yield return new(Name, Schema());
            if (Earlier is null) yield break;
            var schema = Schema();
            (schema.Description, schema.Deprecated, schema.Examples) = ($"The earlier name of {Name}.", true, null);
            yield return new(Earlier, schema);
        }
    }

    sealed record Member<TValue>(
        string Name, Kind<TValue> Kind, Action<T, TValue> Set, Action<T>? OnNull, bool IsRequired, string Description, JsonNode? Example)
        : Member(Name, IsRequired, Example)
    {
        public override void Take(T body, string text) => Set(body, (TValue)(object)text);

        public override void Read(ref StrictJson json, T body)
        {
            if (json.Token != JsonTokenType.Null)
            {
                if (Kind.TryRead(ref json, out var value)) Set(body, value);
            }
            else if (OnNull is not null)
                OnNull(body);
            else
                json.Refuse("required", $"{json.Name} must not be null.");
        }

        public override OpenApiSchema Schema()
        {
            var schema = Kind.Describe();
            schema.Description = Description;
            if (Example is not null) schema.Examples = [Example.DeepClone()];
            if (OnNull is not null) schema.Type |= JsonSchemaType.Null;
            return schema;
        }
    }
}
