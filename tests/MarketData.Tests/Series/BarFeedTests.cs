using System.Collections.Immutable;
using Microsoft.Extensions.Options;
using Trading.Testing;
using static Trading.MarketData.Tests.SeriesOfBars;

namespace Trading.MarketData.Tests;

/// <summary>Feeds of a coin that two sources know day by day, over a real chain and a store that outlives them.</summary>
public sealed class BarFeedTests : IAsyncDisposable
{
    const string Symbol = "BTCUSDT";
    const int Days = 100;
    readonly ManualTimeProvider _clock = new(At(Days));
    readonly InMemoryBarStore _store = new();
    readonly ScriptedBars _first, _second;
    readonly SourceChainOptions _chainOptions = new()
    {
        Order = new() { Crypto = ["first", "second"] }, GoodAnswers = 3, ProbeInterval = 1, BreakerFailures = 1_000, SecondSource = false,
    };

    readonly MarketDataOptions _options = new() { MaxPriceAge = 3 * 86_400, CorrectionInterval = 3_600 };
    readonly Dictionary<int, Bar> _special = [];
    SourceChain? _chain;
    ISymbolFeed? _feed;

    public BarFeedTests() => (_first, _second) = (new("first", request => Tells(request)), new("second", request => Tells(request)));

    public async ValueTask DisposeAsync()
    {
        await (_chain?.DisposeAsync() ?? default);
        await _store.DisposeAsync();
    }

    SourceChain Chain => _chain ??= new([_first, _second], _chainOptions, _clock);

    ISymbolFeeds Feeds => new BarFeeds(Chain, _store, InstrumentDirectory.Empty, Options.Create(_options), Options.Create(new QualityOptions()), _clock);

    ISymbolFeed Feed => _feed ??= Feeds.Open(Symbol);

    PriceSeries Series => Feed.Series.ShouldNotBeNull();

    /// <summary>The moment at which so many days are over.</summary>
    static DateTimeOffset At(int days) => Start.AddDays(days).AddMinutes(1);

    Bar Of(int day) => _special.GetValueOrDefault(day, Calm(day));

    BarAnswer Tells(BarRequest request, params ReadOnlySpan<CorporateAction> actions)
    {
        var days = (int)(_clock.GetUtcNow() - Start).TotalDays;
        var first = request.From is { } from ? (int)(from - Start).TotalDays : 0;
        return new(true, [.. Enumerable.Range(first, Math.Max(0, days - first)).Select(Of)], [.. actions], Start.AddDays(days), "USD", null);
    }

    async Task<SeriesStatus> RefreshAsync(int? until = null)
    {
        if (until is { } days) _clock.Advance(At(days) - _clock.GetUtcNow());
        var status = await Feed.RefreshAsync(default);
        await Chain.ProbesAsync();
        return status;
    }

    async Task RestartAsync()
    {
        await Chain.DisposeAsync();
        (_chain, _feed) = (null, null);
    }

    async Task<List<(Bar Bar, string Source)>> StoredAsync() =>
        [.. (await _store.ReadAsync(new(Symbol, BarInterval.OneDay), null, null, null, default)).Select(record => (record.Bar, record.Source))];

    [Fact]
    public async Task WhatAPersonSaysOfTheInstrument_HoldsAtOnce_IsKept_AndOutlivesTheProcess()
    {
        await RefreshAsync();
        var terms = new InstrumentTerms(LotSize: 0.001m, MinNotional: 10);
        var first = await Feed.ChangeInstrumentAsync(new("Bitcoin", "Digital", terms, "ada", "first book", 0), default);

        (Series.Sector, Series.Terms).ShouldBe(("Digital", terms with { Currency = "USD" })); // the source's, still
        first!.Versions.ShouldHaveSingleItem().ShouldBe(new(1, _clock.GetUtcNow(), "ada", "first book", "Bitcoin", "Digital", terms));
        (await Feed.ChangeInstrumentAsync(new(null, "Other", null, "bob", "too late", 0), default)).ShouldBeNull();

        await Feed.ChangeInstrumentAsync(new("Bitcoin", "Coins", null, "bob", "renamed", 1), default);
        await RestartAsync();
        await RefreshAsync();

        (Series.Sector, Series.Terms).ShouldBe(("Coins", new() { Currency = "USD" }));
        (await Feed.DescribeInstrumentAsync(default)).Versions.Select(version => (version.Version, version.By, version.Sector))
            .ShouldBe([(2, "bob", "Coins"), (1, "ada", "Digital")]);
    }

