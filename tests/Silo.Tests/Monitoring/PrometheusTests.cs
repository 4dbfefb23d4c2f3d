using Trading.Testing;

namespace Trading.Monitoring.Tests;

/// <summary>A real Prometheus reads what the program serves.</summary>
public sealed class PrometheusTests
{
    /// <summary>Names that users look for, and never change.</summary>
    static readonly string[] Asked =
    [
        "portfolio_var_95", "api_response_time", "error_rate", "active_positions", "system_cpu_usage", "system_memory_usage",
        "active_positions_limit", "portfolio_expected_shortfall_97_5", "breaker_state", "trading_mode", "health_status",
        "source_trusted", "data_age_seconds", "decisions_total", "decision_violations_total", "decision_latency_seconds_count",
        "journal_batch_size_count", "journal_commit_duration_seconds_count", "http_server_request_duration_seconds_count",
        "orleans_catalog_activations", "orleans_app_requests_latency_milliseconds_count", "orleans_reminders_active",
        "portfolio_recalculations_total", "data_symbols", "data_quality", "data_quarantined_bars", "backtest_jobs",
        "backtest_jobs_finished_total", "backtest_duration_seconds_count", "source_answers_total",
        "source_failures_total",
        "model_version", "process_memory_usage_bytes", "dotnet_gc_collections_total", "trading_info",
    ];

    [ProgramFact(["prometheus"])]
    public async Task EveryName_IsScraped_AndTheBookHasItsNumbers_AtAPortThatServesMetricsAlone()
    {
        using var folder = new TemporaryFolder();
        var metrics = Ports.Free();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(
            folder.Path, $"monitoring:metrics_url=http://127.0.0.1:{metrics}", "monitoring:sample_interval=1",
            "market_data:replay_interval=2", "portfolios:calculation_frequency=1", $"backtests:folder={folder.Path}"));
        using var prometheus = new PrometheusServer();
        prometheus.Start(metrics);
        await program.PostAsync("/api/backtests", new
        {
            id = "measured",
            test = new
            {
                symbols = new[] { "IBM", "KO" },
                strategies = new[] { new { name = "moving_average_cross", parameters = new { fast = 5, slow = 20 } } },
                execution = new { assumed_daily_volume = 1_000_000 },
            },
        });
        var signal = new { symbol = "IBM", action = "BUY", position_size = 1_000.0, confidence = 0.85 };
        await program.PostAsync("/api/risk/validate-signal", signal);
        await program.PostAsync("/api/risk/validate-signal", signal with { position_size = 1e9 });

        foreach (var name in Asked)
            await Wait.UntilAsync(async () => (await prometheus.QueryAsync($"count({name})")) is [> 0]);

        (await prometheus.QueryAsync("up{job=\"trading\"}")).ShouldBe([1]);
        (await prometheus.QueryAsync("active_positions{portfolio=\"default\"}")).ShouldBe([30]);
        (await prometheus.QueryAsync("decisions_total{outcome=\"refused\"}")).ShouldBe([1]);
        (await prometheus.QueryAsync("decision_violations_total{code=\"order_notional\"}")).ShouldBe([1]);
        (await prometheus.QueryAsync("portfolio_var_95")).ShouldHaveSingleItem().ShouldBeInRange(0.001, 0.1);
        await HoldsAsync("backtest_jobs_finished_total{outcome=\"done\"} == 1");
        await HoldsAsync("backtest_duration_seconds_count{outcome=\"done\"} == 1");
        await HoldsAsync("sum(backtest_jobs) == 0");
        await HoldsAsync("portfolio_recalculations_total > 1"); // by timers of grains
        await HoldsAsync("max(orleans_catalog_activations) >= 30");
        await HoldsAsync("sum(data_symbols) == sum(data_symbols{mode=\"normal\"}) and sum(data_symbols) >= 30");
        await HoldsAsync("data_quality{dimension=\"completeness\"} > 0.9");
        await HoldsAsync("sum(source_answers_total) > 0");
        await HoldsAsync("journal_batch_size_sum >= journal_batch_size_count");
        await HoldsAsync("max(breaker_state) == 0");
        var touchy = new
        {
            trip = 1e-7, clear = 5e-8, cooling_seconds = 0, half_open_seconds = 0, half_open_cap = 1, reset = "person",
        };
        await program.PostAsync("/api/risk/update-limits", new
        {
            changed_by = "test", reason = "test", limits = new { breakers = new { drawdown = touchy } },
        });
        await program.PostAsync("/api/risk/validate-signal", signal); // the book hears of new limits with it
        await HoldsAsync("breaker_state{breaker=\"drawdown\"} == 1"); // at the next price below the highest
        await program.PostAsync("/api/risk/overrides", new
        {
            limits = new { max_gross_exposure = 2.0 }, owner = "test", approver = "other", reason = "drill",
            minutes = 60,
        });
        await HoldsAsync("orleans_reminders_active > 0"); // of the end of the override
        await program.PostAsync("/api/risk/emergency-stop", new { by = "test", reason = "drill" });
        await HoldsAsync("trading_mode == 2");
        using var text = await program.Client.GetAsync(new Uri($"http://127.0.0.1:{metrics}/metrics"));
        var lines = (await text.Content.ReadAsStringAsync()).Split('\n');
        var helped = lines.Where(line => line.StartsWith("# HELP ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]);
        var typed = lines.Where(line => line.StartsWith("# TYPE ", StringComparison.Ordinal)).Select(line => line.Split(' ')[2]).ToArray();
        typed.Length.ShouldBeGreaterThan(60);
        typed.Except(helped).ShouldBeEmpty();
        lines.Length.ShouldBeLessThan(5_000);
        using var other = await program.Client.GetAsync(new Uri($"http://127.0.0.1:{metrics}/api/risk/report"));
        using var none = await program.Client.GetAsync(new Uri("/metrics", UriKind.Relative));
        ((int)other.StatusCode, (int)none.StatusCode).ShouldBe((404, 404));

        async Task HoldsAsync(string query)
        {
            try
            {
                await Wait.UntilAsync(async () => (await prometheus.QueryAsync(query)).Length > 0);
            }
            catch (TimeoutException late)
            {
                var metric = query.Split(' ', '{', '(', ')').First(word => word.Contains('_'));
                var values = string.Join(' ', await prometheus.QueryAsync(metric));
                throw new TimeoutException($"{query}; it is {values}", late);
            }
        }
    }

    [ProgramFact(["promtool"])]
    public async Task Configuration_AndRules_AreAcceptedAndDoWhatTheirTestsSay()
    {
        (await PrometheusServer.ToolAsync("check", "config", "prometheus.yml")).ExitCode.ShouldBe(0);
        var (exitCode, output) = await PrometheusServer.ToolAsync("test", "rules", "trading.test.yml");
        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task Monitoring_CanBeSwitchedOff_AndAWrongSettingStopsTheStart()
    {
        using var folder = new TemporaryFolder();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(folder.Path, "monitoring:enabled=false"));
        var (exitCode, _, errors) = await TradingProcess.RunAsync(
            ["run", "--once", "--set", .. TradingProcess.Settings(folder.Path, "monitoring:trace_ratio=2", "monitoring:otlp_endpoint=there")]);

        (await program.GetAsync("/health")).GetProperty("status").GetString().ShouldBe("healthy");
        exitCode.ShouldBe(2);
        errors.ShouldContain("monitoring:trace_ratio must be from 0 to 1; it is 2.");
        errors.ShouldContain("monitoring:otlp_endpoint must be empty or an address");
    }
}
