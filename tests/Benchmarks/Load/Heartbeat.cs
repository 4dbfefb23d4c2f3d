using System.Diagnostics;

namespace Trading.Benchmarks.Load;

/// <summary>A thread that asks to be woken every millisecond, before every other thread, and notes how late it is: what delays it is
/// the machine or its neighbours, not the program that is measured.</summary>
sealed class Heartbeat : IDisposable
{
    static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(1);

    /// <summary>Later than this is a stall of the machine: a fifth of the smallest tail that is measured.</summary>
    public static readonly TimeSpan Stall = TimeSpan.FromMilliseconds(5);

    readonly Thread _thread;
    readonly List<long> _stalls = [];
    volatile bool _ended;

    public Heartbeat()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "heartbeat" };
        _thread.Start();
    }

    /// <summary>False where this user may not have real-time priority: stalls may then be our own load.</summary>
    public bool IsFirst { get; private set; }

    /// <summary>The timestamps at which stalls ended since the last call.</summary>
    public long[] Take()
    {
        lock (_stalls)
        {
            var taken = _stalls.ToArray();
            _stalls.Clear();
            return taken;
        }
    }

    public void Dispose()
    {
        _ended = true;
        _thread.Join();
    }

    void Run()
    {
        IsFirst = Native.TryBeFirst();
        while (!_ended)
        {
            var asked = Stopwatch.GetTimestamp();
            var beat = new Native.TimeSpec { Nanoseconds = (long)Beat.TotalNanoseconds };
            _ = Native.Sleep(ref beat, 0);
            var late = Stopwatch.GetElapsedTime(asked) - Beat;
            if (late <= Stall) continue;
            lock (_stalls) _stalls.Add(Stopwatch.GetTimestamp());
        }
    }
}
