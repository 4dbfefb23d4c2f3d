using System.Collections.Immutable;
using Trading.Journal;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Alerts;

/// <summary>Reads the outboxes of the books: the moves of their guards by number, straight from the journal. A trip
/// that was committed is found here whatever died after it, and how far was read is recorded with what came of
/// it.</summary>
sealed class GuardNotices(IJournal journal)
{
    const string Prefix = "portfolio/";

    /// <summary>Books looked at in one round; the others come in the next.</summary>
    const int MaxBooks = 1_000;

    /// <summary>Moves of one book that are read in one round.</summary>
    const int MaxMoves = 100;

    int _from;

    /// <param name="read">How far each book was read.</param>
    public async Task<(List<AlertSignal> Signals, ImmutableArray<AlertEvent> Read)> ReadAsync(
        ImmutableSortedDictionary<string, long> read, CancellationToken cancellation)
    {
        var signals = new List<AlertSignal>();
        var progress = ImmutableArray.CreateBuilder<AlertEvent>();
        var streams = await journal.ListStreamsAsync(Prefix, cancellation);
        if (_from >= streams.Count) _from = 0;
        foreach (var stream in streams.Skip(_from).Take(MaxBooks))
        {
            var portfolio = stream[Prefix.Length..];
            var last = read.GetValueOrDefault(portfolio);
            var notice = last;
            while (notice - last < MaxMoves
                && await journal.FindAsync(stream, GuardMove.KeyOf(notice + 1), cancellation) is { } recorded)
            {
                notice++;
                if (SignalOf(portfolio, BookJson.Decode(recorded)) is { } signal) signals.Add(signal);
            }

            if (notice > last) progress.Add(new NoticesRead(portfolio, notice));
        }

        _from += MaxBooks;
        return (signals, progress.ToImmutable());
    }

    static AlertSignal? SignalOf(string portfolio, BookEvent change)
    {
        var labels = ImmutableSortedDictionary<string, string>.Empty.Add("portfolio", portfolio);
        return change switch
        {
            BreakerMoved { To: BreakerState.Tripped or BreakerState.Closed } moved => new(
                "BreakerTripped", AlertSeverity.Critical, labels.Add("breaker", BreakerRules.CodeOf(moved.Name)),
                FormattableString.Invariant(
                    $"{portfolio}: the breaker {BreakerRules.CodeOf(moved.Name)} tripped at {moved.Observed:0.####}, over {moved.Level:0.####}; only reductions trade"),
                moved.To == BreakerState.Tripped ? AlertState.Firing : AlertState.Resolved, "journal"),
            Stopped stopped => new(
                "TradingStopped", AlertSeverity.Critical, labels.Add("scope", WordOf(stopped.Stop.Scope)),
                $"{portfolio} is stopped by {stopped.Stop.By}: {stopped.Stop.Reason}", AlertState.Firing, "journal"),
            Resumed resumed => new(
                "TradingStopped", AlertSeverity.Critical, labels.Add("scope", WordOf(resumed.Scope)),
                $"{portfolio} is resumed by {resumed.By}: {resumed.Reason}", AlertState.Resolved, "journal"),
            _ => null,
        };
    }

    static string WordOf(StopScope scope) => scope == StopScope.Firm ? "firm" : "portfolio";
}
