using System.Globalization;

namespace Trading.MarketData.Tests;

/// <summary>What every store of bars does; a store's own class says how to open it.</summary>
public abstract class BarStoreTests : IAsyncLifetime
{
    protected static readonly CancellationToken None = CancellationToken.None;
    protected static readonly DateTimeOffset Day = new(2024, 3, 1, 0, 0, 0, TimeSpan.Zero);
    protected static readonly SeriesKey Btc = new("BTCUSDT", BarInterval.OneMinute);

    protected IBarStore Store { get; private set; } = null!;

    /// <summary>A store over the data of this test; a second one where they are shared.</summary>
    protected abstract IBarStore Create();

    public virtual async ValueTask InitializeAsync() => await (Store = Create()).OpenAsync(None);

    public virtual async ValueTask DisposeAsync() => await Store.DisposeAsync();

    protected static BarRecord Record(int minute, decimal close, int knownAt = 0, Verdict verdict = Verdict.Accept, string? note = null) => new(
        new Bar(Day.AddMinutes(minute), close, close + 1, close - 1, close, 10), 0, "binance", Day.AddMinutes(minute + 1),
        Day.AddHours(knownAt), verdict, verdict == Verdict.Accept ? null : "wick", note);

    protected Task<long> AppendAsync(SeriesKey key, params BarRecord[] records) => Store.AppendAsync(key, records, None);

    protected async Task<decimal[]> ClosesAsync(SeriesKey key, DateTimeOffset? from = null, DateTimeOffset? to = null, DateTimeOffset? asOf = null) =>
        [.. (await Store.ReadAsync(key, from, to, asOf, None)).Select(record => record.Bar.Close)];

    [Fact]
    public async Task ARecord_ComesBackAsItWas_WithItsRevision()
    {
        var record = new BarRecord(new Bar(Day, 1.10m, 2.5m, 0.00000001m, -37.63m, null), 99, "yahoo", Day.AddSeconds(60), Day.AddTicks(10),
            Verdict.Quarantine, "robust_z", "9 deviations; „Ünïcode“");

        (await AppendAsync(Btc, record)).ShouldBe(1);

        (await Store.ReadAsync(Btc, null, null, null, None)).ShouldBe([record with { Revision = 1 }]);
    }

    [Fact]
    public async Task Decimals_AreKeptExactly()
    {
        decimal[] numbers =
        [
            0m, 0.00m, 1m, 1.500m, -0.1m, 0.0000000000000000000000000001m, 288230376151711743m, 288230376151711744m, 28823037615171174.3m,
            decimal.MaxValue, decimal.MinValue, 79228162514264337593543950.335m, 1.0000000000000000000000000001m,
        ];

        await AppendAsync(Btc, [.. numbers.Select((number, i) => Record(i, 1) with { Bar = new Bar(Day.AddMinutes(i), number, number, number, number, number) })]);

        var stored = await Store.ReadAsync(Btc, null, null, null, None);
        stored.Select(record => record.Bar.Open.ToString(CultureInfo.InvariantCulture))
            .ShouldBe(numbers.Select(number => number.ToString(CultureInfo.InvariantCulture)));
        stored.Select(record => (record.Bar.Low, record.Bar.Close, record.Bar.Volume)).ShouldBe(numbers.Select(number => (number, number, (decimal?)number)));
    }

    [Fact]
    public async Task TheRange_HoldsItsStartAndNotItsEnd_OldestFirst()
    {
        await AppendAsync(Btc, Record(3, 103), Record(1, 101), Record(2, 102), Record(4, 104));

        (await ClosesAsync(Btc)).ShouldBe([101, 102, 103, 104]);
        (await ClosesAsync(Btc, Day.AddMinutes(2), Day.AddMinutes(4))).ShouldBe([102, 103]);
        (await ClosesAsync(Btc, from: Day.AddMinutes(4))).ShouldBe([104]);
        (await ClosesAsync(Btc, to: Day.AddMinutes(2))).ShouldBe([101]);
    }

    [Fact]
    public async Task ACorrection_AddsAndTheOldTruthStaysReadable()
    {
        await AppendAsync(Btc, Record(1, 100, knownAt: 1), Record(2, 200, knownAt: 1));

        (await AppendAsync(Btc, Record(1, 101, knownAt: 5))).ShouldBe(3);

        (await ClosesAsync(Btc)).ShouldBe([101, 200]);
        (await ClosesAsync(Btc, asOf: Day.AddHours(5))).ShouldBe([101, 200]);
        (await ClosesAsync(Btc, asOf: Day.AddHours(4))).ShouldBe([100, 200]);
        (await ClosesAsync(Btc, asOf: Day)).ShouldBeEmpty();
        var history = await Store.HistoryAsync(Btc, Day.AddMinutes(1), None);
        history.Select(record => (record.Revision, record.Bar.Close)).ShouldBe([(1, 100m), (3, 101m)]);
    }

