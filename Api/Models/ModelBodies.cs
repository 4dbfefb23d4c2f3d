using Trading.Models;

namespace Trading.Api;

/// <summary>Which model to train again, and why.</summary>
internal sealed class RetrainBody
{
    public string? Symbol { get; private set; }
    public string Reason { get; private set; } = "asked for through the API";
    string? _label;
    long? _horizon;
    double? _above, _below, _threshold;

    /// <summary>What the model is to learn from now on; null where nothing is said of it.</summary>
    public LabelChoice? Label => _label is null ? null : new(_label, (int?)_horizon, _above, _below, _threshold);

    public static readonly Shape<RetrainBody> Shape = new Shape<RetrainBody>()
        .Optional("symbol", Kinds.Symbol, (body, value) => body.Symbol = value, "The ticker; absent for every symbol that has a model.", "IBM")
        .Optional("reason", Kinds.Text, (body, value) => body.Reason = value, "Why; kept with the training.", "new data")
        .Optional("label", Kinds.ModelLabel, (body, value) => body._label = value,
            "What the model learns from now on, until another is asked for; absent to leave it as it is. configured goes back to the settings.", LabelChoice.TripleBarrier)
        .Optional("horizon", Kinds.Whole, (body, value) => body._horizon = value, "Sessions that the label looks ahead, 1 to 63; by default 1.", 10)
        .Optional("barrier_above", Kinds.Double, (body, value) => body._above = value,
            "Of triple_barrier: distance of the upper barrier in volatilities over the horizon, above 0 to 10; by default 1.", 1.5)
        .Optional("barrier_below", Kinds.Double, (body, value) => body._below = value,
            "Of triple_barrier: distance of the lower barrier in volatilities over the horizon, above 0 to 10; by default 1.", 1)
        .Optional("label_threshold", Kinds.Double, (body, value) => body._threshold = value,
            "Of scaled_return: volatilities over the horizon that a return must be above, -3 to 3; by default 0.5.")
        .Must(body => body._label is not null || (body._horizon ?? body._above ?? body._below ?? body._threshold) is null,
            "label", "required", "label is required where one of its parameters is given.")
        .Must(body => body._label is null || body.Symbol is not null, "symbol", "required", "symbol is required where a label is given.")
        .Must(body => body._horizon is null or (>= int.MinValue and <= int.MaxValue), "horizon", "range", "horizon can be from 1 to 63.");
}

/// <summary>Which training to end.</summary>
internal sealed class CancelTrainingBody
{
    public string Symbol { get; private set; } = "";

    public static readonly Shape<CancelTrainingBody> Shape = new Shape<CancelTrainingBody>()
        .Required("symbol", Kinds.Symbol, (body, value) => body.Symbol = value, "The ticker.", "IBM");
}

/// <summary>Which version to put into use, or to go back to.</summary>
internal sealed class VersionBody
{
    public string Symbol { get; private set; } = "";
    long? _version;
    string _by = "";
    string _reason = "";
    string? _secondPerson;

    public static readonly Shape<VersionBody> Shape = new Shape<VersionBody>()
        .Required("symbol", Kinds.Symbol, (body, value) => body.Symbol = value, "The ticker.", "IBM")
        .Who((body, value) => body._by = value, "Who decides it.", "quant-desk")
        .Required("reason", Kinds.Text, (body, value) => body._reason = value, "Why.", "Better in shadow for a quarter")
        .Optional("version", Kinds.Whole, (body, value) => body._version = value,
            "Absent for the one in shadow, or the one that was in use before.", 3)
        .SecondPerson((body, value) => body._secondPerson = value, "Who agrees; needed to promote what the gate did not.", "head-of-risk")
        .Must(body => body._version is null or (>= 1 and <= int.MaxValue), "version", "range", "version must be a whole number from 1.");

    public ModelCommand ToCommand() => new((int?)_version, _by, _reason, _secondPerson);
}
