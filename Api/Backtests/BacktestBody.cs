using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.OpenApi;

namespace Trading.Api;

/// <summary>What is to be tested.</summary>
internal sealed class BacktestBody
{
    public string? Id { get; private set; }
    public string? Test { get; private set; }
    public string? Sweep { get; private set; }

    public static readonly Shape<BacktestBody> Shape = new Shape<BacktestBody>()
        .Optional("id", Kinds.PortfolioId, (body, value) =>
            body.Id = value, "The id of the job; absent for one that follows from the rest.", "cross-1")
        .Optional("test", ObjectText.Kind, (body, value) => body.Test = value,
            "A test: symbols, interval, from and to (days, both included), cash, strategies (name, parameters, share), costs, execution, gate (kind: live or none, limits, allow_short), benchmark, seed.")
        .Optional("sweep", ObjectText.Kind, (body, value) => body.Sweep = value,
            "A sweep: test, ranges (least, most and step by parameter), draws, blocks.")
        .Must(body => body.Test is null != body.Sweep is null, "test", "one", "Give a test or a sweep, one of the two.");

    /// <summary>Errors of the test or the sweep, which know nothing of the body that it stood in, by their place in it.</summary>
    public ImmutableArray<FieldError> Placed(ImmutableArray<FieldError> errors)
    {
        var member = Test is null ? "sweep" : "test";
        return [.. errors.Select(error => error with { Field = $"{member}.{error.Field.TrimStart('$').TrimStart('.')}".TrimEnd('.') })];
    }

    /// <summary>An object that is read where it is understood; here it is kept as its text.</summary>
    sealed class ObjectText : Kind<string>
    {
        public static readonly ObjectText Kind = new();

        public override bool TryRead(ref StrictJson json, out string value)
        {
            value = "";
            if (json.Token != JsonTokenType.StartObject) return json.Mistyped("an object");
            using var document = JsonDocument.ParseValue(ref json.Reader);
            value = JsonSerializer.Serialize(document.RootElement); // the same text for the same content, however it was laid out
            return true;
        }

        public override OpenApiSchema Describe() => new() { Type = JsonSchemaType.Object };
    }
}
