using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What is known of the instrument itself: from files, from the source, and from persons, whose word comes
/// first.</summary>
sealed partial class BarFeed
{
    /// <summary>What persons said, oldest first.</summary>
    ImmutableArray<InstrumentVersion> _said = [];

    /// <summary>What a source said, in this process or before it.</summary>
    SourceTerms? _sourceTerms;

    /// <summary>By the last word of a person, else by the files.</summary>
    ListedInstrument? Listed => _said is [.., var last]
        ? new(symbol, last.Company, last.Sector, last.Terms ?? listing?.Terms) : listing;

    public Task<InstrumentReport> DescribeInstrumentAsync(CancellationToken cancellation) => InTurnAsync(async () =>
    {
        await BarsAsync(BarInterval.OneDay, cancellation);
        return Report();
    }, cancellation);

    public Task<InstrumentReport?> ChangeInstrumentAsync(InstrumentChange change, CancellationToken cancellation)
    {
        if (change.BrokenRules() is [var broken, ..]) throw new ArgumentException(broken.Message, nameof(change));
        return InTurnAsync<InstrumentReport?>(async () =>
        {
            var daily = await BarsAsync(BarInterval.OneDay, cancellation);
            _said = await store.InstrumentsAsync(symbol, cancellation); // another process may have been faster
            var version = _said is [.., var last] ? last.Version : 0;
            if (change.ExpectedVersion is { } expected && expected != version) return null;
            var said = new InstrumentVersion(
                version + 1, clock.GetUtcNow(), change.By, change.Reason, change.Company, change.Sector, change.Terms);
            if (!await store.AppendInstrumentAsync(symbol, said, cancellation)) return null;
            _said = _said.Add(said);
            if (Series is { } series) Publish(daily, series.Provenance);
            return Report();
        }, cancellation);
    }

    InstrumentReport Report() => new(
        symbol, Listed?.Company, Listed?.Sector, _said.LastOrDefault()?.Terms ?? _sourceTerms?.Terms ?? listing?.Terms,
        [.. _said.Reverse()]);

    /// <summary>Kept with the bars, and before them: without its currency a price read from the store would count as one
    /// of the book's own.</summary>
    async Task HearAsync(ChainAnswer asked, CancellationToken cancellation)
    {
        var heard = SourceTerms.Of(
            _sourceTerms, asked.Source!, asked.ReceivedAt, asked.Answer.Currency, asked.Answer.Terms);
        if (heard is null || heard == _sourceTerms) return;
        await store.KeepSourceTermsAsync(symbol, heard, cancellation);
        _sourceTerms = heard;
    }

    /// <summary>What was put right lately, by the store: a program that ended may not have told the books.</summary>
    async Task<ImmutableArray<PriceCorrection>> CorrectionsAsync(BarSeries daily, CancellationToken cancellation)
    {
        if (daily.Last is null) return [];
        var before = await store.ReadAsync(
            new(symbol, BarInterval.OneDay), null, null, clock.GetUtcNow() - CorrectionMemory, cancellation);
        return [.. SeriesViews.Corrections(symbol, before, daily.Find).TakeLast(MaxCorrections)];
    }
}
