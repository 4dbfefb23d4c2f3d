using System.Buffers.Text;
using System.Diagnostics;

namespace Trading.Benchmarks.Load;

/// <summary>Decisions of which is known when each was sent and answered, and which place in the journal it has.</summary>
sealed class TimedDecisions : Mix
{
    public const string Book = "default";
    static readonly byte[] Id = "\"decision_id\":\"default:"u8.ToArray();
    readonly byte[][] _signals = Signals("0.001");
    readonly List<long> _sent = [];
    readonly List<(long N, long At, long Sequence)> _answered = [];

    public TimedDecisions() : base("decisions")
    {
    }

    /// <summary>Number, moments of sending and of the answer, place in the journal.</summary>
    public IEnumerable<(long N, long Sent, long Received, long Sequence)> All =>
        _answered.Select(answer => (answer.N, _sent[(int)answer.N], answer.At, answer.Sequence));

    public override byte[] RequestAt(long n)
    {
        _sent.Add(Stopwatch.GetTimestamp());
        return _signals[n % _signals.Length];
    }

    public override void Answered(long n, ReadOnlySpan<byte> answer)
    {
        var at = answer.IndexOf(Id);
        if (at < 0 || !Utf8Parser.TryParse(answer[(at + Id.Length)..], out long sequence, out _)) return;
        _answered.Add((n, Stopwatch.GetTimestamp(), sequence));
    }
}
