using RedisRateLimiting;
using StackExchange.Redis;
using Trading.Api;

namespace Trading.Hosting;

/// <summary>Budgets of requests in Redis, for all processes of a cluster. A request never waits for a Redis that is away,
/// and only a few wait, for moments, for one that is slow: the budgets of the process decide then, until it answers
/// again.</summary>
sealed partial class RedisBudgets : ISharedBudgets, IAsyncDisposable
{
    /// <summary>The longest that a request waits.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    /// <summary>For so long nobody asks a Redis that has failed; then one request does.</summary>
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);

    /// <summary>Answers in a row that did not come; one alone may be this process's own pause.</summary>
    const int MostFailures = 3;

    readonly string _cluster;
    readonly TimeSpan _patience;
    readonly TimeProvider _clock;
    readonly ILogger<RedisBudgets> _log;
    readonly Task<ConnectionMultiplexer> _connecting;
    int _failures, _isAway;
    long _restsUntil;

    /// <param name="patience">The longest wait for an answer.</param>
    public RedisBudgets(ClusteringOptions cluster, TimeSpan patience, TimeProvider clock, ILogger<RedisBudgets> log)
    {
        (_cluster, _patience, _clock, _log) = (cluster.Id, patience, clock, log);
        var options = ConfigurationOptions.Parse(cluster.Redis!);
        options.AbortOnConnectFail = false;
        options.BacklogPolicy = BacklogPolicy.FailFast; // what cannot be sent now is not wanted later
        options.ReconnectRetryPolicy = new LinearRetry((int)Rest.TotalMilliseconds);
        _connecting = ConnectionMultiplexer.ConnectAsync(options);
    }

    /// <summary>Whether the next request would ask, as far as the connection goes.</summary>
    internal bool IsConnected => _connecting is { IsCompletedSuccessfully: true, Result.IsConnected: true };

    public ValueTask<bool?> TakeAsync(string key, int perMinute, int burst)
    {
        if (!IsConnected)
        {
            if (_connecting.IsCompleted) Away("there is no connection");
            return new((bool?)null);
        }

        return MayAsk() ? AskAsync(key, perMinute, burst) : new((bool?)null);
    }

    async ValueTask<bool?> AskAsync(string key, int perMinute, int burst)
    {
        using var bucket = new RedisTokenBucketRateLimiter<string>($"{_cluster}:{key}", new()
        {
            ConnectionMultiplexerFactory = () => _connecting.Result,
            TokenLimit = burst,
            TokensPerPeriod = PermitsAtOnce(perMinute),
            ReplenishmentPeriod = TimeSpan.FromMinutes((double)PermitsAtOnce(perMinute) / perMinute),
        });
        try
        {
            using var lease = await bucket.AcquireAsync().AsTask().WaitAsync(_patience, _clock);
            Answered();
            return lease.IsAcquired;
        }
        catch (Exception failed) when (failed is RedisException or TimeoutException or ObjectDisposedException)
        {
            Failed(failed);
            return null;
        }
    }

    /// <summary>Redis counts in milliseconds: of a higher rate several permits come together.</summary>
    static int PermitsAtOnce(int perMinute) => Math.Max(1, (int)Math.Ceiling(perMinute / TimeSpan.FromMinutes(1).TotalMilliseconds));

    /// <summary>Of those that come after a rest, one.</summary>
    bool MayAsk()
    {
        var until = Volatile.Read(ref _restsUntil);
        var now = _clock.GetTimestamp();
        return until == 0 || (now >= until && Interlocked.CompareExchange(ref _restsUntil, RestFrom(now), until) == until);
    }

    long RestFrom(long now) => now + (long)(Rest.TotalSeconds * _clock.TimestampFrequency);

    void Answered()
    {
        Volatile.Write(ref _failures, 0);
        Volatile.Write(ref _restsUntil, 0);
        if (Interlocked.Exchange(ref _isAway, 0) == 1) LogBack();
    }

    void Failed(Exception failed)
    {
        if (Interlocked.Increment(ref _failures) < MostFailures) return;
        Volatile.Write(ref _restsUntil, RestFrom(_clock.GetTimestamp()));
        Away(failed is TimeoutException ? $"no answer within {_patience.TotalMilliseconds:0} ms" : failed.Message);
    }

    void Away(string reason)
    {
        if (Interlocked.Exchange(ref _isAway, 1) == 0) LogAway(reason);
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await using var redis = await _connecting;
            await redis.CloseAsync(allowCommandsToComplete: false); // nobody waits for them any more
        }
        catch (RedisException)
        {
            // it never connected
        }
    }

    [LoggerMessage(
        LogLevel.Warning,
        "Redis does not share the limits of requests ({Reason}): each process holds its own until it is back.")]
    partial void LogAway(string reason);

    [LoggerMessage(LogLevel.Information, "Redis is back: the processes share the limits of requests again.")]
    partial void LogBack();
}

static class SharedBudgetsSetup
{
    /// <summary>Where there is a Redis, the limits of requests hold for all processes of the cluster together.</summary>
    public static IServiceCollection AddSharedBudgets(this IServiceCollection services, ClusteringOptions cluster) =>
        !cluster.HasRedis ? services : services.AddSingleton<ISharedBudgets>(all => new RedisBudgets(
            cluster, RedisBudgets.Patience, all.GetRequiredService<TimeProvider>(), all.GetRequiredService<ILogger<RedisBudgets>>()));
}
