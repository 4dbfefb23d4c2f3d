using System.Collections.Concurrent;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Monitoring.Tests;

/// <summary>One alert from end to end: the program is scraped by a real Prometheus, whose rule fires; a real
/// Alertmanager hands it to the program, and the program tells the desk.</summary>
public sealed class AlertmanagerTests
{
    [ProgramFact(["prometheus", "prometheus-alertmanager"])]
    public async Task Alert_GoesFromTheMetric_ThroughPrometheusAndAlertmanager_ToTheDesk_Once()
    {
        var messages = new ConcurrentQueue<JsonElement>();
        await using var desk = await LocalServer.StartAsync(async context =>
        {
            messages.Enqueue((await JsonDocument.ParseAsync(context.Request.Body)).RootElement);
            await LocalServer.Says("ok")(context);
        });
        using var folder = new TemporaryFolder();
        var metrics = Ports.Free();
        using var program = await TradingProcess.StartAsync(TradingProcess.Settings(
            folder.Path,
                $"monitoring:metrics_url=http://127.0.0.1:{metrics}", "monitoring:sample_interval=1", "monitoring:active_positions_limit=5",
            "alerts:rules:TooManyActivePositions:enabled=false", "alerts:group_wait=0",
            "alerts:channels:desk:kind=webhook",
                $"alerts:channels:desk:url={desk.Address}", "alerts:routes:critical=desk"));
        using var prometheus = new PrometheusServer();
        var token = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(token, program.Token);
        var alertmanager = prometheus.StartAlertmanager($"{program.Client.BaseAddress}api/alerts/alertmanager", token);
        prometheus.Start(metrics, alertmanager);

        await Wait.UntilAsync(() => messages.SelectMany(Names).Contains("TooManyActivePositions"));

        var alert = (await program.GetAsync("/api/alerts")).GetProperty("alerts").EnumerateArray()
            .Single(one => one.GetProperty("name").GetString() == "TooManyActivePositions");
        alert.GetProperty("source").GetString().ShouldBe("alertmanager");
        alert.GetProperty("severity").GetString().ShouldBe("critical");
        alert.GetProperty("labels").GetProperty("portfolio").GetString().ShouldBe("default");
        alert.GetProperty("summary").GetString().ShouldBe("default has 30 positions, over the configured limit");
        messages.SelectMany(Names).Count(name => name == "TooManyActivePositions").ShouldBe(1);
    }

    static IEnumerable<string?> Names(JsonElement message) => message.GetProperty("alerts").EnumerateArray()
        .Select(alert => alert.GetProperty("labels").GetProperty("alertname").GetString());
}
