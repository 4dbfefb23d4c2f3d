using System.Text.Json;
using NSubstitute;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api.Tests;

public sealed class LimitsTests(ApiHost api) : IClassFixture<ApiHost>
{
    const string Path = "/api/risk/update-limits";

    [Fact]
    public async Task Limits_AreReadWithTheirHistory()
    {
        var reply = await api.GetAsync("/api/risk/limits?portfolio=default");

        reply.Status.ShouldBe(200);
        var current = reply.Json.GetProperty("current");
        current.GetProperty("limits").GetProperty("max_expected_shortfall_97_5").GetDouble().ShouldBe(0.05);
        current.GetProperty("limits").GetProperty("dynamic").ValueKind.ShouldBe(JsonValueKind.Null);
        current.TryGetProperty("effective_id", out _).ShouldBeFalse();
        reply.Json.GetProperty("effective").GetRawText().ShouldBe(current.GetRawText());
        reply.Text.ShouldEndWith("""
            "changed_by":"system","changed_at":"2026-01-05T12:00:00+00:00","reason":"initial"},"adjusted":[],"overrides":[],"inputs":null,"traffic_light":null}
            """.TrimEnd());
    }

    [Theory]
    [InlineData("/api/risk/limits?portfolio=nowhere", 404, "portfolio unknown")]
    [InlineData("/api/risk/limits?portfolio=No%20Where", 400, "portfolio form")]
    [InlineData("/api/risk/limits?portfolio=", 400, "portfolio form")]
    [InlineData("/api/risk/limits?portfolio=a&portfolio=b", 400, "portfolio form")]
    [InlineData("/api/risk/limits?portfolo=alpha", 400, "portfolo unknown_parameter")]
    public async Task Portfolio_ThatIsUnknownOrMistyped_IsNeverTheDefault(string path, int status, string error)
    {
        var reply = await api.GetAsync(path);

        reply.Status.ShouldBe(status);
        reply.Errors.ShouldBe([error]);
    }

    [Fact]
    public async Task Report_IsReadWithEveryLimitsUsage()
    {
        api.Risk.GetReportAsync().Returns(Outcome.Done(Samples.Report));

        var report = (await api.GetAsync("/api/risk/report")).Json;

        report.GetProperty("method").GetProperty("configuration_hash").GetString().ShouldBe("0123456789abcdef");
        report.GetProperty("measures")[0].GetRawText().ShouldBe(
            """{"name":"value_at_risk","confidence":0.95,"quantile":"order_statistic","fraction":0.011,"money":11000}""");
        report.GetProperty("contributions")[0].GetProperty("component_money").GetDecimal().ShouldBe(12_000m);
        report.GetProperty("limits")[0].GetProperty("code").GetString().ShouldBe("value_at_risk_95");
        report.GetProperty("positions")[0].GetProperty("average_cost").GetDecimal().ShouldBe(180.25m);
        report.GetProperty("warnings")[0].GetProperty("code").GetString().ShouldBe("stale_price");
        report.GetProperty("prices_as_of").GetString().ShouldBe("2026-01-02");
    }

    [Fact]
    public async Task Change_ReplacesWhatIsGiven_ClearsWhatIsNull_AndKeepsTheRest()
    {
        var expected = RiskLimits.Default with { Halted = true, MaxPositionWeight = 0.08, MaxDrawdown = null, MinCash = 12.5m };
        api.Risk.UpdateLimitsAsync(new(expected, "desk", "review", 1)).Returns(Outcome.Done(Samples.FirstLimits with { Version = 2, Limits = expected }));

        var reply = await api.PostAsync(Path, """
            {"changed_by":"desk","reason":"review","limits":{"halted":true,"max_position_weight":0.08,"max_drawdown":null,"min_cash":12.50}}
            """);

        reply.Status.ShouldBe(200, reply.Text);
        reply.Json.GetProperty("version").GetInt64().ShouldBe(2);
        reply.Json.GetProperty("limits").GetProperty("max_drawdown").ValueKind.ShouldBe(System.Text.Json.JsonValueKind.Null);
    }

