using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class BarRetentionTests
{
    static readonly SeriesKey Minutes = new("BTCUSDT", BarInterval.OneMinute), Daily = new("BTCUSDT", BarInterval.OneDay);
    readonly ManualTimeProvider _clock = new();
    readonly IBarStore _store = new InMemoryBarStore();

    [Fact]
    public async Task BarsOfAnInterval_AndSupersededVersions_GoWhenTheirDaysAreOver()
    {
        foreach (var key in new[] { Minutes, Daily })
            await _store.AppendAsync(key, [Record(-40, 1), Record(-40, 2), Record(-2, 3), Record(-2, 4)], CancellationToken.None);
        var retention = Retention(new() { BarsDays = { ["1m"] = 30 }, VersionsDays = 10 });

        var gone = await retention.CompactAsync(CancellationToken.None);

        (gone[BarInterval.OneMinute], gone[BarInterval.OneDay], gone[BarInterval.OneHour]).ShouldBe((2, 1, 0));
        (await ReadAsync(Minutes)).ShouldBe([4m]);
        (await ReadAsync(Daily)).ShouldBe([2m, 4m]);
        (await _store.HistoryAsync(Daily, At(-2), CancellationToken.None)).Length.ShouldBe(2);
    }

    [Fact]
    public async Task Program_CompactsAtTheStart_AndThenNowAndThen()
    {
        await _store.AppendAsync(Minutes, [Record(-40, 1), Record(-29.5, 2)], CancellationToken.None);
        using var retention = Retention(new() { BarsDays = { ["1m"] = 30 }, CompactInterval = 86_400 });

        await retention.StartAsync(CancellationToken.None);
        await Wait.UntilAsync(async () => (await ReadAsync(Minutes)) is [2m]);
        _clock.Advance(TimeSpan.FromDays(1));
        await Wait.UntilAsync(async () => (await ReadAsync(Minutes)).Length == 0);
        await retention.StopAsync(CancellationToken.None);
    }

    [Fact]
    public void WithoutRules_NothingIsDue() => new RetentionOptions().Due(_clock.GetUtcNow()).ShouldBeEmpty();

    [Fact]
    public void EveryBrokenRule_IsNamed()
    {
        var options = new RetentionOptions { BarsDays = { ["2m"] = 1, ["1h"] = 0 }, VersionsDays = 0, CompactInterval = 1 };

        options.Validate(null, options).Failures!.Count().ShouldBe(4);
    }

    BarRetention Retention(RetentionOptions options) => new(_store, Options.Create(options), _clock, NullLogger<BarRetention>.Instance);

    DateTimeOffset At(double days) => _clock.GetUtcNow().AddDays(days);

    BarRecord Record(double days, decimal close) => new(Bar.OfClose(At(days), close), 0, "test", At(days), At(days), Verdict.Accept, null, null);

    async Task<decimal[]> ReadAsync(SeriesKey key) =>
        [.. (await _store.ReadAsync(key, null, null, null, CancellationToken.None)).Select(record => record.Bar.Close)];
}
