using System.Collections.Immutable;
using System.Text.Json;

namespace Trading.Risk;

/// <summary>Writes decisions property by property into memory of its own, because half of the time that a decision takes would else be its
/// serializer's. A test holds the bytes to those of the platform.</summary>
/// <remarks>Not for use by several threads at once.</remarks>
sealed class DecisionWriter
{
    static readonly byte[][] Rules = Names<RiskRule>();
    static readonly byte[][] Sides = Names<Side>();

    readonly JsonText _json = new();

    /// <exception cref="ArgumentException">A number is not finite.</exception>
    /// <returns>Until the next is written.</returns>
    public ReadOnlySpan<byte> Write(SignalDecision decision)
    {
        _json.Clear();
        Put("{\"decision_id\":"u8, decision.DecisionId);
        Put(",\"portfolio\":"u8, decision.Portfolio);
        Put(",\"client_order_id\":"u8, decision.ClientOrderId);
        Put(",\"symbol\":"u8, decision.Symbol);
        _json.Raw(",\"action\":"u8);
        _json.Raw(Sides[(int)decision.Action]);
        Put(",\"quantity\":"u8, decision.Quantity);
        Put(",\"confidence\":"u8, decision.Confidence);
        Put(",\"limit_price\":"u8, decision.LimitPrice);
        Put(",\"reference_price\":"u8, decision.ReferencePrice);
        _json.Raw(decision.Approved ? ",\"approved\":true"u8 : ",\"approved\":false"u8);
        Put(",\"reserved_price\":"u8, decision.ReservedPrice);
        Put(",\"expires_at\":"u8, decision.ExpiresAt);
        Put(",\"max_allowed_quantity\":"u8, decision.MaxAllowedQuantity);
        Put(decision.Violations);
        Put(",\"before\":"u8, decision.Before);
        Put(",\"after\":"u8, decision.After);
        Put(decision.Headroom);
        Put(",\"limits_version\":"u8, (decimal)decision.LimitsVersion);
        Put(",\"risk_method\":"u8, decision.RiskMethod);
        Put(",\"decided_at\":"u8, decision.DecidedAt);
        if (decision.Strategy is not null) Put(",\"strategy\":"u8, decision.Strategy);
        if (decision.LimitsId is not null) Put(",\"limits_id\":"u8, decision.LimitsId);
        if (decision.RiskWindow is not null) Put(",\"risk_window\":"u8, decision.RiskWindow);
        if (decision.RiskWindowBefore is not null) Put(",\"risk_window_before\":"u8, decision.RiskWindowBefore);
        if (decision.ReduceOnly) _json.Raw(",\"reduce_only\":true"u8);
        if (decision.ReservedQuantity is not null) Put(",\"reserved_quantity\":"u8, decision.ReservedQuantity);
        if (decision.Currency is not null) Put(",\"currency\":"u8, decision.Currency);
        if (decision.FxRate is not null) Put(",\"fx_rate\":"u8, decision.FxRate);
        if (decision.FxPeg is not null) Put(",\"fx_peg\":"u8, decision.FxPeg);
        if (decision.By is not null) Put(",\"by\":"u8, decision.By);
        _json.Raw("}"u8);
        return _json.Written;
    }

    void Put(ImmutableArray<RiskViolation> violations)
    {
        _json.Raw(",\"violations\":["u8);
        for (var i = 0; i < violations.Length; i++)
        {
            var violation = violations[i];
            _json.Raw(i == 0 ? "{\"code\":"u8 : ",{\"code\":"u8);
            _json.Raw(Rules[(int)violation.Code]);
            Put(",\"observed\":"u8, violation.Observed);
            Put(",\"limit\":"u8, violation.Limit);
            Put(",\"unit\":"u8, violation.Unit);
            Put(",\"detail\":"u8, violation.Detail);
            _json.Raw("}"u8);
        }

        _json.Raw("]"u8);
    }

    void Put(ImmutableArray<LimitUsage> headroom)
    {
        _json.Raw(",\"headroom\":["u8);
        for (var i = 0; i < headroom.Length; i++)
        {
            var usage = headroom[i];
            _json.Raw(i == 0 ? "{\"code\":"u8 : ",{\"code\":"u8);
            _json.Raw(Rules[(int)usage.Code]);
            Put(",\"observed\":"u8, usage.Observed);
            Put(",\"limit\":"u8, usage.Limit);
            Put(",\"headroom\":"u8, usage.Headroom);
            Put(",\"unit\":"u8, usage.Unit);
            _json.Raw("}"u8);
        }

        _json.Raw("]"u8);
    }

    void Put(ReadOnlySpan<byte> name, BookMeasures? measures)
    {
        _json.Raw(name);
        if (measures is null)
        {
            _json.Raw("null"u8);
            return;
        }

        Put("{\"equity\":"u8, measures.Equity);
        Put(",\"cash\":"u8, measures.Cash);
        Put(",\"gross_exposure\":"u8, measures.GrossExposure);
        Put(",\"net_exposure\":"u8, measures.NetExposure);
        Put(",\"value_at_risk_95\":"u8, measures.ValueAtRisk95);
        Put(",\"expected_shortfall_97_5\":"u8, measures.ExpectedShortfall975);
        Put(",\"position_weight\":"u8, measures.PositionWeight);
        Put(",\"sector_weight\":"u8, measures.SectorWeight);
        Put(",\"drawdown\":"u8, measures.Drawdown);
        Put(",\"value_at_risk_99\":"u8, measures.ValueAtRisk99);
        if (measures.StrategyWeight is not null) Put(",\"strategy_weight\":"u8, measures.StrategyWeight);
        Put(",\"daily_loss\":"u8, measures.DailyLoss);
        _json.Raw("}"u8);
    }

    void Put(ReadOnlySpan<byte> name, RiskWindow window)
    {
        _json.Raw(name);
        Put("{\"sample\":"u8, (decimal)window.Sample);
        _json.Raw(",\"from\":"u8);
        _json.Date(window.From);
        _json.Raw(",\"to\":"u8);
        _json.Date(window.To);
        _json.Raw("}"u8);
    }

    void Put(ReadOnlySpan<byte> name, string? value)
    {
        _json.Raw(name);
        _json.Text(value);
    }

    void Put(ReadOnlySpan<byte> name, decimal? value)
    {
        _json.Raw(name);
        _json.Number(value);
    }

    void Put(ReadOnlySpan<byte> name, double? value)
    {
        _json.Raw(name);
        _json.Number(value);
    }

    void Put(ReadOnlySpan<byte> name, DateTimeOffset? value)
    {
        _json.Raw(name);
        _json.Time(value);
    }

    /// <summary>The JSON of every value, in the order of their numbers, which are 0, 1, 2 ….</summary>
    static byte[][] Names<T>() where T : struct, Enum
    {
        var options = new JsonSerializerOptions { Converters = { new SnakeCaseEnumConverter<T>() }, TypeInfoResolver = DecisionJsonContext.Default };
        return [.. Enum.GetValues<T>().Select(value => JsonSerializer.SerializeToUtf8Bytes(value, options))];
    }
}
