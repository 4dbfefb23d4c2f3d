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
            .AddMarketData()
            .BuildServiceProvider();
    }

    [Fact]
    public async Task Replay_IsTheDefault_AndStartsWhereTheConfigurationSays()
    {
        await using var services = Services(("replay_start", "1996-01-02"));

        var series = (await services.GetRequiredService<IMarketDataSource>().FetchAsync("IBM", 0, default)).Series!;

        (series.Provenance.Source, series.LastSession, series.Sector).ShouldBe(("replay", new DateOnly(1996, 1, 2), "Information Technology"));
    }

    [Fact]
    public async Task Csv_GivesTheWholeFile()
    {
        await using var services = Services(("source", "csv"));

        (await services.GetRequiredService<IMarketDataSource>().FetchAsync("IBM", 0, default)).Series!.Version.ShouldBe(2_529);
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
            ("source", "oracle"), ("prices", " "), ("replay_interval", "0"), ("refresh_interval", "NaN"), ("max_price_age", "-1"));

        var failures = Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<MarketDataOptions>>().Value).Failures;

        failures.Select(failure => failure.Split(' ')[0]).ShouldBe(
            ["market_data:source", "market_data:prices", "market_data:replay_interval", "market_data:refresh_interval", "market_data:max_price_age"]);
    }

    [Fact]
    public async Task BadFile_StopsTheStart_WithFileLineColumnAndRule()
    {
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, "date,AA\n2020-01-02,many\n");
            await using var services = Services(("prices", file));

            var refused = await Should.ThrowAsync<MarketDataFormatException>(() => services.GetServices<IHostedService>().Single().StartAsync(default));

            refused.Message.ShouldBe($"{file} cannot be used; 1 broken rule:\n  line 2, AA, number: 'many' is not a decimal number");
        }
        finally
        {
            File.Delete(file);
        }
    }
}
