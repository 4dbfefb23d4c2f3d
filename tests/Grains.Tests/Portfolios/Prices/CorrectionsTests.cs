using System.Collections.Immutable;
using Trading.Journal;
using Trading.MarketData;
using Trading.Risk;
using Trading.Testing;
using static Trading.Portfolios.Tests.Books;

namespace Trading.Portfolios.Tests;

public sealed class CorrectionsTests : IAsyncLifetime
{
    static readonly LimitsVersion Limits = new(1, new RiskLimits { MinCash = 0 }, "test", Now, "test");
    readonly ManualTimeProvider _clock = new(Now);
    readonly Market _market = new() { ["AA"] = Market.Walk("AA", 100m), ["BA"] = Market.Walk("BA", 50m) };
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public CorrectionsTests() => _journal = new InMemoryJournal(_clock);

    public async ValueTask InitializeAsync() => _silo = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        _journal.Dispose();
    }

    [Fact]
    public void CorrectionThatIsToldAgain_IsNoNews_AlsoAfterASnapshot()
    {
        var book = Opened();
        var series = Corrected("AA", 2, Wrong("AA", 1, Now.AddMinutes(1)), Wrong("AA", 2, Now.AddMinutes(2)));
        book.Corrections.Unseen(series).Count().ShouldBe(2);
        foreach (var price in series.Corrections) book.Apply(Recorded(new PriceCorrected(Taken(price)), book.Sequence + 1));
        book.Corrections.Unseen(series).ShouldBeEmpty();
        var restored = Portfolios.Book.Restore("test", book.Save(), RecentKeys);
        restored.Corrections.Unseen(series).ShouldBeEmpty();
        restored.Corrections.Latest.ShouldBe(book.Corrections.Latest);
        BookJson.Encode(restored.Save()).ToArray().ShouldBe(BookJson.Encode(book.Save()).ToArray());
        var newer = Wrong("AA", 3, Now.AddMinutes(3));
        restored.Corrections.Unseen(series with { Corrections = [.. series.Corrections, newer] }).ShouldBe([newer]);
    }

    [Fact]
    public void CorrectionFromBeforeTheBook_IsNoNews()
    {
        Opened().Corrections.Unseen(Corrected("AA", 2, Wrong("AA", 1, Now))).ShouldBeEmpty();
        Opened().Corrections.Unseen(Corrected("AA", 2, Wrong("AA", 1, Now.AddTicks(1)))).Count().ShouldBe(1);
    }

    [Fact]
    public void LatestCorrections_AreBounded_AndOfSymbolsHeld()
    {
        var book = Opened();
        for (var i = 0; i < 2 * Corrections.MaxLatest; i++) book.Apply(new PriceCorrected(Taken(Wrong("AA", i, Now.AddSeconds(i + 1)))));
        book.Apply(new PriceCorrected(Taken(Wrong("BA", 1, Now.AddHours(1))) with { Held = false }));
        book.Corrections.Latest.Count.ShouldBe(Corrections.MaxLatest);
        book.Corrections.Latest.Last().Price.At.ShouldBe(Now.AddSeconds(2 * Corrections.MaxLatest));
    }

    [Theory]
    [InlineData(true, false, "value_at_risk, expected_shortfall computed between 2026-01-05 11:00:00Z and 2026-01-05 12:00:05Z used IBM's 1996-01-02 close 22.58, put right to 22.85 at 2026-01-05 12:00:00Z. With the prices that came with it value_at_risk went from 120.5 to 118 USD.")]
    [InlineData(true, true, "equity, value_at_risk, expected_shortfall computed between 2026-01-05 11:00:00Z and 2026-01-05 12:00:05Z used IBM's 1996-01-02 close 22.58, put right to 22.85 at 2026-01-05 12:00:00Z. With the prices that came with it value_at_risk went from 120.5 to 118 USD.")]
    [InlineData(false, false, "No figure used IBM's 1996-01-02 close 22.58, put right to 22.85 at 2026-01-05 12:00:00Z: the session is older than the risk window.")]
    public void Effect_IsSaidInWords(bool inWindow, bool isLast, string expected) => CorrectionRules.Describe(
        new(new("IBM", new(1996, 1, 2), 22.58m, 22.85m, Now.AddHours(-1), Now), true, inWindow, isLast, 120.5m, 118m, Now.AddSeconds(5)), "USD")
        .Message.ShouldBe(expected);

    [Fact]
    public void PriceThatCountsNoMore_IsWithdrawn_AndAnUnknownFigureIsNotMadeUp() => CorrectionRules.Describe(
        new(new("IBM", new(1996, 1, 2), 22.58m, null, Now.AddHours(-1), Now), true, true, false, null, 118m, Now), "USD")
        .Message.ShouldBe("value_at_risk, expected_shortfall computed between 2026-01-05 11:00:00Z and 2026-01-05 12:00:00Z used IBM's 1996-01-02 close 22.58, withdrawn at 2026-01-05 12:00:00Z.");

    [Fact]
    public async Task Correction_MarksTheReportAndTheDecisionsThatUsedTheWrongPrice_AndTheirReplayStaysTheSame()
    {
        var book = await OpenAsync("marked");
        var early = await DecideAsync(book, "AA");
        await book.FillAsync(External("f", Side.Buy, 100, 100));
        _clock.Advance(TimeSpan.FromMinutes(10));
        var (ofHeld, ofOther) = (await DecideAsync(book, "AA"), await DecideAsync(book, "BA"));
        var wrong = Wrong("AA", 20, _clock.GetUtcNow().AddSeconds(1)) with { WrongSince = Now.AddMinutes(1) };
        _market["AA"] = Corrected("AA", 2, wrong);
        await _silo.TickUntilAsync(async () => await CountAsync("marked") == 1);
        var late = await DecideAsync(book, "AA");

        (await CorrectionsOf(book, early)).ShouldBeEmpty("it was made before the price was wrong");
        (await CorrectionsOf(book, ofHeld)).ShouldHaveSingleItem().Price.ShouldBe(wrong);
        (await CorrectionsOf(book, ofOther)).ShouldHaveSingleItem("the book held the symbol, and its risk counted").Held.ShouldBeTrue();
        (await CorrectionsOf(book, late)).ShouldBeEmpty("it was made with the right price");
        var effect = (await book.GetRiskReportAsync(RiskLimits.Default)).Value!.Corrections.ShouldHaveSingleItem();
        effect.Message.ShouldContain("used AA's 2025-12-12 close 90, put right to 91");
        effect.Correction.ShouldSatisfyAllConditions(
            taken => taken.InWindow.ShouldBeTrue(),
            taken => taken.IsLast.ShouldBeFalse(),
            taken => taken.ValueAtRiskBefore.ShouldNotBeNull().ShouldBeGreaterThan(0),
            taken => taken.ValueAtRiskAfter.ShouldNotBeNull().ShouldNotBe(taken.ValueAtRiskBefore!.Value));
    }

    [Fact]
    public async Task Correction_OfAnotherSymbolOrOutsideTheWindow_MarksNoDecision()
    {
        var book = await OpenAsync("elsewhere");
        await DecideAsync(book, "BA");
        await book.FillAsync(External("f", Side.Buy, 100, 100));
        var decision = await DecideAsync(book, "AA");
        _market["BA"] = Corrected("BA", 2, Wrong("BA", 20, Now.AddSeconds(1)));
        _market["AA"] = Corrected("AA", 2, Wrong("AA", 290, Now.AddSeconds(1)));
        await _silo.TickUntilAsync(async () => await CountAsync("elsewhere") == 2);
        var marks = await CorrectionsOf(book, decision);
        marks.ShouldAllBe(mark => mark.Price.Symbol == "BA", "an approval of BA was open; AA's session is older than the window");
        (await book.GetRiskReportAsync(RiskLimits.Default)).Value!.Corrections.Select(effect => effect.Message[..14])
            .ShouldContain("No figure used");
    }

    [Fact]
    public async Task Correction_IsRecordedOnce_AlsoAcrossRestarts()
    {
        var book = await OpenAsync("once");
        await book.FillAsync(External("f", Side.Buy, 100, 100));
        _market["AA"] = Corrected("AA", 2, Wrong("AA", 20, Now.AddSeconds(1)));
        await _silo.TickUntilAsync(async () => await CountAsync("once") == 1);
        await RestartAsync();
        (await Book("once").GetRiskReportAsync(RiskLimits.Default)).Value!.Corrections.Length.ShouldBe(1);
        var later = _clock.GetUtcNow().AddSeconds(1); // what is put right at the instant of the one before counts as told
        _market["AA"] = Corrected("AA", 3, Wrong("AA", 20, Now.AddSeconds(1)), Wrong("AA", 5, later));
        await _silo.TickUntilAsync(async () => await CountAsync("once") == 2);
        (await Book("once").GetRiskReportAsync(RiskLimits.Default)).Value!.Corrections.Select(effect => effect.Correction.Price.Session)
            .ShouldBe([new(2025, 12, 27), new(2025, 12, 12)], "newest first");
    }

    /// <summary>The close of so many sessions ago was 90 and is 91.</summary>
    static PriceCorrection Wrong(string symbol, int sessionsAgo, DateTimeOffset at) =>
        new(symbol, new DateOnly(2026, 1, 1).AddDays(-sessionsAgo), 90m, 91m, Now.AddHours(-1), at);

    static CorrectedPrice Taken(PriceCorrection price) => new(price, true, true, false, 1m, 2m, price.At);

    static PriceSeries Corrected(string symbol, long version, params PriceCorrection[] corrections) =>
        Market.Walk(symbol, symbol == "AA" ? 100m : 50m, seed: (int)version, version: version) with { Corrections = [.. corrections] };

    static async Task<string> DecideAsync(IPortfolioGrain book, string symbol) =>
        (await book.ReserveAsync(Order(Side.Buy, 1, symbol: symbol), Limits)).Value!.Read().DecisionId;

    static async Task<ImmutableArray<CorrectedPrice>> CorrectionsOf(IPortfolioGrain book, string decision)
    {
        var replay = (await book.ReplayAsync(decision)).Value!;
        replay.Identical.ShouldBeTrue("what was known then stays what it was");
        return replay.Explanation.Corrections;
    }

    async Task<int> CountAsync(string portfolio)
    {
        var count = 0;
        await foreach (var recorded in _journal.ReadAsync($"portfolio/{portfolio}", 0, default))
            if (recorded.Type == "prices_corrected") count++;
        return count;
    }

    IPortfolioGrain Book(string id) => _silo.Grains.GetGrain<IPortfolioGrain>(id);

    async Task<IPortfolioGrain> OpenAsync(string id)
    {
        (await Book(id).CreateAsync(new("USD", 100_000m, AllowShort: false))).IsDone.ShouldBeTrue();
        return Book(id);
    }

    async Task RestartAsync()
    {
        await _silo.DisposeAsync();
        _silo = await StartAsync();
    }

    Task<TestSilo> StartAsync() => BookSilo.StartAsync(_clock, _journal, _market, new() { SnapshotEvery = 20 });
}