    [Fact]
    public async Task EveryLimit_CanBeSet()
    {
        var expected = new RiskLimits
        {
            Halted = true, MaxOrderNotional = 1m, MaxPositionWeight = 2, MaxGrossExposure = 3, MaxNetExposure = 4, MaxSectorExposure = 5, MaxValueAtRisk95 = 6,
            MaxExpectedShortfall975 = 7, MaxDrawdown = 8, MinCash = 9m, MaxPriceAgeSeconds = 10, ReservationSeconds = 11, MaxPriceDeviation = 12, MaxPriceMove = 13, PriceMoveSeconds = 14,
            MaxOrderQuantity = 15, MinOrderNotional = 16, MaxWindowQuantity = 17, MaxWindowNotional = 18, WindowSeconds = 19, DuplicateWindowSeconds = 20,
            MaxMessages = 21, MessageWindowSeconds = 22, MaxRepeatedExecutions = 23, RepeatedExecutionSeconds = 24, MaxLongPosition = 25, MaxShortPosition = 26,
            MaxIntradayPosition = 27, MaxStrategyExposure = 28, MaxConcentration = 29, InitialMargin = 30, MaxValueAtRisk99 = 31,
            MaxIncrementalValueAtRisk = 32, CorrelationThreshold = 33, CorrelationFreeWeight = 34, MaxVolumeShare = 35, PreventSelfMatch = true,
            MaxDailyLoss = 36, MinConfidence = 37, HeartbeatSeconds = 38,
            Breakers = Breakers.Default,
        };
        api.Risk.UpdateLimitsAsync(new(expected, "desk", "all", 1)).Returns(Outcome.Done(Samples.FirstLimits with { Version = 3 }));

        var reply = await api.PostAsync(Path, """
            {"changed_by":"desk","reason":"all","expected_version":1,"limits":{"halted":true,"max_order_notional":1,"max_position_weight":2,
            "max_gross_exposure":3,"max_net_exposure":4,"max_sector_exposure":5,"max_value_at_risk_95":6,"max_expected_shortfall_97_5":7,
            "max_drawdown":8,"min_cash":9,"max_price_age_seconds":10,"reservation_seconds":11,
            "restricted_symbols":[],"trading_hours":null,"max_price_deviation":12,"max_price_move":13,"price_move_seconds":14,"max_order_quantity":15,
            "min_order_notional":16,"max_window_quantity":17,"max_window_notional":18,"window_seconds":19,"duplicate_window_seconds":20,"max_messages":21,
            "message_window_seconds":22,"max_repeated_executions":23,"repeated_execution_seconds":24,"max_long_position":25,"max_short_position":26,
            "max_intraday_position":27,"max_strategy_exposure":28,"max_concentration":29,"initial_margin":30,"max_value_at_risk_99":31,
            "max_incremental_value_at_risk":32,"correlation_threshold":33,"correlation_free_weight":34,"max_volume_share":35,"prevent_self_match":true,
            "max_daily_loss":36,"min_confidence":37,"heartbeat_seconds":38}}
            """);

        reply.Json.GetProperty("version").GetInt64().ShouldBe(3);
    }

    [Fact]
    public async Task RestrictedSymbolsAndTradingHours_AreTakenInTheirForm()
    {
        LimitsChange? made = null;
        api.Risk.UpdateLimitsAsync(Arg.Do<LimitsChange>(change => made = change)).Returns(Outcome.Done(Samples.FirstLimits with { Version = 2 }));

        var reply = await api.PostAsync(Path, """
            {"changed_by":"desk","reason":"hours","limits":{"restricted_symbols":["ibm"],"trading_hours":
            {"time_zone":"America/New_York","open":"09:30","close":"16:00","weekdays":["monday","friday"]}}}
            """);

        reply.Status.ShouldBe(200, reply.Text);
        made!.Limits.RestrictedSymbols.ShouldBe(["IBM"]);
        made.Limits.TradingHours!.Open.ShouldBe(new TimeOnly(9, 30));
        made.Limits.TradingHours.Weekdays.ShouldBe([Weekday.Monday, Weekday.Friday]);
    }

