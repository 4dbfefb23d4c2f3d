using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace Trading.Hosting.Tests;

public sealed class EngineTests
{
    [Fact]
    public async Task Memory_KeepsStateAndReminders_WhileTheSiloRuns()
    {
        using var silo = await StoresFixture.StartSiloAsync(new StoreOptions { Kind = "memory" });
        await silo.Diary("a").WriteAsync(DiaryState.Sample);
        await silo.Diary("a").RemindAsync(TimeSpan.FromHours(1));

        (await silo.Diary("a").ReadAsync()).ShouldNotBeNull().Earlier.ShouldBe(DiaryState.Sample.Earlier);
        (await silo.Diary("a").IsRemindedAsync()).ShouldBeTrue();
        await silo.StopAsync();
    }

    [Fact]
    public async Task Silo_ListensOnLoopbackOnly()
    {
        using var silo = await StoresFixture.StartSiloAsync(new StoreOptions { Kind = "memory" });
        var endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;

        IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners().Where(listener => listener.Port == endpoints.SiloPort)
            .ShouldBe((IPEndPoint[])[new(IPAddress.Loopback, endpoints.SiloPort)]);
        endpoints.GatewayPort.ShouldBe(0);
        await silo.StopAsync();
    }
}
