using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What a ledger has to have stored, and what that changes.</summary>
/// <param name="Records">In the order in which they are to be stored.</param>
/// <param name="Corrections">Prices that counted and were wrong.</param>
sealed record LedgerChange(ImmutableArray<BarRecord> Records, ImmutableArray<PriceCorrection> Corrections, IngestReceipt Receipt)
{
    public static LedgerChange None { get; } = new([], [], new(0, 0, 0, 0, 0));
}

/// <summary>What is known of one series: the newest record of every time, and the judge that has seen them all. Pure: time is an argument,
/// and what is to be stored is the answer.</summary>
sealed class SeriesLedger
{
    /// <summary>Records held at most; a bar that comes to light before the oldest of so many is kept in quarantine.</summary>
    public const int MaxHeld = 100_000;

    /// <summary>So many more, until the oldest are let go.</summary>
    const int TrimStep = MaxHeld / 10;

    public const string ConfirmedNote = "confirmed by the bars that followed";

    readonly SeriesKey _key;
    readonly SortedList<DateTimeOffset, BarRecord> _records = [];
    SeriesProfile _profile;
    Confirmations _confirmations = new();

    /// <param name="known">The newest record of each time, oldest first.</param>
    public SeriesLedger(SeriesKey key, SeriesProfile profile, IReadOnlyList<BarRecord> known)
    {
        (_key, _profile, Validator) = (key, profile, new(profile));
        foreach (var record in known.Skip(Math.Max(0, known.Count - MaxHeld))) _records.Add(record.Bar.Time, record);
        Judge([]);
    }

    public BarValidator Validator { get; private set; }

    public SeriesProfile Profile => _profile;

    /// <summary>Oldest first.</summary>
    public IList<BarRecord> Records => _records.Values;

    public BarRecord? Last => _records.Count == 0 ? null : _records.Values[^1];

    public BarRecord? Find(DateTimeOffset time) => _records.GetValueOrDefault(time);

    /// <summary>Takes corporate actions that were not known: the judge looks at everything anew, and what was stored stays.</summary>
    public void Take(ImmutableArray<CorporateAction> actions)
    {
        _profile = _profile with { Actions = actions };
        Judge([]);
    }

    /// <summary>Takes bars from a source. One that is known just so changes nothing; one that is known otherwise corrects it.</summary>
    public LedgerChange Take(IEnumerable<Bar> bars, string source, DateTimeOffset now)
    {
        var (unchanged, fresh, late) = (0, new SortedList<DateTimeOffset, Bar>(), false);
        foreach (var bar in bars)
        {
            if (Find(bar.Time) is { } known && known.Bar == bar) unchanged++;
            else fresh[bar.Time] = bar; // of two in one delivery the later one counts
        }

        if (fresh.Count == 0) return LedgerChange.None with { Receipt = LedgerChange.None.Receipt with { Unchanged = unchanged } };
        var before = fresh.Keys.Where(_records.ContainsKey).ToDictionary(time => time, time => _records[time]);
        late = Last is { } last && fresh.Keys[0] <= last.Bar.Time;
        foreach (var bar in fresh.Values)
            _records[bar.Time] = new(bar, 0, source, bar.Time + _key.Interval.Length(), now, Verdict.Quarantine, null, null);
        var changed = late ? Judge(fresh.Keys) : Continue(fresh.Keys);
        Trim();

        var stored = fresh.Keys.Select(time => changed[time]).ToList();
        var corrections = before.Values
            .Where(old => old.Verdict == Verdict.Accept)
            .Select(old => Correction(old, changed[old.Bar.Time], now))
            .Where(correction => correction.Before != correction.After);
        return new(
            [.. changed.Values],
            _key.Interval == BarInterval.OneDay ? [.. corrections] : [],
            new(unchanged, before.Count, stored.Count(Has(Verdict.Accept)), stored.Count(Has(Verdict.Quarantine)), stored.Count(Has(Verdict.Reject))));
    }

    /// <summary>A person takes a doubtful bar as true.</summary>
    /// <returns>The record to store; null where that bar is in no quarantine.</returns>
    public BarRecord? Release(DateTimeOffset time, string note, DateTimeOffset now)
    {
        if (Find(time) is not { Verdict: Verdict.Quarantine } held) return null;
        var released = _records[time] = held with { Verdict = Verdict.Accept, KnownAt = now, Note = note };
        Judge([]);
        return released;
    }

    /// <summary>Takes the numbers that the store has given.</summary>
    public void Stored(IEnumerable<BarRecord> records, long lastRevision)
    {
        var all = records.ToList();
        for (var i = 0; i < all.Count; i++)
            if (Find(all[i].Bar.Time) is { } held && held.KnownAt == all[i].KnownAt) _records[all[i].Bar.Time] = held with { Revision = lastRevision - all.Count + 1 + i };
    }

    static Func<BarRecord, bool> Has(Verdict verdict) => record => record.Verdict == verdict;

    PriceCorrection Correction(BarRecord old, BarRecord now, DateTimeOffset at) => new(
        _key.Symbol, DateOnly.FromDateTime(old.Bar.Time.UtcDateTime), old.Bar.Close, now.Verdict == Verdict.Accept ? now.Bar.Close : null, old.KnownAt, at);

    /// <summary>Judges bars that follow everything known.</summary>
    SortedList<DateTimeOffset, BarRecord> Continue(IEnumerable<DateTimeOffset> fresh)
    {
        var changed = new SortedList<DateTimeOffset, BarRecord>();
        foreach (var time in fresh) Check(_records[time], isFresh: true, changed);
        return changed;
    }

    /// <summary>Begins anew with a judge who sees everything in its order. Of what is stored only the fresh ones get a verdict; those in
    /// quarantine may be confirmed by them.</summary>
    SortedList<DateTimeOffset, BarRecord> Judge(IEnumerable<DateTimeOffset> fresh)
    {
        (Validator, _confirmations) = (new(_profile), new());
        var (judged, changed) = (fresh.ToHashSet(), new SortedList<DateTimeOffset, BarRecord>());
        foreach (var time in _records.Keys.ToArray())
            Check(_records[time], judged.Contains(time), changed);
        return changed;
    }

    void Check(BarRecord record, bool isFresh, SortedList<DateTimeOffset, BarRecord> changed)
    {
        var bar = record.Bar;
        var verdict = Validator.Check(bar, new(ReceivedAt: record.KnownAt));
        if (isFresh)
            changed[bar.Time] = _records[bar.Time] = record with { Verdict = verdict.Verdict, Rule = verdict.Code, Note = verdict.Evidence };
        else if (record.Verdict == Verdict.Accept && verdict.Verdict == Verdict.Quarantine)
            Validator.Release(bar.Close);
        foreach (var released in _confirmations.Take(bar, verdict))
            if (_records[released.Time] is { Verdict: Verdict.Quarantine } held)
                changed[released.Time] = _records[released.Time] = held with { Verdict = Verdict.Accept, KnownAt = record.KnownAt, Note = ConfirmedNote };
    }

    void Trim()
    {
        if (_records.Count <= MaxHeld + TrimStep) return; // one by one each would move all the others
        var kept = _records.Values.Skip(_records.Count - MaxHeld).ToArray();
        _records.Clear();
        foreach (var record in kept) _records.Add(record.Bar.Time, record);
    }
}
