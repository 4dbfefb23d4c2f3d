using System.Text;
using Trading.Benchmarks.Http;

namespace Trading.Benchmarks.Load;

/// <summary>What a desk sends, one request after another; what is answered may decide what is sent later.</summary>
abstract class Mix(string name)
{
    public const string Path = "/api/risk/validate-signal";
    const int Variety = 256;
    static readonly string[] Symbols =
        ["AA", "AXP", "T", "BA", "CAT", "C", "KO", "DD", "EK", "XOM", "GE", "GM", "HD", "INTC", "IBM", "MRK"];

    public string Name => name;

    /// <summary>Decisions that said no.</summary>
    public long Refused { get; private set; }

    public abstract byte[] RequestAt(long n);

    /// <param name="n">Which request it answers.</param>
    public virtual void Answered(long n, ReadOnlySpan<byte> answer)
    {
        if (answer.IndexOf("\"approved\":false"u8) >= 0) Refused++;
    }

    /// <param name="crossing">Whether each symbol is bought and sold. An order that may trade with an open one of its book is
    /// refused, so that about half of them are then; else a symbol is either bought or sold, and all are approved.</param>
    protected static byte[][] Signals(string quantity, string path = Path, bool crossing = false) =>
        [.. Enumerable.Range(0, Variety).Select(n => LoadGenerator.Post(path, Signal(n, quantity, crossing)))];

    static string Signal(int n, string quantity, bool crossing) =>
        $$"""{"symbol":"{{Symbols[n % Symbols.Length]}}","action":"{{((crossing ? n / Symbols.Length : n) % 2 == 0 ? "BUY" : "SELL")}}","""
        + $$""" "position_size":{{quantity}},"confidence":0.{{50 + n % 50}}}""";
}

/// <summary>Small orders, bought and sold, each reserved until its time is over where it is approved.</summary>
/// <param name="crossing">See <see cref="Mix.Signals"/>.</param>
sealed class Decisions(string name = "decisions", string path = Mix.Path, bool crossing = false) : Mix(name)
{
    readonly byte[][] _signals = Signals("0.001", path, crossing);

    public override byte[] RequestAt(long n) => _signals[n % _signals.Length];
}

/// <summary>Of three requests one is a decision, one the fill of an approval and one the release of another.</summary>
sealed class FillsAndReleases() : Mix("decisions, fills and releases in turn")
{
    const int Kinds = 3;
    static readonly byte[] Member = "\"decision_id\":\""u8.ToArray();
    readonly byte[][] _signals = Signals("0.001");
    readonly Queue<(string Id, string Symbol, string Action)> _approved = new();
    static long s_fills; // an id is used once in a book, whatever the round

    public override byte[] RequestAt(long n)
    {
        if (n % Kinds == 0 || !_approved.TryDequeue(out var approval)) return _signals[n / Kinds % _signals.Length];
        return n % Kinds == 1 ? Fill(approval) : Release(approval.Id);
    }

    public override void Answered(long n, ReadOnlySpan<byte> answer)
    {
        base.Answered(n, answer);
        if (answer.IndexOf("\"approved\":true"u8) < 0) return;
        _approved.Enqueue((Text(answer, Member), Text(answer, "\"symbol\":\""u8), Text(answer, "\"action\":\""u8)));
    }

    byte[] Fill((string Id, string Symbol, string Action) approval) => LoadGenerator.Post("/api/portfolios/default/fills",
        $$"""{"fill_id":"load-{{s_fills++}}","reservation_id":"{{approval.Id}}","symbol":"{{approval.Symbol}}","""
        + $$""" "action":"{{approval.Action}}","quantity":0.001,"price":20.0,"fees":0.0}""");

    static byte[] Release(string reservation) =>
        LoadGenerator.Post($"/api/portfolios/default/reservations/{reservation}/release", "{}");

    static string Text(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> member)
    {
        var rest = answer[(answer.IndexOf(member) + member.Length)..];
        return Encoding.UTF8.GetString(rest[..rest.IndexOf((byte)'"')]);
    }
}
