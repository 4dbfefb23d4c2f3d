using System.Text.Json;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary><c>trading backtest</c>, as a user types it.</summary>
public sealed class BacktestCommandTests : IDisposable
{
    static readonly string Sample = Path.Combine(RepositoryFiles.Sample, "closes.csv");
    readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task ATest_PrintsItsMeasures_AndWritesPageAndResult()
    {
        var (page, json) = (Path.Combine(_folder.Path, "run.html"), Path.Combine(_folder.Path, "run.json"));
        var (exitCode, output, errors) = await TradingProcess.RunAsync(
            "backtest", "--data", Sample, "--assume-volume", "2000000", "--symbols", "IBM,KO", "--parameter", "fast=10", "slow=30",
            "--report", page, "--json", json, "--gate", "none");
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("Sharpe ratio");
        using var result = JsonDocument.Parse(await File.ReadAllBytesAsync(json));
        output.ShouldContain(result.RootElement.GetProperty("hash").GetString()!);
        result.RootElement.GetProperty("spec").GetProperty("strategies")[0].GetProperty("parameters").GetProperty("slow").GetDouble().ShouldBe(30);
        (await File.ReadAllTextAsync(page)).ShouldContain("LightweightCharts.createChart");
    }

    [Fact]
    public async Task ASweep_TellsHowMuchOfItsBestWasLuck()
    {
        var page = Path.Combine(_folder.Path, "sweep.html");
        var (exitCode, output, errors) = await TradingProcess.RunAsync(
            "backtest", "--data", Sample, "--assume-volume", "2000000", "--symbols", "IBM,KO", "--grid", "fast=5:20:5", "slow=30:60:15",
            "--walk-forward", "700:350", "--report", page, "--gate", "none");
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("12 trials");
        output.ShouldContain("(PBO, 12,870 choices");
        output.ShouldContain("deflated for 12 trials");
        output.ShouldContain("Walk forward over");
        (await File.ReadAllTextAsync(page)).ShouldContain("id=\"sweep\"");
        (await TradingProcess.RunAsync("backtest", "--data", Sample, "--grid", "fast=5")).Errors.ShouldContain("'fast=5' is no range");
    }

    [Fact]
    public async Task WhereNothingIsSaid_OrdersPassTheCheckOfALiveBook_AndLimitsCanBeNamed()
    {
        string[] test = ["backtest", "--data", Sample, "--assume-volume", "2000000", "--symbols", "IBM,KO", "--parameter", "fast=10", "slow=80"];
        var (exitCode, output, errors) = await TradingProcess.RunAsync(test);
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("Not let into the market: ");
        output.ShouldContain("position_weight");

        var limits = Path.Combine(_folder.Path, "limits.json");
        await File.WriteAllTextAsync(limits, """{"max_position_weight": 0.6, "max_sector_exposure": null, "correlation_threshold": null}""");
        (exitCode, output, errors) = await TradingProcess.RunAsync([.. test, "--limits", limits]);
        exitCode.ShouldBe(0, errors);
        output.ShouldNotContain("position_weight");

        await File.WriteAllTextAsync(limits, """{"max_speed": 1}""");
        (exitCode, _, errors) = await TradingProcess.RunAsync([.. test, "--limits", limits]);
        exitCode.ShouldBe(2);
        errors.ShouldContain("There is no limit 'max_speed'");
    }

    [Fact]
    public async Task TheProof_EndsWithZero()
    {
        var (exitCode, output, errors) = await TradingProcess.RunAsync(
            "backtest", "--data", Sample, "--assume-volume", "2000000", "--symbols", "IBM,KO", "--prove-no-lookahead", "--cuts", "3");
        exitCode.ShouldBe(0, errors);
        output.ShouldContain("Noise in the future changed no decision before it.");
    }

    [Fact]
    public async Task WhatCannotBeTested_IsNamed_AllOfIt()
    {
        var (exitCode, _, errors) = await TradingProcess.RunAsync(
            "backtest", "--data", Sample, "--strategy", "nope", "--cash", "-1");
        exitCode.ShouldBe(2);
        errors.ShouldContain("There is no strategy 'nope'");
        errors.ShouldContain("cash is above 0");
        (await TradingProcess.RunAsync("backtest", "--data", Sample, "--parameter", "fast")).Errors.ShouldContain("'fast' is no parameter");
        (await TradingProcess.RunAsync("backtest", "--data", Sample)).Errors.ShouldContain("name assumed_daily_volume");
        (await TradingProcess.RunAsync("backtest", "--data", Sample, "--symbols", "NONE")).Errors.ShouldContain("NONE has no 1d bars");
    }
}