    [Fact]
    public async Task Series_AreApart()
    {
        var hourly = Btc with { Interval = BarInterval.OneHour };
        await AppendAsync(Btc, Record(1, 1), Record(2, 2));
        (await AppendAsync(hourly, Record(1, 60))).ShouldBe(1);
        (await AppendAsync(new("ETHUSDT", BarInterval.OneMinute), Record(1, 7))).ShouldBe(1);

        (await ClosesAsync(Btc)).ShouldBe([1, 2]);
        (await ClosesAsync(hourly)).ShouldBe([60]);
        (await ClosesAsync(new("SOLUSDT", BarInterval.OneMinute))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Quarantine_ListsWhatIsStillHeld_NewestFirst()
    {
        var eth = new SeriesKey("ETHUSDT", BarInterval.OneMinute);
        await AppendAsync(Btc, Record(1, 1, 1, Verdict.Quarantine), Record(2, 2, 1, Verdict.Quarantine), Record(3, 3), Record(4, 4, 1, Verdict.Reject));
        await AppendAsync(eth, Record(9, 9, 1, Verdict.Quarantine));
        await AppendAsync(Btc, Record(1, 1, 2, Verdict.Accept, "released by ann: confirmed by the exchange"));

        var all = await Store.QuarantinedAsync(null, 10, None);
        all.Select(held => (held.Key, held.Record.Bar.Close, held.Record.Rule)).ShouldBe([(eth, 9m, "wick"), (Btc, 2m, "wick")]);
        (await Store.QuarantinedAsync("BTCUSDT", 10, None)).ShouldHaveSingleItem().Record.Revision.ShouldBe(2);
        (await Store.QuarantinedAsync(null, 1, None)).ShouldHaveSingleItem().Key.ShouldBe(eth);
        (await Store.HistoryAsync(Btc, Day.AddMinutes(1), None))[^1].Note.ShouldBe("released by ann: confirmed by the exchange");
    }

    [Fact]
    public async Task ManySeries_AreStoredTogether()
    {
        var appends = Enumerable.Range(0, 50).Select(i => new SeriesAppend(new($"S{i}", BarInterval.OneDay), [Record(0, i), Record(1440, i + 1)])).ToArray();

        var revisions = await Store.AppendManyAsync([.. appends, .. appends], None);

        revisions.Count.ShouldBe(50);
        revisions.Values.ShouldAllBe(revision => revision == 4);
        (await ClosesAsync(new("S7", BarInterval.OneDay))).ShouldBe([7, 8]);
        (await Store.HistoryAsync(new("S7", BarInterval.OneDay), Day, None)).Select(record => record.Revision).ShouldBe([1, 3]);
    }

    [Fact]
    public async Task ATransactionWithoutItsCommit_LeavesNothing()
    {
        await AppendAsync(Btc, Record(1, 1));
        await using (var transaction = await Store.BeginAsync(None))
        {
            await transaction.AddAsync(Btc, [Record(2, 2), Record(3, 3)], None);
            await transaction.AddAsync(new("ETHUSDT", BarInterval.OneDay), [Record(2, 2)], None);
        }

        (await ClosesAsync(Btc)).ShouldBe([1]);
        (await ClosesAsync(new("ETHUSDT", BarInterval.OneDay))).ShouldBeEmpty();
        (await AppendAsync(Btc, Record(2, 22))).ShouldBe(2);
    }

    [Fact]
    public async Task NothingAtAll_IsNoRevision()
    {
        (await AppendAsync(Btc)).ShouldBe(0);
        (await Store.AppendManyAsync([], None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task ManyWritersOfOneSeries_GiveEachRecordARevisionOfItsOwn()
    {
        var appends = Enumerable.Range(0, 40).Select(i => Task.Run(() => AppendAsync(Btc, Record(7, i), Record(i + 10, i))));

        var last = await Task.WhenAll(appends);

        last.Order().ShouldBe(Enumerable.Range(1, 40).Select(i => 2L * i));
        var versions = await Store.HistoryAsync(Btc, Day.AddMinutes(7), None);
        versions.Select(record => record.Revision).ShouldBe(Enumerable.Range(0, 40).Select(i => 2L * i + 1));
    }

    [Fact]
    public async Task Instruments_KeepEveryVersion_AndOfTwoOfOneNumberTheFirst()
    {
        var first = new InstrumentVersion(1, Day, "ada", "why", "Acme", "Tools", new(LotSize: 0.5m));
        var second = first with { Version = 2, By = "bob", Company = null, Sector = null, Terms = null };

        (await Store.AppendInstrumentAsync("ACME", first, None)).ShouldBeTrue();
        (await Store.AppendInstrumentAsync("ACME", second, None)).ShouldBeTrue();
        (await Store.AppendInstrumentAsync("ACME", second with { By = "eve" }, None)).ShouldBeFalse();

        (await Store.InstrumentsAsync("ACME", None)).ShouldBe([first, second]);
        (await Store.InstrumentsAsync("OTHER", None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task WhatASourceSays_IsItsLastWord_AndNoVersionOfWhatPersonsSay()
    {
        var said = new SourceTerms("yahoo", Day, "EUR", new(Tradable: false, LotSize: 0.5m) { Currency = "GBp" });
        await Store.KeepSourceTermsAsync("ACME", said with { Currency = null, Terms = null }, None);
        await Store.KeepSourceTermsAsync("ACME", said, None);
        (await Store.InstrumentsAsync("ACME", None)).ShouldBeEmpty();
        (await Store.AppendInstrumentAsync("ACME", new(1, Day, "ada", "why", "Acme", "Tools", null), None)).ShouldBeTrue();

        (await Store.SourceTermsAsync("ACME", None)).ShouldBe(said);
        (await Store.SourceTermsAsync("OTHER", None)).ShouldBeNull();
        (await Store.InstrumentsAsync("ACME", None)).ShouldHaveSingleItem().Company.ShouldBe("Acme");
    }

    [Fact]
    public async Task Actions_AreAddedOnce_AndAChangedOneHasVersions()
    {
        var split = new CorporateAction(new(2014, 6, 9), CorporateActionKind.Split, 7);
        var dividend = new CorporateAction(new(2014, 5, 8), CorporateActionKind.Dividend, 3.29m);
        await Store.AppendActionsAsync("AAPL", [split, dividend], Day, None);
        await Store.AppendActionsAsync("AAPL", [split with { Value = 7.0m }, dividend with { Value = 0.47m }], Day.AddHours(1), None);
        await Store.AppendActionsAsync("MSFT", [split], Day, None);

        (await Store.ActionsAsync("AAPL", null, None)).ShouldBe([dividend with { Value = 0.47m }, split]);
        (await Store.ActionsAsync("AAPL", Day, None)).ShouldBe([dividend, split]);
        (await Store.ActionsAsync("AAPL", Day.AddHours(-1), None)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Actions_OfEveryKind_ComeBack()
    {
        CorporateAction[] all =
        [
            new(new(2020, 1, 1), CorporateActionKind.CapitalGain, 2), CorporateAction.Renamed(new(2020, 1, 2), "META"),
            new(new(2020, 1, 3), CorporateActionKind.Delisting, 0),
        ];
        await Store.AppendActionsAsync("AAPL", all, Day, None);
        (await Store.ActionsAsync("AAPL", null, None)).ShouldBe(all);
    }

    [Fact]
    public async Task Compaction_RemovesOldBarsAndSupersededVersions_AndLaterReadsStayTheSame()
    {
        var daily = Btc with { Interval = BarInterval.OneDay };
        await AppendAsync(daily, Record(1, 1));
        await AppendAsync(Btc, Record(1, 1, knownAt: 1), Record(20, 20, knownAt: 1), Record(30, 30, knownAt: 1));
        await AppendAsync(Btc, Record(20, 21, knownAt: 2), Record(20, 22, knownAt: 3), Record(20, 23, knownAt: 9));
        var before = await Store.ReadAsync(Btc, Day.AddMinutes(10), null, Day.AddHours(4), None);

        (await Store.CompactAsync(BarInterval.OneMinute, Day.AddMinutes(10), Day.AddHours(4), None)).ShouldBe(3);

        (await Store.ReadAsync(Btc, null, null, Day.AddHours(4), None)).ShouldBe(before);
        (await Store.HistoryAsync(Btc, Day.AddMinutes(20), None)).Select(record => record.Bar.Close).ShouldBe([22, 23]);
        (await ClosesAsync(Btc)).ShouldBe([23, 30]);
        (await ClosesAsync(daily)).ShouldBe([1]);
        (await Store.CompactAsync(BarInterval.OneMinute, null, null, None)).ShouldBe(0);
        (await AppendAsync(Btc, Record(40, 40))).ShouldBe(7);
    }
}
