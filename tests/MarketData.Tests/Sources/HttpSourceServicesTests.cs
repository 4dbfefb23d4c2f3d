using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.MarketData.Tests;

public sealed class HttpSourceServicesTests
{
    static ServiceProvider Build(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value))).Build();
        return new ServiceCollection().AddSingleton<IConfiguration>(configuration).AddLogging().AddHttpSources().BuildServiceProvider();
    }

    [Fact]
    public void Chain_AsksExchangesForCoins_AndYahooForTheRest()
    {
        using var services = Build();

        var reports = services.GetRequiredService<SourceChain>().Report();

        reports.Select(report => report.Source).ShouldBe(["binance", "kraken", "yahoo"]);
        reports[0].Serves.ShouldBe([new(AssetClass.Crypto, 1)]);
        reports[1].Serves.ShouldBe([new(AssetClass.Crypto, 2)]);
        reports[2].Serves.ShouldBe([new(AssetClass.Equity, 1), new(AssetClass.Crypto, 3), new(AssetClass.Fx, 1)]);
        reports.ShouldAllBe(report => report.State == SourceState.Trusted && report.BudgetLeft == report.BudgetPerMinute);
    }

    [Fact]
    public void SourceThatIsSwitchedOff_IsInNoChain()
    {
        using var services = Build(("market_data:binance:enabled", "false"), ("market_data:chain:order:equity:0", "yahoo"));

        services.GetRequiredService<SourceChain>().Report().Select(report => report.Source).ShouldBe(["kraken", "yahoo"]);
    }

    [Theory]
    [InlineData("BINANCE_TESTNET", "1", "https://testnet.binance.vision/")]
    [InlineData("BINANCE_TESTNET", "false", "https://api.binance.com/")]
    [InlineData("market_data:binance:testnet", "true", "https://testnet.binance.vision/")]
    [InlineData("market_data:binance:base_address", "http://localhost:1234", "http://localhost:1234/")]
    public void Testnet_IsSwitchedByItsVariableOrTheSection(string key, string value, string address)
    {
        using var services = Build((key, value));

        services.GetRequiredService<IOptions<BinanceOptions>>().Value.Address.ToString().ShouldBe(address);
    }

    [Fact]
    public void TestnetThatIsNeitherTrueNorFalse_StopsTheStart()
    {
        using var services = Build(("BINANCE_TESTNET", "maybe"));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<BinanceOptions>>().Value).Message.ShouldContain("BINANCE_TESTNET");
    }

    [Fact]
    public void EveryBrokenRule_IsNamedAtOnce()
    {
        using var services = Build(
            ("market_data:binance:base_address", "ftp://x"), ("market_data:binance:timeout", "0"), ("market_data:binance:retries", "9"),
            ("market_data:binance:stream_buffer", "0"), ("market_data:binance:stream_address", "http://x"),
            ("market_data:chain:good_answers", "0"), ("market_data:chain:breaker_failures", "1"), ("market_data:chain:symbols:crypto:0", "a b"),
            ("market_data:chain:order:fx:0", "yahoo"), ("market_data:chain:order:fx:1", "yahoo"));

        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<BinanceOptions>>().Value).Failures.Count().ShouldBe(5);
        Should.Throw<OptionsValidationException>(() => services.GetRequiredService<IOptions<SourceChainOptions>>().Value).Failures.Count().ShouldBe(4);
    }

    [Fact]
    public async Task SourceOfTheContainer_AsksOverHttp()
    {
        await using var server = await LocalServer.StartAsync(LocalMarket.Kraken(new ManualTimeProvider()));
        using var services = Build(("market_data:kraken:base_address", server.Address));

        var answer = await services.GetRequiredService<KrakenSource>().FetchAsync(new("BTCUSDT", BarInterval.OneMinute, null, null), default);

        answer.Bars.Length.ShouldBe(720);
    }
}