    [Fact]
    public async Task Change_OfAnotherVersionThanTheOneInForce_IsAConflict()
    {
        api.Risk.UpdateLimitsAsync(Arg.Is<LimitsChange>(change => change.ExpectedVersion == 9))
            .Returns(Outcome.Conflict<LimitsVersion>("expected_version", "current", "expected_version is 9; version 1 is in force."));

        var reply = await api.PostAsync(Path, """{"changed_by":"desk","reason":"x","expected_version":9,"limits":{"min_cash":1}}""");

        reply.Status.ShouldBe(409);
        reply.Errors.ShouldBe(["expected_version current"]);
    }

    [Fact]
    public async Task Change_ThatNamesNoVersion_IsMadeOnTheNewOne_WhereAnotherCameBetween()
    {
        var risk = api.Grain(Substitute.For<IRiskLimitGrain>(), "busy");
        api.Grain(Substitute.For<IPortfolioGrain>(), "busy").GetSnapshotAsync().Returns(Outcome.Done(Samples.Snapshot));
        var second = Samples.FirstLimits with { Version = 2, Limits = RiskLimits.Default with { MaxDrawdown = 0.5 } };
        risk.GetLimitsAsync().Returns(Samples.Limits, Samples.Limits with { Current = second });
        risk.UpdateLimitsAsync(default!).ReturnsForAnyArgs(call => call.Arg<LimitsChange>() is { ExpectedVersion: 2 } change
            ? Outcome.Done(second with { Version = 3, Limits = change.Limits })
            : Outcome.Conflict<LimitsVersion>("expected_version", "current", "Version 2 is in force."));

        var reply = await api.PostAsync(Path + "?portfolio=busy", """{"changed_by":"desk","reason":"x","limits":{"min_cash":1}}""");

        reply.Status.ShouldBe(200);
        reply.Json.GetProperty("limits").GetProperty("max_drawdown").GetDouble().ShouldBe(0.5);
        reply.Json.GetProperty("limits").GetProperty("min_cash").GetDecimal().ShouldBe(1m);
    }

    [Theory]
    [InlineData("""{}""", "by required|reason required|limits required")]
    [InlineData("""{"changed_by":"d","reason":"r","limits":{}}""", "limits required")]
    [InlineData("""{"changed_by":"d","reason":"r","limits":{"max_drawdwon":0.1,"min_cash":"1","halted":null,"max_drawdown":1e999}}""",
        "limits.max_drawdwon unknown_member|limits.min_cash type|limits.halted required|limits.max_drawdown range")]
    [InlineData("""{"changed_by":"d","reason":"r","expected_version":1.5,"limits":[]}""", "expected_version range|limits type")]
    public async Task Change_OfTheWrongShape_NamesEveryError(string body, string errors)
    {
        var reply = await api.PostAsync(Path, body);

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(errors.Split('|'));
    }

    [Fact]
    public async Task Change_WithValuesOutOfRange_GivesTheGrainsErrors()
    {
        api.Risk.UpdateLimitsAsync(Arg.Is<LimitsChange>(change => change.Limits.MaxDrawdown == 7)).Returns(
            Outcome.Invalid<LimitsVersion>(new("limits.max_drawdown", "range", "limits.max_drawdown must be from 0 to 1."), new("by", "required", "by is missing.")));

        var reply = await api.PostAsync(Path, """{"changed_by":"","reason":"r","limits":{"max_drawdown":7}}""");

        reply.Status.ShouldBe(400);
        reply.Errors.ShouldBe(["limits.max_drawdown range", "by required"]);
    }

    [Fact]
    public async Task Change_OfAnUnknownPortfolio_IsNotFound() =>
        (await api.PostAsync(Path, """{"portfolio":"nowhere","changed_by":"d","reason":"r","limits":{"min_cash":1}}""")).Status.ShouldBe(404);
}
