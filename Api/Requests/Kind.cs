using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using Trading.MarketData;
using Trading.Operations;

namespace Trading.Api;

/// <summary>One kind of JSON value: how it is read strictly, and how it is described in the API document.</summary>
internal abstract class Kind<T>
{
    /// <summary>The longest body of this kind, in bytes.</summary>
    public virtual int MaxBytes => 64 * 1024;

    /// <summary>Whether a request may come without a body, which then means the default.</summary>
    public virtual bool MayBeAbsent => false;

    /// <summary>Reads the present value; where it breaks a rule, the reader has the findings and stands at the value's end.</summary>
    public abstract bool TryRead(ref StrictJson json, out T value);

    public abstract OpenApiSchema Describe();
}

/// <summary>Text of a given form.</summary>
internal sealed class TextKind(string words, string? pattern, Func<string?, bool> isWellFormed) : Kind<string>
{
    /// <summary>Whether no message repeats what was given.</summary>
    public bool IsSecret { get; init; }

    /// <summary>The error of a text that does not have the form, else null.</summary>
    public FieldError? Check(string field, string? text) =>
        isWellFormed(text) ? null : new(field, "form", $"{field} must be {words}{(IsSecret ? "" : $"; it is {StrictJson.Shown(text)}")}.");

    public override bool TryRead(ref StrictJson json, out string value)
    {
        value = "";
        if (json.Token != JsonTokenType.String) return json.Mistyped("a string");
        if (json.Text() is not { } text) return json.Refuse("unicode", $"{json.Name} must be Unicode text.");
        value = text;
        return Check(json.Name, text) is not { } error || json.Refuse(error.Rule, error.Message);
    }

    public override OpenApiSchema Describe() => new() { Type = JsonSchemaType.String, Pattern = pattern };
}

/// <summary>The kinds that the request bodies are made of.</summary>
internal static class Kinds
{
    delegate bool Parser<T>(ref Utf8JsonReader json, out T value);

    public static readonly TextKind Text = new("text", null, _ => true);

    public static readonly TextKind PortfolioId = new(
        $"1 to {GrainKeys.MaxLength} lower-case letters, digits, '-' or '_', beginning with a letter or digit",
        "^[a-z0-9][a-z0-9_-]{0,63}$", GrainKeys.IsPortfolioId);

    public static readonly TextKind DecisionId = new(
        "a portfolio, ':' and the decision's number", "^[a-z0-9][a-z0-9_-]{0,63}:[1-9][0-9]{0,17}$", GrainKeys.IsDecisionId);

    public static readonly TextKind Symbol = new(
        $"1 to {GrainKeys.MaxLength} letters, digits or any of . - / = ^", @"^[A-Za-z0-9.\-/=^]{1,64}$", GrainKeys.IsSymbol);

    public static readonly TextKind Subject = new(
        "1 to 64 letters, digits or any of . _ - @, beginning with a letter or digit", "^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$", GrainKeys.IsSubject);

    /// <summary>A password that is to be checked: what it is made of is told to nobody.</summary>
    public static readonly TextKind Password = new(
        $"at most {Passwords.MaxLength} characters", null, text => text is { Length: >= 1 and <= Passwords.MaxLength }) { IsSecret = true };

    public static readonly TextKind NewPassword = new(
        $"{Passwords.MinLength} to {Passwords.MaxLength} characters", null, text => text is { Length: >= Passwords.MinLength and <= Passwords.MaxLength }) { IsSecret = true };

    public static readonly TextKind Sha256 = new(
        "64 hexadecimal digits", "^[0-9a-f]{64}$", text => text is { Length: 64 } && text.All(char.IsAsciiHexDigitLower));

    public static readonly TextKind Sequence = new(
        "a whole number", "^[0-9]{1,18}$", text => text is { Length: >= 1 and <= 18 } && text.All(char.IsAsciiDigit));

    public static readonly TextKind MacroSeries = new(
        $"1 to {GrainKeys.MaxLength} letters, digits, '_', '.' or '-', beginning with a letter or digit", "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$", GrainKeys.IsMacroSeries);

    public static readonly TextKind Moment = new(
        "a date, or a date and time with its zone (ISO 8601)", @"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,7})?)?(Z|[+-]\d{2}:\d{2}))?$", Moments.IsWellFormed);

    public static readonly TextKind Limit = new(
        $"a whole number from 1 to {BarQuery.MaxLimit}", "^[1-9][0-9]{0,4}$",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= BarQuery.MaxLimit);

    public static readonly TextKind Hours = new(
        $"a whole number from 1 to {SystemMetrics.MaxHours}", "^[1-9][0-9]{0,2}$",
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && hours is >= 1 and <= SystemMetrics.MaxHours);

    public static readonly TextKind Fingerprint = new(
        "16 hexadecimal digits in lower case", "^[0-9a-f]{16}$", text => text is { Length: 16 } && text.All(char.IsAsciiHexDigitLower));

    public static readonly TextKind Rate = OneOfTexts(Enumerable.Range(1, 10).Select(rate => $"{rate}"));

    public static readonly TextKind AlertStates = OneOfTexts(["firing", "resolved"]);

