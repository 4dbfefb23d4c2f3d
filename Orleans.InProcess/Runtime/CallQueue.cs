using Orleans.InProcess;

namespace Orleans.Runtime;

/// <summary>Calls that wait for their turn, first come first served; linked through the calls themselves.</summary>
struct CallQueue
{
    GrainCall? _first, _last;

    public readonly bool IsEmpty => _first is null;

    public int Count { get; private set; }

    /// <summary>How many of the calls may start while another is in the middle of its turn.</summary>
    public int Interleaving { get; private set; }

    public void Enqueue(GrainCall call)
    {
        if (_last is null) _first = call;
        else _last.Next = call;
        _last = call;
        Count++;
        if (Interleaves(call)) Interleaving++;
    }

    /// <summary>Takes the first call that may start now: one that interleaves passes those that do not.</summary>
    public GrainCall? Take(Activation owner)
    {
        GrainCall? before = null;
        for (var call = _first; call is not null; before = call, call = call.Next)
        {
            if (!owner.MayStart(call)) continue;
            if (before is null) _first = call.Next;
            else before.Next = call.Next;
            if (call.Next is null) _last = before;
            call.Next = null;
            Count--;
            if (Interleaves(call)) Interleaving--;
            return call;
        }

        return null;
    }

    /// <summary>Empties the queue and returns its first call, with the others linked behind it.</summary>
    public GrainCall? Clear()
    {
        var first = _first;
        this = default;
        return first;
    }

    static bool Interleaves(GrainCall call) => call.AlwaysInterleaves || call.Method.ReadOnly;
}
