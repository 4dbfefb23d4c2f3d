using Trading.Risk;

namespace Trading.Api;

/// <summary>A change of limits as a request brings it.</summary>
internal sealed class LimitsBody
{
    public string? Portfolio { get; private set; }
    public string ChangedBy { get; private set; } = "";
    public string Reason { get; private set; } = "";
    public long? ExpectedVersion { get; private set; }
    public LimitsPatch Limits { get; private set; } = new();

    public static readonly Shape<LimitsBody> Shape = new Shape<LimitsBody>()
        .Required("changed_by", Kinds.Text, (body, value) => body.ChangedBy = value, "Who changes the limits.", "risk-desk")
        .Required("reason", Kinds.Text, (body, value) => body.Reason = value, "Why.", "Quarterly review")
        .Required("limits", LimitsPatch.Shape, (body, value) => body.Limits = value,
            "The limits to replace: one that is absent stays as it is, null means no limit of that kind.")
        .Optional("expected_version", Kinds.Whole, (body, value) => body.ExpectedVersion = value,
            "Refuses the change with 409 where another version is in force.", 1)
        .Optional("portfolio", Kinds.PortfolioId, (body, value) => body.Portfolio = value, "The book; absent for the default one.");
}

/// <summary>The limits that a change replaces; the others stay.</summary>
internal sealed class LimitsPatch
{
    readonly List<Func<RiskLimits, RiskLimits>> _changes = [];

    public RiskLimits ApplyTo(RiskLimits limits) => _changes.Aggregate(limits, (changed, change) => change(changed));

    LimitsPatch And(Func<RiskLimits, RiskLimits> change)
    {
        _changes.Add(change);
        return this;
    }

    public static readonly Shape<LimitsPatch> Shape = new Shape<LimitsPatch>()
        .Settable("halted", Kinds.Flag, (patch, value) => patch.And(limits => limits with { Halted = value }),
            "True refuses every order that does not reduce a position.")
        .Clearable("max_order_notional", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MaxOrderNotional = value }),
            "Of one order, in the book's currency.", 250_000)
        .Clearable("max_position_weight", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxPositionWeight = value }),
            "Of one position, as a fraction of equity.", 0.08)
        .Clearable("max_gross_exposure", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxGrossExposure = value }),
            "Sum of absolute market values over equity.")
        .Clearable("max_net_exposure", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxNetExposure = value }),
            "Absolute sum of market values over equity.")
        .Clearable("max_sector_exposure", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxSectorExposure = value }),
            "Of one sector, as a fraction of equity.")
        .Clearable("max_value_at_risk_95", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxValueAtRisk95 = value }),
            "One-day loss at 95 %, as a fraction of equity.")
        .Clearable("max_expected_shortfall_97_5", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxExpectedShortfall975 = value }),
            "One-day mean loss beyond 97.5 %, as a fraction of equity.")
        .Clearable("max_drawdown", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxDrawdown = value }),
            "1 - equity / high-water mark.")
        .Clearable("min_cash", Kinds.Decimal, (patch, value) => patch.And(limits => limits with { MinCash = value }),
            "The cash that must remain after the trade, in the book's currency.")
        .Clearable("max_price_age_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { MaxPriceAgeSeconds = value }),
            "The age from which a price is stale.")
        .Settable("reservation_seconds", Kinds.Double, (patch, value) => patch.And(limits => limits with { ReservationSeconds = value }),
            "How long an approval holds its exposure without a fill.")
        .Must(patch => patch._changes.Count > 0, null, "required", "At least one limit must be given.");
}