    public static readonly TextKind IntervalCode = OneOfTexts(Enum.GetValues<BarInterval>().Select(BarIntervals.Code));

    public static readonly TextKind Switch = OneOfTexts(["true", "false"]);

    public static readonly TextKind ModelLabel = OneOfTexts([.. Trading.Models.LabelChoice.Names, Trading.Models.LabelChoice.Configured]);

    public static readonly TextKind OnError = OneOfTexts(["stop", "skip"]);

    public static readonly TextKind SourceName = new(
        "1 to 64 lower-case letters, digits, '-' or '_', beginning with a letter or digit", "^[a-z0-9][a-z0-9_-]{0,63}$", GrainKeys.IsPortfolioId);

    /// <summary>Words of a person: who, or why.</summary>
    public static readonly TextKind Words = new(
        "1 to 200 characters, not all of them blank", @"^(?=.*\S).{1,200}$", text => text is { Length: <= 200 } && !string.IsNullOrWhiteSpace(text));

    public static readonly TextKind Currency = new(
        "three capital letters (ISO 4217)", "^[A-Z]{3}$", text => text is { Length: 3 } && text.All(char.IsAsciiLetterUpper));

    public static readonly Kind<decimal> Decimal = new NumberKind<decimal>("a number within ±7.9e28", "double",
        (ref json, out value) => json.TryGetDecimal(out value));

    public static readonly Kind<double> Double = new NumberKind<double>("a finite number", "double",
        (ref json, out value) => json.TryGetDouble(out value) && double.IsFinite(value));

    public static readonly Kind<long> Whole = new NumberKind<long>("a whole number", "int64",
        (ref json, out value) => json.TryGetInt64(out value));

    public static readonly Kind<bool> Flag = new FlagKind();

    static TextKind OneOfTexts(IEnumerable<string> choices)
    {
        string[] all = [.. choices];
        return new(string.Join(" or ", all), $"^({string.Join('|', all)})$", text => all.Contains(text));
    }

    public static Kind<T> OneOf<T>(params (string Name, T Value)[] choices) => new ChoiceKind<T>(choices);

    public static Kind<ImmutableArray<T>> ArrayOf<T>(Kind<T> item, int maxItems, int maxBytes) => new ArrayKind<T>(item, maxItems, maxBytes);

    sealed class NumberKind<T>(string words, string format, Parser<T> parse) : Kind<T> where T : struct
    {
        public override bool TryRead(ref StrictJson json, out T value)
        {
            value = default;
            if (json.Token != JsonTokenType.Number) return json.Mistyped("a number");
            return parse(ref json.Reader, out value) || json.Refuse("range", $"{json.Name} must be {words}.");
        }

        public override OpenApiSchema Describe() =>
            new() { Type = format == "int64" ? JsonSchemaType.Integer : JsonSchemaType.Number, Format = format };
    }

    sealed class FlagKind : Kind<bool>
    {
        public override bool TryRead(ref StrictJson json, out bool value)
        {
            value = json.Token == JsonTokenType.True;
            return value || json.Token == JsonTokenType.False || json.Mistyped("true or false");
        }

        public override OpenApiSchema Describe() => new() { Type = JsonSchemaType.Boolean };
    }

    sealed class ChoiceKind<T>((string Name, T Value)[] choices) : Kind<T>
    {
        public override bool TryRead(ref StrictJson json, out T value)
        {
            value = choices[0].Value;
            if (json.Token != JsonTokenType.String) return json.Mistyped("a string");
            foreach (var choice in choices)
                if (json.Is(choice.Name))
                {
                    value = choice.Value;
                    return true;
                }

            var names = string.Join(" or ", choices.Select(choice => choice.Name));
            return json.Refuse("one_of", $"{json.Name} must be {names}; it is {StrictJson.Shown(json.Text())}.");
        }

        public override OpenApiSchema Describe() => new()
        {
            Type = JsonSchemaType.String,
            Enum = [.. choices.Select(choice => (JsonNode)choice.Name)],
        };
    }

    sealed class ArrayKind<T>(Kind<T> item, int maxItems, int maxBytes) : Kind<ImmutableArray<T>>
    {
        public override int MaxBytes => maxBytes;

        public override bool TryRead(ref StrictJson json, out ImmutableArray<T> value)
        {
            value = [];
            if (json.Token != JsonTokenType.StartArray) return json.Mistyped("an array");
            var before = json.ErrorCount;
            var items = ImmutableArray.CreateBuilder<T>();
            var count = 0;
            for (; json.Reader.Read() && json.Token != JsonTokenType.EndArray; count++)
            {
                if (count >= maxItems)
                {
                    json.Reader.Skip();
                    continue;
                }

                json.Enter(count);
                if (item.TryRead(ref json, out var next)) items.Add(next);
                json.Leave();
            }

            if (count > maxItems) json.Refuse("max_items", $"{json.Name} may hold at most {maxItems} items; it holds {count}.");
            value = items.DrainToImmutable();
            return json.ErrorCount == before;
        }

        public override OpenApiSchema Describe() => new() { Type = JsonSchemaType.Array, Items = item.Describe(), MaxItems = maxItems };
    }
}
