using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace Trading.Api;

/// <summary>Walks a request body once and collects everything that is wrong with its shape, each finding with its path,
/// instead of stopping at the first.</summary>
internal ref struct StrictJson
{
    /// <summary>The most findings that one answer lists; the last of them says that there are more.</summary>
    public const int MaxErrors = 100;

    const int MaxDepth = 16;
    const int MaxShownLength = 64;

    public Utf8JsonReader Reader;
    Path _path;
    int _depth;
    ImmutableArray<FieldError>.Builder? _errors;

    public StrictJson(ReadOnlySpan<byte> body) : this() => Reader = new(body, new JsonReaderOptions { MaxDepth = MaxDepth });

    public int ErrorCount { get; private set; }

    /// <summary>Who asks; null where a body is read for nobody.</summary>
    public Caller? Caller { get; init; }

    /// <summary>Who has agreed to the request beside its caller; null for nobody.</summary>
    public string? ApprovedBy { get; init; }

    /// <summary>Whether the query says which book is meant, so that a body need not.</summary>
    public bool IsBookNamed { get; init; }

    /// <summary>The first book that is meant and that the caller may not use; null for none.</summary>
    public string? ForbiddenBook { get; private set; }

    /// <summary>The body means this book.</summary>
    public void Means(string book)
    {
        if (Caller is { Books: not null } && !Caller.MayUse(book)) ForbiddenBook ??= book;
    }

    public readonly ImmutableArray<FieldError> Errors => _errors?.ToImmutable() ?? [];

    public readonly JsonTokenType Token => Reader.TokenType;

    public void Enter(string member) => _path[_depth++] = new(member, 0);

    public void Enter(int index) => _path[_depth++] = new(null, index);

    public void Leave() => _depth--;

    /// <summary>Notes that the value at the present place breaks a rule.</summary>
    /// <returns>False, for the caller to return.</returns>
    public bool Refuse(string rule, string message)
    {
        ErrorCount++;
        _errors ??= ImmutableArray.CreateBuilder<FieldError>();
        if (_errors.Count < MaxErrors - 1)
            _errors.Add(new(PathText(), rule, message));
        else if (_errors.Count < MaxErrors)
            _errors.Add(new("$", "more", $"There are more errors; only the first {MaxErrors - 1} are listed."));
        return false;
    }

    /// <summary>Notes a value of the wrong JSON type, and passes over it.</summary>
    public bool Mistyped(string expected)
    {
        var found = Token switch
        {
            JsonTokenType.String => "a string",
            JsonTokenType.Number => "a number",
            JsonTokenType.StartObject => "an object",
            JsonTokenType.StartArray => "an array",
            JsonTokenType.Null => "null",
            _ => "a boolean",
        };
        Reader.Skip();
        return Refuse("type", $"{Name} must be {expected}; it is {found}.");
    }

    /// <summary>The text of the present string or member name; null where its escapes or bytes are not Unicode.</summary>
    public readonly string? Text()
    {
        try
        {
            return Reader.GetString();
        }
        catch (InvalidOperationException) // what the reader throws on half of a surrogate pair or broken UTF-8
        {
            return null;
        }
    }

    /// <summary>Whether the present string or member name is this text; false for one that is not Unicode.</summary>
    public readonly bool Is(string text) => Reader.ValueIsEscaped ? Text() == text : Reader.ValueTextEquals(text);

    /// <summary>What a message calls the present place.</summary>
    public readonly string Name => _depth == 0 ? "The body" : _path[_depth - 1].Member ?? PathText();

    /// <summary>The error of a text that is no JSON, at the place where reading stopped.</summary>
    public readonly FieldError SyntaxError(JsonException error)
    {
        var line = (error.LineNumber ?? 0) + 1;
        var words = error.Message.Split(" LineNumber:", 2)[0].Replace(" Change the reader options.", "", StringComparison.Ordinal);
        var path = _depth == 0 ? "$" : _path[0].Member is null ? "$" + PathText() : "$." + PathText();
        return new(path, "json", $"Line {line}, byte {error.BytePositionInLine ?? 0}: {words}", line);
    }

    /// <summary>A caller's text, quoted, plain and short enough to be repeated in a message.</summary>
    public static string Shown(string? text) => text is null ? "not Unicode" : $"'{Short(text)}'";

    public static string Short(string? text) =>
        text is null ? "?" : PlainText.Of(text.Length <= MaxShownLength ? text : $"{text.AsSpan(0, MaxShownLength)}…");

    readonly string PathText()
    {
        if (_depth == 0) return "$";
        var text = new StringBuilder();
        for (var level = 0; level < _depth; level++)
            if (_path[level] is { Member: { } member }) text.Append(level > 0 ? "." : "").Append(member);
            else text.Append(CultureInfo.InvariantCulture, $"[{_path[level].Index}]");
        return text.ToString();
    }

    readonly record struct Step(string? Member, int Index);

    /// <summary>Deeper than any shape; what is deeper still is passed over, not entered.</summary>
    [InlineArray(8)]
    struct Path
    {
        Step _first;
    }
}
