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
    readonly List<(long At, TimeSpan Late)> _stalls = [];
    volatile bool _ended;
    long _longest;

    public Heartbeat()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "heartbeat" };
        _thread.Start();
    }

    public bool IsFirst { get; private set; }

    /// <summary>The longest delay since the last call, and how many were stalls.</summary>
    public (TimeSpan Longest, int Stalls) Take()
    {
        lock (_stalls)
        {
            var taken = (TimeSpan.FromTicks(_longest), _stalls.Count);
            (_longest, _) = (0, 0);
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
            lock (_stalls)
            {
                _longest = Math.Max(_longest, late.Ticks);
                if (late > Stall) _stalls.Add((asked, late));
            }
        }
    }
}