    [Fact]
    public async Task BarsWithoutTrades_LeaveTheAgeOfThePriceAsItWas()
    {
        await RefreshAsync();
        var before = Series.Provenance.AsOf;
        Bar Quiet(int day) => Bar.OfClose(Start.AddDays(day), Series.LastPrice) with { Volume = 0 };
        _clock.Advance(TimeSpan.FromDays(4));
        for (var day = Days; day < Days + 3; day++) await Feed.IngestAsync(new("stream", BarInterval.OneDay, [Quiet(day)]), default);

        (Series.LastSession.DayNumber, Series.Provenance.AsOf).ShouldBe((DateOnly.FromDateTime(Start.AddDays(Days + 2).UtcDateTime).DayNumber, before));

        await Feed.IngestAsync(new("stream", BarInterval.OneDay, [Quiet(Days + 3) with { Volume = 5 }]), default);
        Series.Provenance.AsOf.ShouldBe(Start.AddDays(Days + 4));
    }

    [Fact]
    public async Task FirstSourceDies_TalksNonsense_AndReturns_AndTheSeriesHasNoHoleAndNoDouble()
    {
        var day = Days;
        var provenance = new List<string>();
        async Task PassAsync(int days, string source)
        {
            for (var i = 0; i < days; i++)
            {
                (await RefreshAsync(++day)).ShouldBe(SeriesStatus.Updated);
                Series.Provenance.Source.ShouldBe(source);
                Series.LastSession.ShouldBe(DateOnly.FromDateTime(Start.UtcDateTime).AddDays(day - 1));
                provenance.Add(source);
            }
        }

        await RefreshAsync();
        provenance.AddRange(Enumerable.Repeat("first", Days));
        await PassAsync(3, "first");
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        await PassAsync(3, "second");
        _first.Answer = request => ScriptedBars.Of(Calm(day), Calm(day - 1));
        await PassAsync(2, "second");
        _first.Answer = request => Tells(request);
        await PassAsync(3, "second");
        await PassAsync(3, "first");
        _first.Answer = ScriptedBars.Fails(SourceFailure.Nonsense);
        await PassAsync(1, "second");

        (await StoredAsync()).ShouldBe(Enumerable.Range(0, day).Select(index => (Calm(index), provenance[index])));
        Series.Closes.ShouldBe(Enumerable.Range(0, day).Select(index => Calm(index).Close));
    }

    [Fact]
    public async Task OtherSourceWithAnotherWord_PutsNothingRight_ThatIsForTheSourceItself()
    {
        await RefreshAsync();
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        _special[Days - 1] = Calm(Days - 1) with { Close = Calm(Days - 1).Close + 0.1m };
        await RefreshAsync();
        Series.Corrections.ShouldBeEmpty();
        Series.LastPrice.ShouldBe(Calm(Days - 1).Close);
    }

