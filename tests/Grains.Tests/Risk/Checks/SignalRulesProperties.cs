using static Trading.Risk.Tests.ExampleBook;

namespace Trading.Risk.Tests;

public sealed class SignalRulesProperties
{
    /// <summary>Each limit alone, of limits that have them all.</summary>
    static readonly Func<RiskLimits, RiskLimits>[] EachAlone =
    [
        all => new() { Halted = all.Halted },
        all => new() { MaxOrderNotional = all.MaxOrderNotional },
        all => new() { MaxPositionWeight = all.MaxPositionWeight },
        all => new() { MaxGrossExposure = all.MaxGrossExposure },
        all => new() { MaxNetExposure = all.MaxNetExposure },
        all => new() { MaxSectorExposure = all.MaxSectorExposure },
        all => new() { MaxValueAtRisk95 = all.MaxValueAtRisk95 },
        all => new() { MaxExpectedShortfall975 = all.MaxExpectedShortfall975 },
        all => new() { MaxDrawdown = all.MaxDrawdown },
        all => new() { MinCash = all.MinCash },
        all => new() { MaxPriceAgeSeconds = all.MaxPriceAgeSeconds },
        all => new() { RestrictedSymbols = all.RestrictedSymbols },
        all => new() { TradingHours = all.TradingHours },
        all => new() { HeartbeatSeconds = all.HeartbeatSeconds },
        all => new() { MaxRepeatedExecutions = all.MaxRepeatedExecutions },
        all => new() { MinConfidence = all.MinConfidence },
        all => new() { MaxMessages = all.MaxMessages },
        all => new() { DuplicateWindowSeconds = all.DuplicateWindowSeconds },
        all => new() { PreventSelfMatch = all.PreventSelfMatch },
        all => new() { MaxPriceDeviation = all.MaxPriceDeviation },
        all => new() { MaxPriceMove = all.MaxPriceMove },
        all => new() { MaxOrderQuantity = all.MaxOrderQuantity },
        all => new() { MinOrderNotional = all.MinOrderNotional },
        all => new() { MaxWindowQuantity = all.MaxWindowQuantity },
        all => new() { MaxWindowNotional = all.MaxWindowNotional },
        all => new() { MaxVolumeShare = all.MaxVolumeShare },
        all => new() { MaxLongPosition = all.MaxLongPosition },
        all => new() { MaxShortPosition = all.MaxShortPosition },
        all => new() { MaxIntradayPosition = all.MaxIntradayPosition },
        all => new() { MaxConcentration = all.MaxConcentration },
        all => new() { MaxStrategyExposure = all.MaxStrategyExposure },
        all => new() { InitialMargin = all.InitialMargin },
        all => new() { MaxValueAtRisk99 = all.MaxValueAtRisk99 },
        all => new() { MaxIncrementalValueAtRisk = all.MaxIncrementalValueAtRisk },
        all => new() { MaxDailyLoss = all.MaxDailyLoss },
        all => new() { CorrelationThreshold = all.CorrelationThreshold, CorrelationFreeWeight = all.CorrelationFreeWeight },
    ];

    [Fact]
    public void Cases_BreakEveryRule_AndHaveApprovalsAndReductions()
    {
        var (broken, approved, reducing) = (new Dictionary<RiskRule, int>(), 0, 0);
        RiskCases.Check(@case =>
        {
            var violations = @case.Judge();
            foreach (var violation in violations) broken[violation.Code] = broken.GetValueOrDefault(violation.Code) + 1;
            if (violations.Length == 0) approved++;
            if (@case.Facts.Reduces) reducing++;
            return true;
        });
        broken.Keys.Order().ShouldBe(Enum.GetValues<RiskRule>().Except([RiskRule.Malformed]));
        foreach (var (code, count) in broken) count.ShouldBeGreaterThan(50, code.ToString());
        Math.Min(approved, reducing).ShouldBeGreaterThan(100);
    }

    [Fact]
    public void TighteningAnyLimit_NeverTurnsARefusalIntoAnApproval() => RiskCases.Check(@case =>
        Codes(@case.Judge()).IsSubsetOf(Codes(@case.Book.Judge(@case.Order, Tighter(@case.Limits, @case.OtherLimits)))));

    [Fact]
    public void EveryBrokenRule_IsReported_OnceAndInOrder() => RiskCases.Check(@case =>
        @case.Judge().Select(violation => violation.Code).SequenceEqual(
            EachAlone.SelectMany(alone => @case.Book.Judge(@case.Order, alone(@case.Limits))).Select(violation => violation.Code).Distinct().Order()));

    [Fact]
    public void ReducingOrder_IsRefusedOnlyByAMeasureOfTheBookThatGrows() => RiskCases.Check(@case =>
        !@case.Facts.Reduces || @case.Judge().All(violation =>
            RuleCatalog.Of(violation.Code).Reductions == Reductions.OpenUnlessTheMeasureGrows && violation.Observed > violation.Limit));

