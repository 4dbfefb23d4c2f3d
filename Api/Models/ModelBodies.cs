using Trading.Models;

namespace Trading.Api;

/// <summary>Which model to train again, and why.</summary>
internal sealed class RetrainBody
{
    public string? Symbol { get; private set; }
    public string Reason { get; private set; } = "asked for through the API";

    public static readonly Shape<RetrainBody> Shape = new Shape<RetrainBody>()
        .Optional("symbol", Kinds.Symbol, (body, value) => body.Symbol = value, "The ticker; absent for every symbol that has a model.", "IBM")
        .Optional("reason", Kinds.Text, (body, value) => body.Reason = value, "Why; kept with the training.", "new data");
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
