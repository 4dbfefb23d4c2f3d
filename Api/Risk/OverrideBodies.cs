namespace Trading.Api;

/// <summary>A temporary change of limits as a request brings it.</summary>
internal sealed class OverrideBody
{
    public string? Portfolio { get; private set; }
    public string Owner { get; private set; } = "";
    public string? Approver { get; private set; }
    public string Reason { get; private set; } = "";
    public double Minutes { get; private set; }
    public LimitsPatch Limits { get; private set; } = new();

    public static readonly Shape<OverrideBody> Shape = new Shape<OverrideBody>()
        .Who((body, value) => body.Owner = value, "Who answers for it.", "ada", earlier: "owner")
        .SecondPerson((body, value) => body.Approver = value, "The second person, not the owner; needed where a limit is loosened.", "grace", earlier: "approver")
        .Required("reason", Kinds.Text, (body, value) => body.Reason = value, "Why.", "Index rebalancing")
        .Required("minutes", Kinds.Double, (body, value) => body.Minutes = value, "How long it lasts: over 0, at most 43,200.", 90)
        .Required("limits", LimitsPatch.Shape, (body, value) => body.Limits = value, "The limits to replace meanwhile; numbers only, null for no limit.")
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.");
}

/// <summary>Who ends an override before its time.</summary>
internal sealed class CancelBody
{
    public string By { get; private set; } = "";
    public string Reason { get; private set; } = "";

    public static readonly Shape<CancelBody> Shape = new Shape<CancelBody>()
        .Who((body, value) => body.By = value, "Who ends it.", "ada")
        .Required("reason", Kinds.Text, (body, value) => body.Reason = value, "Why.", "Done early");
}