    [Fact]
    public void ReducingOrder_InABookWithoutHedges_IsNeverRefused() => RiskCases.Check(@case =>
    {
        var unhedged = @case.Book with
        {
            Other = Math.Abs(@case.Book.Other) * Math.Sign(@case.Book.Held + @case.Book.OpenBuys - @case.Book.OpenSells),
            Correlation = Math.Abs(@case.Book.Correlation),
        };
        return !(@case with { Book = unhedged }).Facts.Reduces || unhedged.Judge(@case.Order, @case.Limits).Length == 0;
    });

    [Fact]
    public void OrderThatIncreasesNoExposureMeasure_IsNeverRefused_InEveryModeAndBreakerState() => RiskCases.Check(@case =>
    {
        var facts = @case.Facts;
        if (!facts.Reduces || (facts is { Before: { } before, After: { } after } && Grows(before, after))) return true;
        return SignalRules.Evaluate(facts, @case.Limits, Now).IsEmpty;

        static bool Grows(BookMeasures before, BookMeasures after) =>
            after.GrossExposure > before.GrossExposure || Math.Abs(after.NetExposure) > Math.Abs(before.NetExposure)
            || after.PositionWeight > before.PositionWeight || after.SectorWeight > before.SectorWeight
            || after.ValueAtRisk95 > before.ValueAtRisk95 || after.ExpectedShortfall975 > before.ExpectedShortfall975;
    });

    [Fact]
    public void Guard_NeverTurnsARefusalIntoAnApproval_AndHoldsEveryIncreaseWhileABreakerIsTripped() => RiskCases.Check(@case =>
    {
        var free = @case.Book with { Guard = null };
        var guarded = @case.Judge();
        var held = @case.Book.Guard is { Mode: not TradingMode.Active } or { Breaker: not null, IsHalfOpen: false };
        return Codes(free.Judge(@case.Order, @case.Limits)).IsSubsetOf(Codes(guarded)) && (!held || @case.Facts.Reduces || guarded.Length > 0);
    });

    [Fact]
    public void OrderThatGrowsNoMeasure_IsRefusedByNoMeasure() => RiskCases.Check(@case =>
    {
        var facts = @case.Facts;
        return SignalRules.Evaluate(facts with { After = facts.Before }, @case.Limits, Now)
            .All(violation => violation.Observed is null || RuleCatalog.Of(violation.Code).Reductions != Reductions.OpenUnlessTheMeasureGrows);
    });

    [Fact]
    public void MaxAllowedQuantity_Passes_AndNoLargerQuantityDoes() => RiskCases.Check(@case =>
    {
        if (@case.Book.MaxAllowed(@case.Order, @case.Limits) is not { } allowed) return true;
        var larger = Enumerable.Range(1, 20).Select(step => allowed + Math.Max(1m, Math.Floor((@case.Order.Quantity - allowed) * step / 20m)));
        return (allowed == 0m || Passes(allowed)) && larger.All(quantity => quantity > @case.Order.Quantity || !Passes(quantity));

        bool Passes(decimal quantity) => @case.Book.Judge(@case.Order with { Quantity = quantity }, @case.Limits).Length == 0;
    });

    [Fact]
    public void MaxAllowedQuantity_OfAnApproval_IsTheOrderItself() => RiskCases.Check(@case =>
        @case.Judge().Length > 0 || @case.Order.Quantity - @case.Book.MaxAllowed(@case.Order, @case.Limits) is >= 0 and < 1);

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void NumberThatIsNotFinite_NeverPassesAsAMeasure(double number) => RiskCases.Check(@case =>
    {
        if (@case.Facts is not { Reduces: false, After: { } after } facts) return true;
        (BookMeasures Measures, RiskRule Rule, double? Limit)[] spoilt =
        [
            (after with { PositionWeight = number }, RiskRule.PositionWeight, @case.Limits.MaxPositionWeight),
            (after with { SectorWeight = number }, RiskRule.SectorExposure, @case.Limits.MaxSectorExposure),
            (after with { ValueAtRisk95 = number }, RiskRule.ValueAtRisk95, @case.Limits.MaxValueAtRisk95),
            (after with { ExpectedShortfall975 = number }, RiskRule.ExpectedShortfall975, @case.Limits.MaxExpectedShortfall975),
            (after with { Drawdown = number }, RiskRule.Drawdown, @case.Limits.MaxDrawdown),
            (after with { ValueAtRisk99 = number }, RiskRule.ValueAtRisk99, @case.Limits.MaxValueAtRisk99),
            (after with { ValueAtRisk95 = number }, RiskRule.IncrementalValueAtRisk, @case.Limits.MaxIncrementalValueAtRisk),
            (after with { StrategyWeight = number }, RiskRule.StrategyExposure, @case.Limits.MaxStrategyExposure),
            (after with { DailyLoss = number }, RiskRule.DailyLoss, @case.Limits.MaxDailyLoss),
        ];
        return spoilt.All(one => one.Limit is null
            || Codes([.. SignalRules.Evaluate(facts with { After = one.Measures }, @case.Limits, Now)]).Contains(one.Rule));
    });

