using System.Net;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using Trading.Testing;

namespace Trading.Hosting.Tests;

public sealed class MembershipGuardTests
{
    static readonly SiloAddress Own = SiloAddress.New(IPAddress.Loopback, 11_111, 1);
    static readonly SiloAddress Other = SiloAddress.New(IPAddress.Loopback, 11_112, 2);

    readonly IMembershipTable _table = Substitute.For<IMembershipTable>();
    readonly IHostApplicationLifetime _host = Substitute.For<IHostApplicationLifetime>();
    readonly ManualTimeProvider _clock = new();
    int _looks;

    [Fact]
    public async Task Silo_ThatTheTableForgot_IsEnded()
    {
        using var guard = await StartAsync();
        await LookAsync(Table(Own, Other));
        await LookAsync(Table(Other));
        _host.DidNotReceive().StopApplication();

        await LookAsync(Table(Other));

        await Wait.UntilAsync(() => guard.ExecuteTask!.IsCompleted);
        _host.Received(1).StopApplication();
    }

    [Fact]
    public async Task Silo_ThatIsNotInTheTableYet_OrWhoseTableDoesNotAnswer_GoesOn()
    {
        using var guard = await StartAsync();
        for (var look = 0; look < 3; look++) await LookAsync(Table(Other));
        await LookAsync(Table(Own));
        for (var look = 0; look < 3; look++) await LookAsync(null);
        await LookAsync(Table(Other));
        await LookAsync(Table(Own));

        guard.ExecuteTask!.IsCompleted.ShouldBeFalse();
        _host.DidNotReceive().StopApplication();
    }

    async Task<MembershipGuard> StartAsync()
    {
        var silo = Substitute.For<ILocalSiloDetails>();
        silo.SiloAddress.Returns(Own);
        var guard = new MembershipGuard(_table, silo, _host, _clock, NullLogger<MembershipGuard>.Instance);
        await guard.StartAsync(TestContext.Current.CancellationToken);
        return guard;
    }

    /// <summary>Lets it look once.</summary>
    async Task LookAsync(MembershipTableData? table)
    {
        var before = Volatile.Read(ref _looks);
        _table.ReadAllAsync(default).ReturnsForAnyArgs(_ =>
        {
            Interlocked.Increment(ref _looks);
            return table is null ? throw new TimeoutException() : Task.FromResult(table);
        });
        await Wait.UntilAsync(() => _clock.Step(_clock.GetUtcNow().AddSeconds(5)));
        await Wait.UntilAsync(() => Volatile.Read(ref _looks) > before);
    }

    static MembershipTableData Table(params SiloAddress[] silos) => new(
        [.. silos.Select(silo => Tuple.Create(new MembershipEntry { SiloAddress = silo }, "1"))], new TableVersion(1, "1"));
}
