using Trading.Risk;

namespace Trading.Api;

/// <summary>A node's limits as a request brings them; one that is absent or null is none.</summary>
internal sealed class BudgetBody
{
    public string ChangedBy { get; private set; } = "";
    public string Reason { get; private set; } = "";
    public BudgetAmounts Limit { get; private set; } = BudgetAmounts.Unlimited;

    public static readonly Shape<BudgetBody> Shape = new Shape<BudgetBody>()
        .Who((body, value) => body.ChangedBy = value, "Who sets the limits.", "risk-desk", earlier: "changed_by")
        .Required("reason", Kinds.Text, (body, value) => body.Reason = value, "Why.", "Annual budget")
        .Optional("gross_exposure", Kinds.Decimal, (body, value) => body.Limit = body.Limit with { Gross = value }, "Money.", 50_000_000)
        .Optional("net_exposure", Kinds.Decimal, (body, value) => body.Limit = body.Limit with { Net = value }, "Money.", 20_000_000)
        .Optional("expected_shortfall_97_5", Kinds.Decimal, (body, value) => body.Limit = body.Limit with { Shortfall = value }, "Money, one day.", 1_500_000);
}

/// <summary>Where a book belongs, as a request brings it.</summary>
internal sealed class HierarchyBody
{
    public string? Portfolio { get; private set; }
    public string? Parent { get; private set; }
    public string ChangedBy { get; private set; } = "";
    public string Reason { get; private set; } = "";

    public static readonly Shape<HierarchyBody> Shape = new Shape<HierarchyBody>()
        .Optional("parent", Kinds.Text, (body, value) => body.Parent = value, "firm, or desk/ and the desk's id; null or absent takes the book out.", "desk/equities")
        .Who((body, value) => body.ChangedBy = value, "Who assigns the book.", "risk-desk", earlier: "changed_by")
        .Required("reason", Kinds.Text, (body, value) => body.Reason = value, "Why.", "New desk")
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.");
}
