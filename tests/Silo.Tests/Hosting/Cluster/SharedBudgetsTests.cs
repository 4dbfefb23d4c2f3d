using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using StackExchange.Redis;
using Trading.Api;
using Trading.Testing;

namespace Trading.Hosting.Tests;

/// <summary>Budgets of requests of two processes of the API on one Redis: together while it answers, each its own while it does
/// not. A budget here fills so slowly that nothing comes back during a test.</summary>
public sealed class SharedBudgetsTests
{
    const int Burst = 10;

    /// <summary>For a test of what is shared: this machine may be busy.</summary>
    static readonly TimeSpan Patient = TimeSpan.FromSeconds(30);

    [RedisFact]
    public async Task TwoProcesses_HaveOneBudget_AndEachHasItsOwnWhileRedisIsAway_UntilItIsBack()
    {
        using var redis = new RedisServer();
        await using var one = new ApiProcessOf(redis, Patient);
        await using var other = new ApiProcessOf(redis, Patient);
        await UntilSharedAsync(one, other);

        (await PassedAsync("ada", one, other)).ShouldBe([5, 5], "ten together");

        redis.Kill();
        await Wait.UntilAsync(() => !one.Shared.IsConnected && !other.Shared.IsConnected);
        (await PassedAsync("bob", one, other)).ShouldBe([Burst, Burst], "ten each");

        redis.StartAgain();
        await UntilSharedAsync(one, other);
        (await PassedAsync("eve", one, other)).ShouldBe([5, 5], "ten together again");
        (await PassedAsync("bob", one, other)).ShouldBe([0, 0], "what each has used up is not forgotten");
    }

    [RedisFact]
    public async Task AddressesAreSharedToo_AndOneClusterTakesNothingFromAnother()
    {
        using var redis = new RedisServer();
        await using var one = new ApiProcessOf(redis, Patient);
        await using var other = new ApiProcessOf(redis, Patient);
        await using var foreign = new ApiProcessOf(redis, Patient, cluster: "another");
        await UntilSharedAsync(one, other, foreign);
        var address = IPAddress.Parse("192.0.2.7");

        foreach (var expected in new[] { Burst, 0 })
            (await CountAsync(() => (expected > 0 ? one : other).Budgets.TakeAsync(address))).ShouldBe(expected);
        (await CountAsync(() => foreign.Budgets.TakeAsync(address))).ShouldBe(Burst);
    }

    [RedisFact]
    public async Task StopsAndSignals_AreAnsweredAtOnce_WhileRedisStandsStill_AndQuestionsBarelyWait()
    {
        using var redis = new RedisServer();
        await using var one = new ApiProcessOf(redis, RedisBudgets.Patience, burst: 5_000);
        await Wait.UntilAsync(() => one.Shared.IsConnected);
        using var control = await ConnectionMultiplexer.ConnectAsync(redis.Address + ",allowAdmin=true");
        await control.GetDatabase().ExecuteAsync("CLIENT", "PAUSE", "60000", "ALL");
        var began = TimeProvider.System.GetTimestamp();

        foreach (var allowance in new[] { Allowance.Emergency, Allowance.Trading })
        {
            var stop = one.Budgets.TakeAsync(Person("ada"), IPAddress.Loopback, allowance);
            stop.IsCompletedSuccessfully.ShouldBeTrue("nothing was asked");
            (await stop).ShouldBe(0);
        }

        (await CountAsync(() => one.Ask("ada"), 5_001)).ShouldBe(5_000, "the budget of the process holds");
        // 5,000 times the patience would be 100 s
        TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    [RedisFact]
    public async Task Budget_FillsEvenlyByItsRate_AlsoWhereThatIsNoWholeMillisecond()
    {
        using var redis = new RedisServer();
        await using var one = new ApiProcessOf(redis, Patient);
        await Wait.UntilAsync(() => one.Shared.IsConnected);

        foreach (var perMinute in new[] { 45_001, 6_000_000 })
        {
            var (passed, began) = (0, TimeProvider.System.GetTimestamp());
            while (TimeProvider.System.GetElapsedTime(began) < TimeSpan.FromSeconds(1))
                if (await one.Shared.TakeAsync($"rate-{perMinute}", perMinute, Burst) == true) passed++;
            passed.ShouldBeInRange(
                2 * Burst, Burst + (int)Math.Ceiling(TimeProvider.System.GetElapsedTime(began).TotalMinutes * perMinute));
        }
    }

    [Theory]
    [InlineData("127.0.0.1:1", true)]
    [InlineData("", false)]
    public async Task Process_OfAClusterWithARedis_SharesItsBudgets(string redis, bool shares)
    {
        await using var services = new ServiceCollection().AddSingleton(TimeProvider.System).AddLogging()
            .AddSharedBudgets(new ClusteringOptions { Membership = "postgres", Redis = redis }).BuildServiceProvider();

        var shared = services.GetService<ISharedBudgets>();

        (shared is not null).ShouldBe(shares);
        if (shared is not null) (await shared.TakeAsync("ada", 60, 10)).ShouldBeNull("a Redis that never was there is not waited for");
    }

    /// <summary>How many of twenty requests each passes, when they are asked in turn.</summary>
    static async Task<int[]> PassedAsync(string subject, params ApiProcessOf[] processes)
    {
        var passed = new int[processes.Length];
        for (var n = 0; n < 2 * Burst * processes.Length; n++)
            if (await processes[n % processes.Length].Ask(subject) == 0) passed[n % processes.Length]++;
        return passed;
    }

    static async Task<int> CountAsync(Func<ValueTask<int>> ask, int times = 2 * Burst)
    {
        var passed = 0;
        for (var n = 0; n < times; n++)
            if (await ask() == 0) passed++;
        return passed;
    }

    static async Task UntilSharedAsync(params ApiProcessOf[] processes)
    {
        foreach (var process in processes)
            await Wait.UntilAsync(async () => await process.Shared.TakeAsync("probe", 6_000_000, 1_000) is not null);
    }

    static Caller Person(string subject) => new(
        subject, false, Operations.Roles.Viewer, null, false, subject, null, DateTimeOffset.MinValue, DateTimeOffset.MaxValue, default);

    /// <summary>What a process of the API has of it.</summary>
    sealed class ApiProcessOf : IAsyncDisposable
    {
        public ApiProcessOf(RedisServer redis, TimeSpan patience, int burst = Burst, string cluster = "trading")
        {
            var options = new ClusteringOptions { Membership = "redis", Id = cluster, Redis = redis.Address };
            Shared = new(options, patience, TimeProvider.System, NullLogger<RedisBudgets>.Instance);
            Budgets = new(Options.Create(new EdgeOptions { RequestsPerMinute = 1, Burst = burst }), TimeProvider.System, Shared);
        }

        public RedisBudgets Shared { get; }
        public RateBudgets Budgets { get; }

        /// <summary>An address of its own for each subject, so that only the subject's budget counts.</summary>
        public ValueTask<int> Ask(string subject) =>
            Budgets.TakeAsync(Person(subject), new IPAddress(subject.Select(letter => (byte)letter).Append((byte)1).ToArray()), Allowance.Ordinary);

        public ValueTask DisposeAsync() => Shared.DisposeAsync();
    }
}