    [Fact]
    public void LimitThatIsNotANumber_LetsNoMeasureGrow() => RiskCases.Check(@case =>
    {
        var nan = new RiskLimits
        {
            MaxPositionWeight = double.NaN,
            MaxGrossExposure = double.NaN,
            MaxNetExposure = double.NaN,
            MaxSectorExposure = double.NaN,
            MaxValueAtRisk95 = double.NaN,
            MaxExpectedShortfall975 = double.NaN,
            MaxDrawdown = double.NaN,
            MaxPriceAgeSeconds = double.NaN,
        };
        var zero = new RiskLimits
        {
            MaxPositionWeight = 0,
            MaxGrossExposure = 0,
            MaxNetExposure = 0,
            MaxSectorExposure = 0,
            MaxValueAtRisk95 = 0,
            MaxExpectedShortfall975 = 0,
            MaxDrawdown = 0,
            MaxPriceAgeSeconds = 0,
        };
        return Codes(@case.Book.Judge(@case.Order, zero)).IsSubsetOf(Codes(@case.Book.Judge(@case.Order, nan)));
    });

    static HashSet<RiskRule> Codes(IEnumerable<RiskViolation> violations) => [.. violations.Select(violation => violation.Code)];

    /// <summary>Of every limit the stricter one; null is the loosest.</summary>
    static RiskLimits Tighter(RiskLimits one, RiskLimits other) => new()
    {
        Halted = one.Halted || other.Halted,
        MaxOrderNotional = Lower(one.MaxOrderNotional, other.MaxOrderNotional),
        MaxPositionWeight = Lower(one.MaxPositionWeight, other.MaxPositionWeight),
        MaxGrossExposure = Lower(one.MaxGrossExposure, other.MaxGrossExposure),
        MaxNetExposure = Lower(one.MaxNetExposure, other.MaxNetExposure),
        MaxSectorExposure = Lower(one.MaxSectorExposure, other.MaxSectorExposure),
        MaxValueAtRisk95 = Lower(one.MaxValueAtRisk95, other.MaxValueAtRisk95),
        MaxExpectedShortfall975 = Lower(one.MaxExpectedShortfall975, other.MaxExpectedShortfall975),
        MaxDrawdown = Lower(one.MaxDrawdown, other.MaxDrawdown),
        MinCash = -Lower(-one.MinCash, -other.MinCash),
        MaxPriceAgeSeconds = Lower(one.MaxPriceAgeSeconds, other.MaxPriceAgeSeconds),
        TradingHours = one.TradingHours,
        RestrictedSymbols = [.. one.RestrictedSymbols.Union(other.RestrictedSymbols)],
        HeartbeatSeconds = Lower(one.HeartbeatSeconds, other.HeartbeatSeconds),
        MaxRepeatedExecutions = Lower(one.MaxRepeatedExecutions, other.MaxRepeatedExecutions),
        MinConfidence = -Lower(-one.MinConfidence, -other.MinConfidence),
        MaxMessages = Lower(one.MaxMessages, other.MaxMessages),
        DuplicateWindowSeconds = -Lower(-one.DuplicateWindowSeconds, -other.DuplicateWindowSeconds),
        PreventSelfMatch = one.PreventSelfMatch || other.PreventSelfMatch,
        MaxPriceDeviation = Lower(one.MaxPriceDeviation, other.MaxPriceDeviation),
        MaxPriceMove = Lower(one.MaxPriceMove, other.MaxPriceMove),
        MaxOrderQuantity = Lower(one.MaxOrderQuantity, other.MaxOrderQuantity),
        MinOrderNotional = -Lower(-one.MinOrderNotional, -other.MinOrderNotional),
        MaxWindowQuantity = Lower(one.MaxWindowQuantity, other.MaxWindowQuantity),
        MaxWindowNotional = Lower(one.MaxWindowNotional, other.MaxWindowNotional),
        MaxVolumeShare = Lower(one.MaxVolumeShare, other.MaxVolumeShare),
        MaxLongPosition = Lower(one.MaxLongPosition, other.MaxLongPosition),
        MaxShortPosition = Lower(one.MaxShortPosition, other.MaxShortPosition),
        MaxIntradayPosition = Lower(one.MaxIntradayPosition, other.MaxIntradayPosition),
        MaxConcentration = Lower(one.MaxConcentration, other.MaxConcentration),
        MaxStrategyExposure = Lower(one.MaxStrategyExposure, other.MaxStrategyExposure),
        InitialMargin = -Lower(-one.InitialMargin, -other.InitialMargin),
        MaxValueAtRisk99 = Lower(one.MaxValueAtRisk99, other.MaxValueAtRisk99),
        MaxIncrementalValueAtRisk = Lower(one.MaxIncrementalValueAtRisk, other.MaxIncrementalValueAtRisk),
        CorrelationThreshold = Lower(one.CorrelationThreshold, other.CorrelationThreshold),
        CorrelationFreeWeight = Math.Min(one.CorrelationFreeWeight, other.CorrelationFreeWeight),
        MaxDailyLoss = Lower(one.MaxDailyLoss, other.MaxDailyLoss),
    };

    static T? Lower<T>(T? one, T? other) where T : struct, IComparable<T> =>
        one is null || other?.CompareTo(one.Value) < 0 ? other : one;
}
