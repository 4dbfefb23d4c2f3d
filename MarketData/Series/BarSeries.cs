using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What a series has to have stored, and what that changes.</summary>
/// <param name="Records">In the order in which they are to be stored.</param>
/// <param name="Corrections">Prices that counted and were wrong.</param>
sealed record BarSeriesChange(
    ImmutableArray<BarRecord> Records, ImmutableArray<PriceCorrection> Corrections, IngestReceipt Receipt)
{
    public static BarSeriesChange None { get; } = new([], [], new(0, 0, 0, 0, 0));
}

/// <summary>What is known of one series: the newest record of every time, and the judge that has seen them all. Pure:
/// time is an argument, and what is to be stored is the answer.</summary>
sealed class BarSeries
{
    /// <summary>Records held at most; a bar that comes to light before the oldest of so many is kept in
    /// quarantine.</summary>
    public const int MaxHeld = 100_000;

    /// <summary>So many more, until the oldest are let go.</summary>
    const int TrimStep = MaxHeld / 10;

    public const string ConfirmedNote = "confirmed by the bars that followed";
    public const string ExplainedNote = "explained by what became known of the bars before it";

    static readonly string Disagrees = BarRuleCatalog.Of(BarRule.SourceDisagrees).Code;

    /// <summary>Doubts about the level of a price: they end where the level is explained.</summary>
    static readonly string[] OfTheLevel =
        [.. new[] { BarRule.UnexplainedSplit, BarRule.SymbolReuse, BarRule.Jump, BarRule.ReturnOutlier }
            .Select(rule => BarRuleCatalog.Of(rule).Code)];

    readonly SeriesKey _key;
    readonly SortedList<DateTimeOffset, BarRecord> _records = [];
    SeriesProfile _profile;
    Confirmations _confirmations = new();

    /// <param name="known">The newest record of each time, oldest first.</param>
    public BarSeries(SeriesKey key, SeriesProfile profile, IReadOnlyList<BarRecord> known)
    {
        (_key, _profile, Validator) = (key, profile, new(profile));
        foreach (var record in known.Skip(Math.Max(0, known.Count - MaxHeld))) _records.Add(record.Bar.Time, record);
        Judge(new(default, null, null));
    }

    public BarValidator Validator { get; private set; }

    public SeriesProfile Profile => _profile;

    /// <summary>Oldest first.</summary>
    public IList<BarRecord> Records => _records.Values;

    /// <summary>The newest that is not impossible: what lies may lie about its time too.</summary>
    public BarRecord? Last
    {
        get
        {
            for (var i = _records.Count - 1; i >= 0; i--)
                if (_records.Values[i].Verdict != Verdict.Reject) return _records.Values[i];
            return null;
        }
    }

    /// <summary>The newest bar that counts.</summary>
    public Bar? LastAccepted
    {
        get
        {
            for (var i = _records.Count - 1; i >= 0; i--)
                if (_records.Values[i].Verdict == Verdict.Accept) return _records.Values[i].Bar;
            return null;
        }
    }

    public BarRecord? Find(DateTimeOffset time) => _records.GetValueOrDefault(time);

    /// <summary>Takes corporate actions that were not known: the judge looks at everything anew. What they explain
    /// counts from now on; everything else stays as it was stored.</summary>
    /// <returns>The records to store.</returns>
    public ImmutableArray<BarRecord> Take(ImmutableArray<CorporateAction> actions, DateTimeOffset now)
    {
        _profile = _profile with { Actions = actions };
        return [.. Judge(new(now, null, null)).Values];
    }

    /// <summary>Takes bars from a source. One that is known just so changes nothing; one that is known otherwise
    /// corrects it, unless it is impossible and the known one counts.</summary>
    /// <param name="second">What another source has of the same times; null for nothing. It also decides on bars that
    /// wait in quarantine.</param>
    public BarSeriesChange Take(
        IEnumerable<Bar> bars, string source, DateTimeOffset now,
        IReadOnlyDictionary<DateTimeOffset, Bar>? second = null)
    {
        var (unchanged, refused, fresh) = (0, 0, new SortedList<DateTimeOffset, Bar>());
        foreach (var bar in bars)
        {
            var known = Find(bar.Time);
            if (known?.Bar == bar
                && !(known.Verdict == Verdict.Quarantine && known.Rule != Disagrees
                    && second?.ContainsKey(bar.Time) == true))
                unchanged++;
            else if (known is { Verdict: Verdict.Accept } && BarChecks.Check(bar, default).Verdict == Verdict.Reject)
                refused++;
            else fresh[bar.Time] = bar; // of two in one delivery the later one counts
        }

        if (fresh.Count == 0) return BarSeriesChange.None with { Receipt = new(unchanged, 0, 0, 0, refused) };
        var before = fresh.Keys.Where(_records.ContainsKey).ToDictionary(time => time, time => _records[time]);
        var isLate = Last is { } last && fresh.Keys[0] <= last.Bar.Time;
        foreach (var bar in fresh.Values)
            _records[bar.Time] = new(
                bar, 0, source, bar.Time + _key.Interval.Length(), now, Verdict.Quarantine, null, null);
        var view = new View(now, fresh.Keys.ToHashSet(), second);
        var changed = isLate ? Judge(view) : Continue(view, fresh.Keys);
        Trim();
        foreach (var (time, old) in before)
            if (old.Bar == fresh[time] && changed[time].Verdict == old.Verdict && changed[time].Rule == old.Rule)
                (_records[time], _) = (old, changed.Remove(time)); // the other source changed nothing

        var stored = fresh.Keys.Where(changed.ContainsKey).Select(time => changed[time]).ToList();
        return new(
            [.. changed.Values],
            _key.Interval == BarInterval.OneDay ? SeriesViews.Corrections(_key.Symbol, before.Values, Find) : [],
            new(unchanged + fresh.Count - stored.Count, before.Count(old => old.Value.Bar != fresh[old.Key]),
                stored.Count(Has(Verdict.Accept)), stored.Count(Has(Verdict.Quarantine)),
                stored.Count(Has(Verdict.Reject)) + refused));
    }

