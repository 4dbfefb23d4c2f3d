using System.Net;
using System.Net.NetworkInformation;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using static Trading.Hosting.Tests.StoresFixture;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class OrleansSetupTests(StoresFixture stores)
{
    static readonly StoreOptions Memory = new() { Kind = "memory" };

    [Fact]
    public async Task Memory_KeepsStateAndReminders_WhileTheSiloRuns() =>
        await RunSiloAsync(Memory, async silo =>
        {
            await silo.Diary("a").WriteAsync(DiaryState.Sample);
            await silo.Diary("a").RemindAsync(TimeSpan.FromHours(1));

            (await silo.Diary("a").ReadAsync()).ShouldNotBeNull().Earlier.ShouldBe(DiaryState.Sample.Earlier);
            (await silo.Diary("a").IsRemindedAsync()).ShouldBeTrue();
        });

    [Fact]
    public async Task SqliteFile_InAFolderThatDoesNotExist_IsCreated()
    {
        var path = Path.Combine(Path.GetDirectoryName(stores.Empty("sqlite").Path)!, "one", "two", "trading.db");

        await RunSiloAsync(new() { Kind = "sqlite", Path = path }, silo => silo.Diary("a").WriteAsync(DiaryState.Sample));

        File.Exists(path).ShouldBeTrue();
    }

    [Fact]
    public async Task Silo_ListensOnLoopbackOnly() =>
        await RunSiloAsync(Memory, silo =>
        {
            var endpoints = silo.Services.GetRequiredService<IOptions<EndpointOptions>>().Value;

            IPGlobalProperties.GetIPGlobalProperties().GetActiveTcpListeners()
                .Where(listener => listener.Port == endpoints.SiloPort)
                .ShouldBe((IPEndPoint[])[new(IPAddress.Loopback, endpoints.SiloPort)]);
            endpoints.GatewayPort.ShouldBe(0);
            return Task.CompletedTask;
        });
}
