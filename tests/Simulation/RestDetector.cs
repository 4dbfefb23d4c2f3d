using System.Diagnostics;
using Trading.Testing;

namespace Trading.Simulation.Tests;

/// <summary>What somebody waits for rest with; at rest the smallest goes first.</summary>
enum Turn
{
    /// <summary>An append that is queued: each is a step of its own.</summary>
    Commit,
    /// <summary>A call of a grain.</summary>
    Call,
    /// <summary>Wants to go on when nothing can move by itself, whatever it waits for.</summary>
    Standstill,
    /// <summary>Wants to go on when nothing is under way.</summary>
    Quiet,
}

/// <summary>Watches the thread pool, where all of a silo runs, and what runs on threads of its own. Whenever neither
/// has anything to do, one of those who wait goes on: by kind, name and order of arrival, so that it does not matter
/// which thread was faster.</summary>
sealed class RestDetector : IDisposable
{
    /// <summary>How often in a row the pool must be found idle.</summary>
    const int Looks = 3;

    /// <summary>Looks that find work before the watcher leaves the processor to others for a while.</summary>
    const int EagerLooks = 2_000;

    /// <summary>How long the pool is watched for the threads that it is never without: those that run the tests. A
    /// process that has just begun has others too, which end.</summary>
    static readonly TimeSpan Calibration = TimeSpan.FromMilliseconds(20);

    static readonly TimeSpan FirstCalibration = TimeSpan.FromMilliseconds(200);

    /// <summary>How long those who wait are kept waiting, in real time: longer means that something hangs.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    static int _detectors;

    readonly Lock _gate = new();
    readonly List<Waiter> _waiters = [];
    readonly AutoResetEvent _wanted = new(initialState: false);
    readonly Func<string?> _underWay;
    readonly Thread _watcher;
    int _busyAtRest = int.MaxValue, _arrived;
    volatile bool _ended;

    /// <param name="underWay">What has begun and not ended, in words; null for nothing.</param>
    public RestDetector(Func<string?> underWay)
    {
        _underWay = underWay;
        _watcher = new Thread(Watch) { IsBackground = true, Name = nameof(RestDetector) };
        _watcher.Start();
    }

    /// <summary>What runs on a thread of its own, and goes on in the pool when it has ended.</summary>
    public PendingWork Elsewhere { get; } = new();

    /// <summary>While it is true no append is let through.</summary>
    public bool HoldsCommits { get; set; }

    /// <summary>Waits for rest and for whoever comes first.</summary>
    public Task WaitAsync(Turn turn, string name = "")
    {
        lock (_gate)
        {
            if (_ended) return Task.CompletedTask;
            var waiter = new Waiter(turn, name, _arrived++, new(TaskCreationOptions.RunContinuationsAsynchronously));
            _waiters.Add(waiter);
            _wanted.Set();
            return waiter.Gone.Task;
        }
    }

    /// <summary>From now on nobody waits.</summary>
    public void Dispose()
    {
        End(failure: null);
        _watcher.Join();
        _wanted.Dispose();
    }

    void Watch()
    {
        _wanted.WaitOne();
        var calibration = Interlocked.Increment(ref _detectors) == 1 ? FirstCalibration : Calibration;
        for (var begun = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begun) < calibration; Thread.Yield())
            IsIdle();
        var (idle, busy, since) = (0, 0, Stopwatch.GetTimestamp());
        while (!_ended)
        {
            if (!IsWanted)
            {
                _wanted.WaitOne();
                since = Stopwatch.GetTimestamp();
            }
            else if (!IsIdle())
            {
                idle = 0;
                if (++busy < EagerLooks) Thread.Yield();
                else _wanted.WaitOne(Pause);
            }
            else if (++idle == Looks)
            {
                (idle, busy) = (0, 0);
                if (LetOneGo()) since = Stopwatch.GetTimestamp();
                else _wanted.WaitOne(Pause);
            }

            if (Stopwatch.GetElapsedTime(since) > Patience)
                End(new TimeoutException($"Nothing comes to rest; under way are {_underWay()}."));
        }
    }

    /// <summary>Looks in the direction in which work goes: from elsewhere into the queue, and from there to a thread
    /// that was counted as busy before it took it.</summary>
    bool IsIdle()
    {
        if (Elsewhere.Count > 0 || ThreadPool.PendingWorkItemCount > 0) return false;
        ThreadPool.GetMaxThreads(out var most, out _);
        ThreadPool.GetAvailableThreads(out var free, out _);
        _busyAtRest = Math.Min(_busyAtRest, most - free);
        return most - free == _busyAtRest;
    }

    bool IsWanted
    {
        get
        {
            lock (_gate) return _waiters.Count > 0;
        }
    }

    bool LetOneGo()
    {
        Waiter? first;
        lock (_gate)
        {
            first = _waiters.Where(MayGo).Min();
            if (first is null) return false;
            _waiters.Remove(first);
        }

        first.Gone.SetResult();
        return true;
    }

    bool MayGo(Waiter waiter) => waiter.Turn switch
    {
        Turn.Commit => !HoldsCommits,
        Turn.Quiet => _underWay() is null,
        _ => true,
    };

    void End(Exception? failure)
    {
        List<Waiter> left;
        lock (_gate)
        {
            _ended = true;
            left = [.. _waiters];
            _waiters.Clear();
            _wanted.Set();
        }

        foreach (var waiter in left)
            if (failure is not null && waiter.Turn >= Turn.Standstill) waiter.Gone.SetException(failure);
            else waiter.Gone.SetResult();
    }

    sealed record Waiter(Turn Turn, string Name, int Number, TaskCompletionSource Gone) : IComparable<Waiter>
    {
        public int CompareTo(Waiter? other)
        {
            if (other is null) return 1;
            var turn = Turn.CompareTo(other.Turn);
            var name = turn != 0 ? turn : string.CompareOrdinal(Name, other.Name);
            return name != 0 ? name : Number.CompareTo(other.Number);
        }
    }
}