    [Fact]
    public async Task SourceWithTheBarsOfAnotherInstrument_IsPassedOver_AndTheNextServes()
    {
        await RefreshAsync();
        _first.Answer = request =>
        {
            var told = Tells(request);
            return told with { Bars = [.. told.Bars.Select(bar => new Bar(bar.Time, 100 * bar.Open, 100 * bar.High, 100 * bar.Low, 100 * bar.Close, bar.Volume))] };
        };

        (await RefreshAsync(Days + 1)).ShouldBe(SeriesStatus.Updated);

        Series.Provenance.Source.ShouldBe("second");
        (await StoredAsync())[^1].ShouldBe((Of(Days), "second"));
        Chain.Report().Single(source => source.Source == "first").Nonsense.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task WhenAllFail_TheLastSeriesStands_AndAges()
    {
        await RefreshAsync();
        var before = Series;
        _first.Answer = _second.Answer = ScriptedBars.Fails(SourceFailure.ServerError);
        _clock.Advance(TimeSpan.FromDays(5));
        await Should.ThrowAsync<SourceChainException>(() => RefreshAsync());
        Series.ShouldBeSameAs(before);
        Feed.Describe(_clock.GetUtcNow()).ShouldSatisfyAllConditions(
            report => report.AgeSeconds.ShouldBe(TimeSpan.FromDays(5).TotalSeconds + 60),
            report => report.Quality!.Scores.Freshness!.Value.ShouldBe(1 / 3.0, 0.01),
            report => report.Quality!.Mode.ShouldBe(SymbolMode.ReduceOnly));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task ColdStart_WhileEverySourceIsDown_IsFromTheStore_WithItsTrueAge(bool hangs)
    {
        await RefreshAsync();
        await RestartAsync();
        _clock.Advance(TimeSpan.FromHours(5));
        using var patience = new CancellationTokenSource();
        _first.Answer = _second.Answer = request =>
        {
            if (hangs) patience.Cancel();
            patience.Token.ThrowIfCancellationRequested();
            throw new SourceException("scripted", SourceFailure.Unreachable, "down");
        };
        (await Feed.RefreshAsync(patience.Token)).ShouldBe(SeriesStatus.Updated);
        Series.Closes.Length.ShouldBe(Days);
        Series.Provenance.ShouldBe(new("first", Start.AddDays(Days), At(Days)));
        await Should.ThrowAsync<Exception>(() => RefreshAsync(), "from here on it only ages");
    }

    [Fact]
    public async Task ColdStart_WithoutAnything_IsUnavailable_AndUnknownSymbolsAreUnknown()
    {
        _first.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        _second.Answer = _ => BarAnswer.Unknown;
        await Should.ThrowAsync<SourceChainException>(() => RefreshAsync());
        Feed.Series.ShouldBeNull();
        Feed.Describe(_clock.GetUtcNow()).ShouldBe(DataQuality.Nothing(Symbol, SeriesStatus.Unavailable));
        _first.Answer = _ => BarAnswer.Unknown;
        (await RefreshAsync()).ShouldBe(SeriesStatus.Unknown);
    }

    [Fact]
    public async Task Restart_GoesOn_WithAsFewQuestionsAsNeeded()
    {
        await RefreshAsync();
        var version = Series.Version;
        await RestartAsync();
        BarRequest? asked = null;
        _first.Answer = request => Tells(asked = request);
        (await RefreshAsync(Days + 2)).ShouldBe(SeriesStatus.Updated);
        asked!.From.ShouldBe(Start.AddDays(Days - 1));
        Series.Version.ShouldBeGreaterThan(version);
        Series.Closes.ShouldBe(Enumerable.Range(0, Days + 2).Select(day => Calm(day).Close));
        (await RefreshAsync()).ShouldBe(SeriesStatus.Unchanged);
    }

    [Fact]
    public async Task Split_AdjustsWhatWasBefore_AndTheRawBarsStay()
    {
        await RefreshAsync();
        for (var day = Days; day < Days + 3; day++) _special[day] = Calm(day, 25);
        var split = new CorporateAction(DateOnly.FromDateTime(Start.UtcDateTime).AddDays(Days), CorporateActionKind.Split, 4);
        _first.Answer = request => Tells(request, split);
        await RefreshAsync(Days + 3);
        Series.Closes[0].ShouldBe(Calm(0).Close / 4);
        Series.LastPrice.ShouldBe(Calm(Days + 2, 25).Close);
        Series.Mode.ShouldBe(SymbolMode.Normal);
        var page = await Feed.ReadAsync(new(BarInterval.OneDay, null, Start.AddDays(1), null), default);
        var first = page.Bars.ShouldHaveSingleItem();
        (first.Bar.Close, first.Adjusted!.Value.Close).ShouldBe((Calm(0).Close, Calm(0).Close / 4));
        page.Actions.ShouldBe([split]);
    }

    [Fact]
    public async Task ActionWithoutANewBar_IsPublished_AndOneThatCannotBeIsLeftOut()
    {
        var night = DateOnly.FromDateTime(Start.UtcDateTime).AddDays(50);
        _first.Answer = request => Tells(request, new CorporateAction(night, CorporateActionKind.Dividend, 1_000_000));
        (await RefreshAsync()).ShouldBe(SeriesStatus.Updated);
        Series.Closes[0].ShouldBe(Calm(0).Close);
        _first.Answer = request => Tells(request, new CorporateAction(night, CorporateActionKind.Split, 2));
        (await RefreshAsync()).ShouldBe(SeriesStatus.Updated);
        Series.Closes[0].ShouldBe(Calm(0).Close / 2);
    }

    [Fact]
    public async Task DoubtfulNewestBar_LetsTheSymbolOnlyBeReduced_UntilAPersonReleasesIt()
    {
        await RefreshAsync();
        _special[Days] = Calm(Days) with { Low = 10 };
        await RefreshAsync(Days + 1);
        Series.Mode.ShouldBe(SymbolMode.ReduceOnly);
        Series.Doubts.ShouldContain("the newest bar was not accepted");
        Series.LastPrice.ShouldBe(Calm(Days - 1).Close, "what is doubtful is in no number");
        (await _store.QuarantinedAsync(Symbol, 10, default)).ShouldHaveSingleItem().Record.Rule.ShouldBe("wick");

        (await Feed.ReleaseAsync(new(BarInterval.OneDay, Start.AddDays(500), "ada", "x"), default)).ShouldBe(new(null, null));
        (await Feed.ReleaseAsync(new(BarInterval.OneDay, Start, "ada", "x"), default)).ShouldBe(new(null, Verdict.Accept));
        var released = (await Feed.ReleaseAsync(new(BarInterval.OneDay, Start.AddDays(Days), "ada", "seen elsewhere"), default)).Released!;
        (released.Verdict, released.Note, released.Revision).ShouldBe((Verdict.Accept, "released by ada: seen elsewhere", Days + 2));
        Series.LastPrice.ShouldBe(Calm(Days).Close);
        (await _store.QuarantinedAsync(Symbol, 10, default)).ShouldBeEmpty();
        for (var day = Days + 2; Series.Mode != SymbolMode.Normal; day++) await RefreshAsync(day);
        Series.Closes.Length.ShouldBe(Days + 3, "it takes three good reports in a row");
    }

    [Fact]
    public async Task PriceThatIsPutRight_IsFoundWhenThePastIsAskedFor_AndTold_AlsoByTheNextProgram()
    {
        await RefreshAsync();
        var right = Calm(Days - 3) with { Close = Calm(Days - 3).Close + 0.1m };
        _special[Days - 3] = right;
        await RefreshAsync();
        Series.Corrections.ShouldBeEmpty("the past is asked for now and then");
        _clock.Advance(TimeSpan.FromSeconds(_options.CorrectionInterval));
        await RefreshAsync();
        var correction = Series.Corrections.ShouldHaveSingleItem();
        correction.ShouldBe(new(Symbol, DateOnly.FromDateTime(right.Time.UtcDateTime), Calm(Days - 3).Close, right.Close, At(Days), _clock.GetUtcNow()));
        Series.Closes[Days - 3].ShouldBe(right.Close);

        await RefreshAsync(Days + 7);
        await RestartAsync();
        await RefreshAsync();
        Series.Corrections.ShouldBe([correction]);
        await RestartAsync();
        await RefreshAsync(Days + 8);
        Series.Corrections.ShouldBeEmpty("seven days are enough to tell everybody");
    }

    [Fact]
    public async Task CrashThatOnlyTheOtherSourceConfirms_CountsAtOnce_AndTheAccuracyIsKnown()
    {
        _special[Days] = Calm(Days, 66);
        await RefreshAsync();
        await RefreshAsync(Days + 1);
        Series.LastPrice.ShouldBe(Calm(Days - 1).Close, "nobody confirms it");

        _chainOptions.SecondSource = true;
        _clock.Advance(TimeSpan.FromMinutes(1));
        await RefreshAsync();
        Series.LastPrice.ShouldBe(Calm(Days, 66).Close);
        Feed.Describe(_clock.GetUtcNow()).Quality!.Scores.Accuracy.ShouldBe(1);
    }

    [Fact]
    public async Task OtherSourceThatContradicts_HoldsTheBar()
    {
        _chainOptions.SecondSource = true;
        await RefreshAsync();
        _second.Answer = request => ScriptedBars.Of(Calm(Days, 104));
        await RefreshAsync(Days + 1);
        (await _store.QuarantinedAsync(Symbol, 10, default)).ShouldHaveSingleItem().Record.Rule.ShouldBe("source_disagrees");
        Series.Mode.ShouldBe(SymbolMode.ReduceOnly);
    }

    [Fact]
    public async Task OtherSource_IsAskedOnlyOfTheNewestBars_AndOnlyWhereTheyAreNew()
    {
        _chainOptions.SecondSource = true;
        BarRequest? asked = null;
        _second.Answer = request => Tells(asked = request);
        await RefreshAsync();
        asked!.From.ShouldBe(Start.AddDays(Days - 8));
        await RefreshAsync();
        _second.Asked.ShouldBe(1);
        _second.Answer = ScriptedBars.Fails(SourceFailure.Unreachable);
        (await RefreshAsync(Days + 1)).ShouldBe(SeriesStatus.Updated, "a second opinion is not needed");
    }

    [Fact]
    public async Task BarsThatAreBrought_GoTheSameWay_AndTwiceIsOnce()
    {
        var brought = new IngestedBars("import", BarInterval.OneDay, [.. Enumerable.Range(0, 10).Select(day => Calm(day))]);
        (await Feed.IngestAsync(brought, default)).ShouldBe(new(0, 0, 10, 0, 0));
        (await Feed.IngestAsync(brought, default)).ShouldBe(new(10, 0, 0, 0, 0));
        Series.Closes.Length.ShouldBe(10);
        Series.Provenance.ShouldBe(new("import", Start.AddDays(10), At(Days)));
        await RefreshAsync();
        Series.Closes.Length.ShouldBe(Days);
        Series.Provenance.Source.ShouldBe("first");
        var wrong = Calm(Days - 1) with { Close = Calm(Days - 1).Close + 0.1m };
        (await Feed.IngestAsync(new("import", BarInterval.OneDay, [wrong]), default)).ShouldBe(new(0, 1, 1, 0, 0));
        Series.Corrections.ShouldHaveSingleItem("a person may put right what a source said");
    }

    [Fact]
    public async Task StoreThatFails_LosesNothing_AndIsReadAgain()
    {
        await RefreshAsync();
        var failing = new FailingStore(_store);
        _feed = new BarFeeds(Chain, failing, InstrumentDirectory.Empty, Options.Create(_options), Options.Create(new QualityOptions()), _clock).Open(Symbol);
        await RefreshAsync();
        failing.Fails = true;
        await Should.ThrowAsync<BarStoreException>(() => RefreshAsync(Days + 1));
        Feed.Describe(_clock.GetUtcNow()).ShouldSatisfyAllConditions(
            report => report.Quality.ShouldBeNull(), report => report.Observations.ShouldBe(Days));
        failing.Fails = false;
        await RefreshAsync();
        Series.Closes.Length.ShouldBe(Days + 1);
        (await StoredAsync()).Count.ShouldBe(Days + 1);
    }

    [Fact]
    public async Task Page_IsBounded_AndShowsWhatWasKnownThen()
    {
        await RefreshAsync();
        await RefreshAsync(Days + 1);
        await Should.ThrowAsync<ArgumentException>(() => Feed.ReadAsync(new(BarInterval.OneDay, null, null, null, 0), default));
        var page = await Feed.ReadAsync(new(BarInterval.OneDay, null, null, null, 3), default);
        (page.Bars.Length, page.More, page.Bars[^1].Bar).ShouldBe((3, true, Calm(Days)));
        (await Feed.ReadAsync(new(BarInterval.OneDay, null, null, At(Days), 3), default)).Bars[^1].Bar.ShouldBe(Calm(Days - 1));
    }

    sealed class FailingStore(IBarStore inner) : IBarStore
    {
        public bool Fails { get; set; }

        public Task OpenAsync(CancellationToken cancellation) => inner.OpenAsync(cancellation);

        public Task<IBarTransaction> BeginAsync(CancellationToken cancellation) =>
            Fails ? throw new BarStoreException("memory", "the disk is full") : inner.BeginAsync(cancellation);

        public Task<ImmutableArray<BarRecord>> ReadAsync(
            SeriesKey key, DateTimeOffset? from, DateTimeOffset? to, DateTimeOffset? asOf, CancellationToken cancellation) =>
            inner.ReadAsync(key, from, to, asOf, cancellation);

        public Task<ImmutableArray<BarRecord>> HistoryAsync(SeriesKey key, DateTimeOffset time, CancellationToken cancellation) =>
            inner.HistoryAsync(key, time, cancellation);

        public Task<ImmutableArray<(SeriesKey Key, BarRecord Record)>> QuarantinedAsync(
            string? symbol, int limit, CancellationToken cancellation) => inner.QuarantinedAsync(symbol, limit, cancellation);

        public Task AppendActionsAsync(string symbol, IReadOnlyList<CorporateAction> actions, DateTimeOffset knownAt, CancellationToken cancellation) =>
            inner.AppendActionsAsync(symbol, actions, knownAt, cancellation);

        public Task<ImmutableArray<CorporateAction>> ActionsAsync(
            string symbol, DateTimeOffset? asOf, CancellationToken cancellation) => inner.ActionsAsync(symbol, asOf, cancellation);

        public Task<bool> AppendInstrumentAsync(string symbol, InstrumentVersion version, CancellationToken cancellation) =>
            inner.AppendInstrumentAsync(symbol, version, cancellation);

        public Task<ImmutableArray<InstrumentVersion>> InstrumentsAsync(string symbol, CancellationToken cancellation) =>
            inner.InstrumentsAsync(symbol, cancellation);

        public Task KeepSourceTermsAsync(string symbol, SourceTerms said, CancellationToken cancellation) =>
            inner.KeepSourceTermsAsync(symbol, said, cancellation);

        public Task<SourceTerms?> SourceTermsAsync(string symbol, CancellationToken cancellation) =>
            inner.SourceTermsAsync(symbol, cancellation);

        public Task<long> CompactAsync(BarInterval interval, DateTimeOffset? barsBefore, DateTimeOffset? versionsBefore, CancellationToken cancellation) =>
            inner.CompactAsync(interval, barsBefore, versionsBefore, cancellation);

        public ValueTask DisposeAsync() => inner.DisposeAsync();
    }
}
