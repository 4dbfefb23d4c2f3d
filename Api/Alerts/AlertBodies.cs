using System.Collections.Immutable;
using System.Text.Json;
using Microsoft.OpenApi;
using Trading.Alerts;

namespace Trading.Api;

/// <summary>Who does something, and why.</summary>
internal sealed class PersonBody
{
    public string By { get; private set; } = "";
    public string Reason { get; private set; } = "";

    public static readonly Shape<PersonBody> Shape = new Shape<PersonBody>()
        .Who((body, value) => body.By = value, "Who.", "ada", Kinds.Words)
        .Required("reason", Kinds.Words, (body, value) => body.Reason = value, "Why.", "Looking into it");
}

/// <summary>What is held back, and for how long.</summary>
internal sealed class SilenceBody
{
    /// <summary>A week: what is silent for longer is forgotten.</summary>
    const double MaxMinutes = 10_080;

    const int MaxMatchers = 20;

    ImmutableSortedDictionary<string, string> _matchers = ImmutableSortedDictionary<string, string>.Empty;
    double _minutes;
    string _by = "";
    string _reason = "";

    public static readonly Shape<SilenceBody> Shape = new Shape<SilenceBody>()
        .Required("matchers", new LabelsKind(MaxMatchers), (body, value) => body._matchers = value,
            "Labels that must all be equal; alertname is the name of the alert.")
        .Required("minutes", Kinds.Double, (body, value) => body._minutes = value, "For how long.", 60)
        .Who((body, value) => body._by = value, "Who.", "ada", Kinds.Words)
        .Required("reason", Kinds.Words, (body, value) => body._reason = value, "Why.", "Planned restart")
        .Must(body => body._minutes is > 0 and <= MaxMinutes, "minutes", "range",
            $"minutes must be more than 0 and at most {MaxMinutes}.")
        .Must(body =>
            !body._matchers.IsEmpty, "matchers", "required", "matchers must name a label: a silence of everything hides everything.");

    public SilenceRequest ToRequest() => new(_matchers, _minutes, _by, _reason);
}

/// <summary>Alertmanager's message to webhooks, version 4. Members that are of no use here are passed over, since it
/// adds some now and then.</summary>
internal sealed class AlertmanagerBody
{
    public ImmutableArray<AlertSignal> Signals { get; private set; } = [];

    public static readonly Kind<AlertmanagerBody> Shape = new AlertmanagerKind();

    sealed class AlertmanagerKind : Kind<AlertmanagerBody>
    {
        const int MaxAlerts = 10_000, MaxLabels = 50, MaxText = 1_000;

        public override int MaxBytes => 16 << 20;

        public override bool TryRead(ref StrictJson json, out AlertmanagerBody body)
        {
            body = new();
            if (json.Token != JsonTokenType.StartObject) return json.Mistyped("an object");
            var before = json.ErrorCount;
            var seen = false;
            while (json.Reader.Read() && json.Token == JsonTokenType.PropertyName)
            {
                var isAlerts = json.Is("alerts");
                json.Reader.Read();
                if (!isAlerts)
                {
                    json.Reader.Skip();
                    continue;
                }

                seen = true;
                json.Enter("alerts");
                var items = Kinds.ArrayOf(new ItemKind(), MaxAlerts, MaxBytes);
                if (items.TryRead(ref json, out var signals)) body.Signals = signals;
                json.Leave();
            }

            return seen ? json.ErrorCount == before : json.Refuse("required", "alerts is required.");
        }

        public override OpenApiSchema Describe() => new()
        {
            Type = JsonSchemaType.Object,
            Description = "Alertmanager's webhook message, version 4; of it alerts are read, with status, labels and annotations.summary.",
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["alerts"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.Object },
                },
            },
        };

        sealed class ItemKind : Kind<AlertSignal>
        {
            static readonly LabelsKind Labels = new(MaxLabels);

            public override bool TryRead(ref StrictJson json, out AlertSignal signal)
            {
                signal = new("", AlertSeverity.Warning, ImmutableSortedDictionary<string, string>.Empty, "",
                    AlertState.Firing, "alertmanager");
                if (json.Token != JsonTokenType.StartObject) return json.Mistyped("an object");
                var before = json.ErrorCount;
                var (labels, annotations, status) = (signal.Labels, signal.Labels, (string?)null);
                while (json.Reader.Read() && json.Token == JsonTokenType.PropertyName)
                {
                    var name = json.Text();
                    json.Reader.Read();
                    if (name is "labels" or "annotations")
                    {
                        json.Enter(name);
                        if (Labels.TryRead(ref json, out var read))
                            (labels, annotations) = name == "labels" ? (read, annotations) : (labels, read);
                        json.Leave();
                    }
                    else if (name == "status" && json.Token == JsonTokenType.String) status = json.Text();
                    else json.Reader.Skip();
                }

                if (status is not ("firing" or "resolved")) json.Refuse("one_of", "status must be firing or resolved.");
                if (labels.GetValueOrDefault("alertname") is not { Length: > 0 } alert)
                    return json.Refuse("required", "labels.alertname is required.");
                signal = signal with
                {
                    Name = alert,
                    Severity = SeverityOf(labels.GetValueOrDefault("severity")),
                    Labels = labels.Remove("alertname").Remove("severity"),
                    Summary = Short(annotations.GetValueOrDefault("summary")
                        ?? annotations.GetValueOrDefault("description") ?? alert),
                    State = status == "resolved" ? AlertState.Resolved : AlertState.Firing,
                };
                return json.ErrorCount == before;
            }

            public override OpenApiSchema Describe() => new() { Type = JsonSchemaType.Object };

            static AlertSeverity SeverityOf(string? word) => word switch
            {
                "critical" or "page" => AlertSeverity.Critical,
                "info" or "none" => AlertSeverity.Info,
                _ => AlertSeverity.Warning,
            };

            static string Short(string text) => text.Length <= MaxText ? text : text[..MaxText];
        }
    }
}

/// <summary>Names with texts.</summary>
internal sealed class LabelsKind(int most) : Kind<ImmutableSortedDictionary<string, string>>
{
    const int MaxLength = 1_000;

    public override bool TryRead(ref StrictJson json, out ImmutableSortedDictionary<string, string> value)
    {
        value = ImmutableSortedDictionary<string, string>.Empty;
        if (json.Token != JsonTokenType.StartObject) return json.Mistyped("an object");
        var before = json.ErrorCount;
        var labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        while (json.Reader.Read() && json.Token == JsonTokenType.PropertyName)
        {
            var name = json.Text();
            json.Reader.Read();
            if (json.Token != JsonTokenType.String || name is not { Length: > 0 and <= MaxLength }
                || json.Text() is not { Length: <= MaxLength } text)
            {
                json.Refuse("form", $"{StrictJson.Shown(name)} must be a text of at most {MaxLength} characters.");
                json.Reader.Skip();
                continue;
            }

            labels[name] = text;
        }

        if (labels.Count > most) json.Refuse("max_items",
            $"{json.Name} may have at most {most} members; it has {labels.Count}.");
        value = labels.ToImmutable();
        return json.ErrorCount == before;
    }

    public override OpenApiSchema Describe() => new()
    {
        Type = JsonSchemaType.Object,
        AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String },
        MaxProperties = most,
    };
}
