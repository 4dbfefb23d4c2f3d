using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class FeedServicesTests
{
    static ServiceProvider Services(params (string Key, string Value)[] settings)
    {
        var all = new Dictionary<string, string?>
        {
            ["market_data:prices"] = Path.Combine(RepositoryFiles.Sample, "closes.csv"),
            ["market_data:sectors"] = Path.Combine(RepositoryFiles.Sample, "sectors.csv"),
            ["market_data:replay_start"] = "1996-01-02",
        };
        foreach (var (key, value) in settings) all["market_data:" + key] = value;
        return new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(all).Build())
            .AddSingleton<TimeProvider>(new ManualTimeProvider())
            .AddLogging().AddMarketData()
            .BuildServiceProvider();
    }

    static Task<BarAnswer> AskAsync(IBarSource source, string symbol) => source.FetchAsync(new(symbol, BarInterval.OneDay, null, null), default);

    [Fact]
    public async Task Replay_PlaysThePriceFile_AndTheDirectoryKnowsItsSectors()
    {
        await using var services = Services();

        (await AskAsync(services.GetRequiredService<ReplayBars>(), "IBM")).Bars[^1].Time.ShouldBe(new(1996, 1, 2, 0, 0, 0, TimeSpan.Zero));
        services.GetRequiredService<IInstrumentDirectory>().Find("AA").ShouldBe(new("AA", "Alcoa", "Materials", null));
        services.GetRequiredService<IInstrumentDirectory>().Find("NONE").ShouldBeNull();
    }

    [Fact]
    public async Task Folder_IsTheOneOfTheConfiguration()
    {
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "aa.csv"), "date,open,high,low,close\n2020-01-02,1,1,1,1\n");
        await using var services = Services(("folder:path", folder.Path));

        (await AskAsync(services.GetRequiredService<FolderSource>(), "AA")).Bars.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Synthetic_IsTheMarketOfTheConfiguration()
    {
        await using var services = Services(("synthetic:symbols", "2"), ("synthetic:sectors:0", "Only"), ("synthetic:seed", "9"));

        (await AskAsync(services.GetRequiredService<SyntheticSource>(), "SYN2")).Bars.Length.ShouldBeGreaterThan(2_800);
        services.GetRequiredService<SyntheticMarket>().Listings.Select(listing => (listing.Symbol, listing.Sector)).ShouldBe([("SYN1", "Only"), ("SYN2", "Only")]);
    }

    [Fact]
    public async Task BrokenSettings_AreNamedWithTheirSection()
    {
        await using var services = Services(("folder:path", " "), ("folder:poll_interval", "0"), ("synthetic:symbols", "0"));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<FolderOptions>>().Value).Failures.Count().ShouldBe(2);
        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<SyntheticOptions>>().Value).Message.ShouldContain("market_data:synthetic:symbols");
    }
}