    /// <summary>A person takes a doubtful bar as true, and with it those whose only doubt was its level.</summary>
    /// <returns>The records to store, that bar's first; none where it is in no quarantine.</returns>
    public ImmutableArray<BarRecord> Release(DateTimeOffset time, string note, DateTimeOffset now)
    {
        if (Find(time) is not { Verdict: Verdict.Quarantine } held) return [];
        var released = _records[time] = held with { Verdict = Verdict.Accept, KnownAt = now, Note = note };
        return [released, .. Judge(new(now, null, null)).Values];
    }

    /// <summary>Takes the numbers that the store has given.</summary>
    public void Stored(IEnumerable<BarRecord> records, long lastRevision)
    {
        var all = records.ToList();
        for (var i = 0; i < all.Count; i++)
            if (Find(all[i].Bar.Time) is { } held && held.KnownAt == all[i].KnownAt)
                _records[all[i].Bar.Time] = held with { Revision = lastRevision - all.Count + 1 + i };
    }

    /// <summary>How the judge looks at records.</summary>
    /// <param name="Now">Null where nothing may change.</param>
    /// <param name="Fresh">Those that get a verdict; null for none.</param>
    readonly record struct View(
        DateTimeOffset? Now, HashSet<DateTimeOffset>? Fresh, IReadOnlyDictionary<DateTimeOffset, Bar>? Second);

    static Func<BarRecord, bool> Has(Verdict verdict) => record => record.Verdict == verdict;

    /// <summary>Judges bars that follow everything known.</summary>
    SortedList<DateTimeOffset, BarRecord> Continue(in View view, IEnumerable<DateTimeOffset> times)
    {
        var changed = new SortedList<DateTimeOffset, BarRecord>();
        foreach (var time in times) Check(_records[time], view, changed);
        return changed;
    }

    /// <summary>Begins anew with a judge who sees everything in its order. Of what is stored only the fresh ones get a
    /// verdict; those in quarantine may be confirmed or explained.</summary>
    SortedList<DateTimeOffset, BarRecord> Judge(in View view)
    {
        (Validator, _confirmations) = (new(_profile), new());
        return Continue(view, _records.Keys.ToArray());
    }

    void Check(BarRecord record, in View view, SortedList<DateTimeOffset, BarRecord> changed)
    {
        var bar = record.Bar;
        var isFresh = view.Fresh?.Contains(bar.Time) == true;
        var verdict = Validator.Check(bar, Evidence(record, isFresh, view.Second));
        if (isFresh)
            changed[bar.Time] = _records[bar.Time] =
                record with { Verdict = verdict.Verdict, Rule = verdict.Code, Note = verdict.Evidence };
        else if (record.Verdict == Verdict.Accept && verdict.Verdict == Verdict.Quarantine)
            Validator.Release(bar.Close);
        else if (view.Now is { } now && record.Verdict == Verdict.Quarantine && verdict.Verdict == Verdict.Accept
            && OfTheLevel.Contains(record.Rule))
            changed[bar.Time] = _records[bar.Time] =
                record with { Verdict = Verdict.Accept, KnownAt = now, Note = ExplainedNote };
        foreach (var confirmed in _confirmations.Take(bar, verdict))
            if (view.Now is { } at && _records[confirmed.Time] is { Verdict: Verdict.Quarantine } held)
                changed[confirmed.Time] = _records[confirmed.Time] =
                    held with { Verdict = Verdict.Accept, KnownAt = at, Note = ConfirmedNote };
    }

    /// <summary>What another source says now; of what it said before only the word against a bar is kept.</summary>
    static BarEvidence Evidence(BarRecord record, bool isFresh, IReadOnlyDictionary<DateTimeOffset, Bar>? second) =>
        isFresh && second?.TryGetValue(record.Bar.Time, out var other) == true
            ? new((double)other.Close, (double)other.Low, (double)other.High, ReceivedAt: record.KnownAt)
            : new(ReceivedAt: record.KnownAt,
                Disagreed: !isFresh && record.Verdict == Verdict.Quarantine && record.Rule == Disagrees);

    void Trim()
    {
        if (_records.Count <= MaxHeld + TrimStep) return; // one by one each would move all the others
        var kept = _records.Values.Skip(_records.Count - MaxHeld).ToArray();
        _records.Clear();
        foreach (var record in kept) _records.Add(record.Bar.Time, record);
    }
}
