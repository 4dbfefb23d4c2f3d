using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.Journal;

namespace Trading.Audit;

/// <summary>Where a chain stood.</summary>
sealed record Head(string Stream, long Sequence, string Hash);

/// <summary>Where every chain of the journal stood at an instant, kept where whoever may write the journal may not write.</summary>
sealed partial record Anchor(DateTimeOffset At, Head[] Heads)
{
    public string ToLine() => JsonSerializer.Serialize(this, AnchorJson.Default.Anchor);

    public static Anchor Parse(string line) => JsonSerializer.Deserialize(line, AnchorJson.Default.Anchor) ?? throw new JsonException();

    /// <summary>What the journal says otherwise than these anchors; empty where it agrees.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(IJournal journal, IEnumerable<Anchor> anchors, CancellationToken cancellation)
    {
        List<string> differences = [];
        foreach (var anchor in anchors)
            foreach (var head in anchor.Heads)
            {
                var found = await FindAsync(journal, head, cancellation);
                if (found != head.Hash)
                    differences.Add($"{head.Stream} {head.Sequence}: the anchor of {anchor.At:O} has {head.Hash}, the journal has {found ?? "no such event"}");
            }

        return differences;
    }

    static async Task<string?> FindAsync(IJournal journal, Head head, CancellationToken cancellation)
    {
        try
        {
            await foreach (var recorded in journal.ReadAsync(head.Stream, head.Sequence - 1, head.Sequence, cancellation))
                return Convert.ToHexStringLower(recorded.Hash.Span);
        }
        catch (JournalCorruptException)
        {
            return "a damaged event";
        }

        return null;
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(Anchor))]
    internal sealed partial class AnchorJson : JsonSerializerContext;
}
