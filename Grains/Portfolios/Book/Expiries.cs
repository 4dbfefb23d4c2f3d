using System.Collections.Immutable;

namespace Trading.Portfolios;

/// <summary>When which reservation ends. Reservations end together in steps of <see cref="Step"/>, so that a book with
/// thousands of approvals a second records their ends as a few events and not as one more for each.</summary>
sealed class Expiries
{
    static readonly TimeSpan Step = TimeSpan.FromMilliseconds(100);

    readonly PriorityQueue<DateTimeOffset, DateTimeOffset> _due = new();
    readonly Dictionary<DateTimeOffset, ImmutableArray<string>.Builder> _ending = [];

    /// <summary>The end of a reservation that lasts from now for so many seconds: the next whole step.</summary>
    public static DateTimeOffset End(DateTimeOffset now, double seconds)
    {
        var end = now.AddSeconds(seconds);
        var over = end.Ticks % Step.Ticks;
        return over == 0 ? end : end.AddTicks(Step.Ticks - over);
    }

    public void Add(string reservation, DateTimeOffset end)
    {
        if (!_ending.TryGetValue(end, out var together))
        {
            _ending[end] = together = ImmutableArray.CreateBuilder<string>();
            _due.Enqueue(end, end);
        }

        together.Add(reservation);
    }

    /// <summary>Takes off the schedule what has ended by now and is still open.</summary>
    public ImmutableArray<string> Take(DateTimeOffset now, Predicate<string> isOpen)
    {
        ImmutableArray<string>.Builder? ended = null;
        while (_due.TryPeek(out var end, out _) && end <= now)
        {
            _due.Dequeue();
            _ending.Remove(end, out var together);
            foreach (var reservation in together!)
                if (isOpen(reservation))
                    (ended ??= ImmutableArray.CreateBuilder<string>(together.Count)).Add(reservation);
        }

        return ended?.ToImmutable() ?? [];
    }
}
