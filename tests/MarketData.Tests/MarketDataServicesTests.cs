using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class MarketDataServicesTests
{
    static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var sample = new Dictionary<string, string?>
        {
            ["market_data:prices"] = Path.Combine(RepositoryFiles.Sample, "closes.csv"),
            ["market_data:sectors"] = Path.Combine(RepositoryFiles.Sample, "sectors.csv"),
        };
        foreach (var (key, value) in settings) sample[$"market_data:{key}"] = value;
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(sample).Build())
            .AddSingleton<TimeProvider>(new ManualTimeProvider())
            .AddLogging()
            .AddMarketData()
            .AddInMemoryBarStore()
            .BuildServiceProvider();
    }

    [Fact]
    public async Task Replay_StartsWhereTheConfigurationSays_AndItsBarsAreJudgedAndKept()
    {
        await using var services = Services(("replay_start", "1996-01-02"), ("chain:order:equity:0", "replay"));
        var feed = services.GetRequiredService<ISymbolFeeds>().Open("IBM");

        (await feed.RefreshAsync(default)).ShouldBe(SeriesStatus.Updated);

        var series = feed.Series!;
        (series.Provenance.Source, series.LastSession, series.Sector, series.Mode).ShouldBe(("replay", new DateOnly(1996, 1, 2), "Information Technology", SymbolMode.Normal));
        var stored = await feed.ReadAsync(new(BarInterval.OneDay, null, null, null, BarQuery.MaxLimit), default);
        stored.Bars.Count(bar => bar.Verdict == Verdict.Accept).ShouldBe(series.Dates.Length);
    }

    [Fact]
    public async Task Sources_AreThoseThatTheOrdersName_AndOthersReadNoFile()
    {
        await using var services = Services(("prices", "missing.csv"), ("chain:order:equity:0", "synthetic"));
        var feed = services.GetRequiredService<ISymbolFeeds>().Open("SYN1");

        (await feed.RefreshAsync(default)).ShouldBe(SeriesStatus.Updated);

        services.GetRequiredService<SourceChain>().Report().Select(source => source.Source).ShouldBe(["binance", "kraken", "synthetic", "yahoo"]);
    }

    static async Task StartAllAsync(IServiceProvider services)
    {
        foreach (var hosted in services.GetServices<IHostedService>()) await hosted.StartAsync(default);
    }

    [Fact]
    public async Task EmptySectorsPath_LeavesEverySectorUnknown()
    {
        await using var services = Services(("sectors", ""));

        services.GetRequiredService<PriceHistory>().Symbols["IBM"].Sector.ShouldBeNull();
    }

    [Fact]
    public async Task EveryBrokenSetting_IsNamedAtOnce()
    {
        await using var services = Services(
            ("prices", " "), ("replay_interval", "0"), ("refresh_interval", "NaN"), ("max_price_age", "-1"), ("correction_interval", "0"),
            ("correction_sessions", "0"), ("cache_ttl", "0"));

        var failures = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<MarketDataOptions>>().Value).Failures;

        failures.Select(failure => failure.Split(' ')[0]).ShouldBe(
            
            [
                "market_data:prices", "market_data:replay_interval", "market_data:refresh_interval", "market_data:max_price_age",
                "market_data:correction_interval", "market_data:correction_sessions", "market_data:cache_ttl",
            ]);
    }

    [Fact]
    public async Task BadFile_StopsTheStart_WithFileLineColumnAndRule()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "date,AA\n2020-01-02,many\n");
            await using var services = Services(("prices", file), ("chain:order:equity:0", "replay"));

            var refused = await Should.ThrowAsync<MarketDataFormatException>(() => StartAllAsync(services));

            refused.Message.ShouldBe($"{file} cannot be used; 1 broken rule:\n  line 2, AA, number: 'many' is not a decimal number");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
