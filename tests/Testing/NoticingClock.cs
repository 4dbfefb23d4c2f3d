using System.Threading.Channels;

namespace Trading.Testing;

/// <summary>A manual clock that tells a test of the timers that are set, so that it moves the clock once somebody waits for it.</summary>
public sealed class NoticingClock(ManualTimeProvider inner) : TimeProvider
{
    readonly Channel<TimeSpan> _timers = Channel.CreateUnbounded<TimeSpan>();

    public override long TimestampFrequency => inner.TimestampFrequency;
    public override DateTimeOffset GetUtcNow() => inner.GetUtcNow();
    public override long GetTimestamp() => inner.GetTimestamp();
    public void Advance(TimeSpan by) => inner.Advance(by);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = inner.CreateTimer(callback, state, dueTime, period);
        _timers.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for a time within these bounds, and lets it pass.</summary>
    public async Task PassAsync(TimeSpan least, TimeSpan most)
    {
        await foreach (var due in _timers.Reader.ReadAllAsync())
        {
            if (due < least || due > most) continue;
            inner.Advance(due);
            return;
        }
    }
}
