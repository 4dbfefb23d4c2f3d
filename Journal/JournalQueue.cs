using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Trading.Journal;

/// <summary>What waits to be written: bounded, taken in groups by one thread. Each writer's appends stay in order;
/// writers take turns, append by append, so that one who queues much does not keep another waiting.</summary>
sealed class JournalQueue : IThreadPoolWorkItem
{
    /// <summary>Events of one commit, where they are of several appends: a larger append, a batch, is a commit of its own, so that what
    /// comes beside it waits for no more than one of those.</summary>
    public const int MaxGroupEvents = 512;

    const int MaxGroupBytes = 4 << 20;
    const int MaxEvents = 65_536, MaxBytes = 256 << 20;

    /// <summary>Callers are fast when half of them are back within this part of a commit.</summary>
    const int FastReturn = 8;

    /// <summary>A commit waits for this part of the callers where they are not fast: less would pay for more commits
    /// than keep the disk busy.</summary>
    const int SlowShare = 3;

    /// <summary>The longest wait for slow callers.</summary>
    static readonly TimeSpan SlowPatience = TimeSpan.FromMilliseconds(4);

    /// <summary>How long a round may take where the thread pool is busy with something else.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(1);

    readonly object _gate = new();
    readonly Queue<JournalWriter> _turns = new(); // each who has something waiting, once
    readonly Queue<JournalAppend> _flushes = new();
    readonly JournalAppend[] _group = new JournalAppend[MaxGroupEvents];
    long _events, _bytes, _added;
    int _waiting;
    long _takenAt, _answeredAt, _returnTime; // by the clock of Stopwatch
    int _toReturn; // of those answered last, how many are to come back before they count as returned
    int _away; // callers who were answered and may come back
    int _wanted = int.MaxValue; // the length of the queue at which the taker is woken
    bool _closed;

    /// <summary>Queues behind everything of its writer before it, a flush behind everything; or says why not.</summary>
    public string? TryAdd(JournalAppend append)
    {
        lock (_gate)
        {
            if (_closed) return "the journal is closed.";
            if (_events + append.Rows.Length > MaxEvents || _bytes + append.Bytes > MaxBytes)
                return "more is waiting to be written than the store keeps up with.";
            Count(append, +1);
            Enqueue(append);
            if (_away > 0) _away--;
            if (_toReturn > 0 && --_toReturn == 0) _returnTime = Stopwatch.GetTimestamp() - _answeredAt;
            if (_waiting >= _wanted) Monitor.Pulse(_gate);
            return null;
        }
    }

    /// <summary>Waits until there is something, and takes all of it up to a bound; nothing when the queue is closed
    /// and empty.</summary>
    /// <param name="answered">Of how many appends the callers were answered just now. Where callers come back much
    /// faster than a commit takes, they share the next one with those who wait already. Of slower ones a part is
    /// enough: while the others do their work, the disk does its own. Whoever is alone does not wait for anybody, but
    /// for a few short times after a crowd has left.</param>
    public ArraySegment<JournalAppend> Take(int answered)
    {
        lock (_gate)
        {
            _answeredAt = Stopwatch.GetTimestamp();
            var comeBackFast = _returnTime < (_answeredAt - _takenAt) / FastReturn;
            (_toReturn, _away) = ((answered + 1) / 2, _away + answered);
            while (_waiting == 0 && !_closed) Wait(1, Timeout.InfiniteTimeSpan);
            var company = Math.Min(_waiting + _away, MaxGroupEvents);
            var wanted = comeBackFast ? company : company / SlowShare;
            if (comeBackFast && company > 1) Gather(company);
            else Wait(wanted, SlowPatience);
            if (_waiting < wanted) _away -= (_away + 3) / 4; // some do not come back

            var (count, events, bytes) = (0, 0, 0L);
            while (count < MaxGroupEvents && bytes < MaxGroupBytes
                && TryDequeue(count == 0 ? int.MaxValue : MaxGroupEvents - events, out var append))
            {
                Count(append, -1);
                _group[count++] = append;
                events += append.Rows.Length;
                bytes += append.Bytes;
            }

            _takenAt = Stopwatch.GetTimestamp();
            return new ArraySegment<JournalAppend>(_group, 0, count);
        }
    }

    void Enqueue(JournalAppend append)
    {
        append.Number = ++_added;
        if (append.Writer is not { } writer)
        {
            _flushes.Enqueue(append);
            return;
        }

        writer.Waiting.Enqueue(append);
        if (writer.Waiting.Count == 1) _turns.Enqueue(writer);
    }

    /// <summary>The next one's oldest append; a flush as soon as all that was queued before it is taken.</summary>
    /// <param name="room">Events that it may have.</param>
    bool TryDequeue(int room, [NotNullWhen(true)] out JournalAppend? append)
    {
        if (_flushes.TryPeek(out append) && _turns.All(writer => writer.Waiting.Peek().Number > _flushes.Peek().Number))
            return _flushes.TryDequeue(out append);
        if (!_turns.TryPeek(out var next) || next.Waiting.Peek().Rows.Length > room) return false;
        _turns.Dequeue();
        append = next.Waiting.Dequeue();
        if (next.Waiting.Count > 0) _turns.Enqueue(next);
        return true;
    }

    /// <summary>Takes nothing more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Waits until all have come, or until a round of the thread pool brings in nobody: this item of the pool
    /// runs behind those who were answered. The first round does not count, because an answer goes through the
    /// writer's queue and then its caller's.</summary>
    void Gather(int company)
    {
        var seen = -1;
        for (var round = 0; _waiting < company && (round < 2 || _waiting > seen); round++)
        {
            seen = _waiting;
            ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
            Wait(company, Patience);
        }
    }

    void IThreadPoolWorkItem.Execute()
    {
        lock (_gate) Monitor.Pulse(_gate);
    }

    void Wait(int wanted, TimeSpan limit)
    {
        if (_closed || _waiting >= wanted) return;
        _wanted = wanted;
        Monitor.Wait(_gate, limit);
        _wanted = int.MaxValue;
    }

    void Count(JournalAppend append, int sign)
    {
        _waiting += sign;
        _events += sign * append.Rows.Length;
        _bytes += sign * append.Bytes;
    }
}
