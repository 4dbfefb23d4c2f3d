using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Trading.Api;

namespace Trading.Silo.Tests;

/// <summary>The door while many press against it.</summary>
public sealed class LoadTests
{
    const string Signal = """{"symbol":"IBM","action":"BUY","position_size":1}""";

    [Fact]
    public async Task Stop_IsAnswered_WhileAnAddressFloods_AndOthersKeepTheirBudget()
    {
        await using var program = await GuardedProgram.StartAsync("edge:requests_per_minute=60", "edge:burst=10");
        using var end = new CancellationTokenSource();
        var refused = 0;
        var floods = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            while (!end.IsCancellationRequested)
            {
                var (status, _) = await program.SendAsync(HttpMethod.Get, "/api/risk/report", program.Tokens["Viewer"]);
                status.ShouldBeOneOf([200, 429]);
                if (status == 429) Interlocked.Increment(ref refused);
            }
        })).ToArray();
        while (Volatile.Read(ref refused) == 0 && !floods.Any(flood => flood.IsFaulted)) await Task.Yield();
        var times = new List<double>();
        for (var n = 0; n < 25; n++)
        {
            var start = Stopwatch.GetTimestamp();
            (await program.SendAsync(HttpMethod.Post, "/api/risk/emergency-stop", program.Tokens["RiskOfficer"], """{"reason":"flood"}""")).Status.ShouldBe(200);
            times.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        }

        // Of the same address, and yet not of the flood's budget.
        for (var n = 0; n < 25; n++)
            (await program.SendAsync(HttpMethod.Post, "/api/risk/validate-signal", program.Tokens["Trader"], Signal)).Status.ShouldBe(200);
        await end.CancelAsync();
        await Task.WhenAll(floods);

        refused.ShouldBePositive("it was a flood");
        TestContext.Current.SendDiagnosticMessage(
            $"Stops under a flood that was refused {refused} times: {times.Order().ElementAt(times.Count / 2):0.0} ms at the median.");
    }

    [Fact]
    public async Task NoRequest_FailsWhileKeysRotate()
    {
        await using var program = await GuardedProgram.StartAsync();
        using var end = new CancellationTokenSource();
        var asking = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            var asked = 0;
            for (; !end.IsCancellationRequested; asked++)
                (await program.SendAsync(HttpMethod.Post, "/api/risk/validate-signal", program.Tokens["Trader"], Signal)).Status.ShouldBe(200);
            return asked;
        })).ToArray();

        for (var rotation = 0; rotation < 5; rotation++)
        {
            (await program.SendAsync(HttpMethod.Post, "/api/security/rotate-keys", program.Tokens["Administrator"], "")).Status.ShouldBe(200);
            var fresh = program.Services.GetRequiredService<Tokens>().ForDevelopment("developer").Text;
            (await program.SendAsync(HttpMethod.Get, "/api/auth/me", fresh)).Status.ShouldBe(200);
        }

        await end.CancelAsync();
        (await Task.WhenAll(asking)).ShouldAllBe(asked => asked > 0);
    }

    [Fact]
    public async Task Trade_IsTracedFromSignalToFill_ByTheIdOfItsDecision_AndTheAuditSaysWhoAsked()
    {
        await using var program = await GuardedProgram.StartAsync();
        var (_, decided) = await program.SendAsync(HttpMethod.Post, "/api/risk/validate-signal", program.Tokens["Trader"], """{"symbol":"IBM","action":"BUY","position_size":10,"client_order_id":"o-1"}""");
        var id = System.Text.Json.JsonDocument.Parse(decided).RootElement.GetProperty("decision_id").GetString()!;
        (await program.SendAsync(HttpMethod.Post, "/api/portfolios/default/fills", program.Tokens["Trader"], """{"client_order_id":"o-1","symbol":"IBM","action":"BUY","quantity":10,"price":22.5}""")).Status.ShouldBe(200);

        var (status, text) = await program.SendAsync(HttpMethod.Get, $"/api/audit/trades/{id}", program.Tokens["Viewer"]); // no list of the audit is written yet

        status.ShouldBe(200, text);
        var trace = System.Text.Json.JsonDocument.Parse(text).RootElement;
        trace.GetProperty("by").GetString().ShouldBe("only-Trader");
        trace.GetProperty("steps")[0].GetProperty("payload").GetString()!.ShouldEndWith(",\"by\":\"only-Trader\"}");
        (await program.SendAsync(HttpMethod.Get, $"/api/risk/decisions/{id}/replay", program.Tokens["Viewer"])).Text.ShouldContain("\"identical\":true");
        await program.Services.GetRequiredService<AuditTrail>().PassAsync();
        (await program.SendAsync(HttpMethod.Get, "/api/audit?kind=decisions&subject=only-Trader", program.Tokens["RiskOfficer"])).Text.ShouldContain(id);
        trace.GetProperty("configuration").GetString().ShouldBe(program.Services.GetRequiredService<Configuration.SettingsReport>().Hash);
        trace.GetProperty("steps").EnumerateArray().Select(step => step.GetProperty("type").GetString()).ShouldBe(["decided", "filled"]);
        trace.GetProperty("steps")[1].GetProperty("payload").GetString()!.ShouldContain("realised_pnl");
        (await program.SendAsync(HttpMethod.Get, "/api/audit?kind=change", program.Tokens["RiskOfficer"])).Text.ShouldContain("/api/portfolios/default/fills");
    }
}
