using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Trading.Alerts;
using Trading.Api;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class SecurityAlertDeliveryTests
{
    [Fact]
    public async Task RepeatedFailures_ReachADesk_Once()
    {
        var messages = new ConcurrentQueue<string>();
        await using var desk = await LocalServer.StartAsync(async context =>
        {
            var message = (await JsonDocument.ParseAsync(context.Request.Body)).RootElement;
            foreach (var alert in message.GetProperty("alerts").EnumerateArray())
                messages.Enqueue(alert.GetProperty("labels").GetProperty("alertname").GetString()!);
            await LocalServer.Says("ok")(context);
        });
        await using var program = await GuardedProgram.StartAsync(
            "alerts:channels:desk:kind=webhook", $"alerts:channels:desk:url={desk.Address}", "alerts:routes:warning=desk", "alerts:group_wait=0");

        var alerts = program.Services.GetRequiredService<IGrainFactory>().GetGrain<IAlertGrain>(GrainKeys.Alerts);

        await FailAsync(program);
        await Wait.UntilAsync(async () => (await alerts.ListAsync(new(null, 100))).Receipts.Any(receipt => receipt.Title == "RepeatedFailures"));
        await FailAsync(program);
        await program.Services.GetRequiredService<SecurityAlertForwarder>().PassAsync();

        var list = await alerts.ListAsync(new(null, 100));
        list.Alerts.Count(alert => alert.Name == "RepeatedFailures").ShouldBe(1);
        list.Pending.ShouldNotContain(pending => pending.Title.Contains("RepeatedFailures"), "a second message is not even on its way");
        list.Receipts.Single(receipt => receipt.Title == "RepeatedFailures").Delivered.ShouldBeTrue();
        messages.Count(name => name == "RepeatedFailures").ShouldBe(1);
    }

    static async Task FailAsync(GuardedProgram program)
    {
        for (var n = 0; n < SecurityAlerts.MaxFailures + 1; n++)
            (await program.SendAsync(HttpMethod.Get, "/api/auth/me", "x.y.z")).Status.ShouldBe(401);
    }
}
