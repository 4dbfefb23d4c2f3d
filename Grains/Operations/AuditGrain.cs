using System.Collections.Immutable;
using System.Text;
using Trading.Journal;
using Trading.Portfolios;

namespace Trading.Operations;

/// <summary>The one writer of the audit's stream. Entries of many callers become durable together; reading needs no turn.</summary>
public sealed class AuditGrain(IJournal journal) : Grain, IAuditGrain
{
    public const string Stream = "audit";

    /// <summary>Events that one question looks at; it goes on with the next question.</summary>
    const int MaxScanned = 200_000;

    Task<IJournalWriter>? _writer;

    public async Task RecordAsync(ImmutableArray<AuditEntry> entries)
    {
        if (entries.Any(entry => entry.Key is not null)) entries = await NewAsync(entries);
        if (entries.IsEmpty) return;
        try
        {
            var writer = await (_writer ??= journal.OpenAsync(Stream, CancellationToken.None));
            await writer.AppendAsync(entries.Select(AuditJson.Encode).ToArray(), CancellationToken.None);
        }
        catch
        {
            _writer = null; // a writer that failed once fails always: the next entry opens another
            throw;
        }
    }

    /// <summary>Those that are not on record yet. Two that come at the same time are told apart by the journal, and one is handed over
    /// again.</summary>
    async Task<ImmutableArray<AuditEntry>> NewAsync(ImmutableArray<AuditEntry> entries)
    {
        var left = ImmutableArray.CreateBuilder<AuditEntry>(entries.Length);
        foreach (var entry in entries.DistinctBy(entry => (object?)entry.Key ?? entry))
            if (entry.Key is null || await journal.FindAsync(Stream, entry.Key, CancellationToken.None) is null) left.Add(entry);
        return left.ToImmutable();
    }

    public async Task<AuditPage> ReadAsync(AuditQuery query)
    {
        var found = ImmutableArray.CreateBuilder<AuditRecord>();
        var (scanned, last) = (0, query.After);
        await foreach (var recorded in journal.ReadAsync(Stream, query.After, CancellationToken.None))
        {
            if (found.Count == query.Limit || scanned++ == MaxScanned) return new(found.ToImmutable(), last);
            last = recorded.Sequence;
            if (recorded.RecordedAt >= query.To) break;
            var entry = AuditJson.Decode(recorded);
            if (recorded.RecordedAt >= (query.From ?? DateTimeOffset.MinValue) && (query.Subject is null || query.Subject == entry.Subject) && (query.Kind is null || query.Kind == entry.Kind))
                found.Add(new(recorded.Sequence, recorded.RecordedAt, entry, Convert.ToHexStringLower(recorded.Hash.Span)));
        }

        return new(found.ToImmutable(), null);
    }

    public async Task<Outcome<TradeTrace>> TraceAsync(string decisionId)
    {
        var at = decisionId.LastIndexOf(':');
        var (stream, sequence) = ("portfolio/" + decisionId[..at], long.Parse(decisionId[(at + 1)..], System.Globalization.CultureInfo.InvariantCulture));
        var steps = ImmutableArray.CreateBuilder<TraceStep>();
        string? by = null; // of decisions older than it the lists of the audit know it
        var (mark, scanned) = (Encoding.UTF8.GetBytes($"\"{decisionId}\""), 0);
        await foreach (var recorded in journal.ReadAsync(stream, sequence - 1, CancellationToken.None))
        {
            if (steps.Count == 0 && recorded.Type != BookJson.Decided) break;
            var isIts = steps.Count == 0 || (recorded.Type != BookJson.Decided && recorded.Payload.Span.IndexOf(mark) >= 0);
            if (steps.Count == 0 && BookJson.Decode(recorded) is SignalDecided decided) by = decided.Decision.By;
            if (isIts) steps.Add(Step(recorded));
            if (scanned++ == MaxScanned || (isIts && Ends(recorded))) break;
        }

        if (steps.Count == 0) return Outcome.NotFound<TradeTrace>("decision_id", $"There is no decision '{decisionId}'.");
        var (asked, configuration) = await CircumstancesAsync(decisionId, steps[0].At);
        return Outcome.Done(new TradeTrace(decisionId, by ?? asked?.Subject, asked?.Address, configuration, steps.ToImmutable()));
    }

    /// <summary>Whether nothing comes of the decision any more: it was refused, its approval was given back, or filled to the end.</summary>
    static bool Ends(JournalEvent recorded) => BookJson.Decode(recorded) switch
    {
        SignalDecided { Reservation: null } or Released or Expired or ReleasedTogether => true,
        Filled filled => filled.Receipt.RemainingReserved is null or 0,
        _ => false,
    };

    static TraceStep Step(JournalEvent recorded) => new(
        recorded.Sequence, recorded.RecordedAt, recorded.Type,
        Encoding.UTF8.GetString(BookJson.Decode(recorded) is SignalDecided decided ? decided.Recorded.Json : recorded.Payload.Span),
        Convert.ToHexStringLower(recorded.Hash.Span));

    /// <summary>Who asked for it, from the lists of decisions that callers leave behind, and the settings that a start had put on record
    /// before it.</summary>
    async Task<(AuditEntry? Asked, string? Configuration)> CircumstancesAsync(string decisionId, DateTimeOffset since)
    {
        string? configuration = null;
        var mark = $"\"{decisionId}\"";
        var scanned = 0;
        await foreach (var recorded in journal.ReadAsync(Stream, 0, CancellationToken.None))
        {
            if (scanned++ == MaxScanned) break;
            if (recorded.Type == AuditKinds.Configuration && recorded.RecordedAt <= since) configuration = AuditJson.Decode(recorded).After;
            if (recorded.RecordedAt < since || recorded.Type != AuditKinds.Decisions) continue;
            if (AuditJson.Decode(recorded) is { After: { } list } entry && list.Contains(mark, StringComparison.Ordinal)) return (entry, configuration);
        }

        return (null, configuration);
    }
}
