using System.Text.Json;
using Trading.Configuration;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class SettingsCheckTests
{
    [Theory]
    [InlineData("market_data:replay_intervall=3", "market_data:replay_interval")]
    [InlineData("market_data:replay_interavl=3", "market_data:replay_interval")]
    [InlineData("store:paht=x", "store:path")]
    [InlineData("portfolio:calculation_frequency=60", "portfolios:calculation_frequency")]
    [InlineData("risk:default_limits:max_position_wieght=0.1", "risk:default_limits:max_position_weight")]
    [InlineData("replay_interval=3", "market_data:replay_interval")]
    [InlineData("url=http://127.0.0.1:8080", "urls")]
    public void UnknownSetting_IsAnError_WithTheNearestKnownName(string setting, string nearest)
    {
        var violation = Run(setting).Violations.ShouldHaveSingleItem();

        violation.Rule.ShouldBe("unknown");
        violation.Message.ShouldEndWith($"did you mean {nearest}?");
    }

    [Fact]
    public void NameLikeNoOther_GetsNoSuggestion()
    {
        Run("quux:frobnicate=1").Violations.ShouldHaveSingleItem().Message.ShouldContain("trading config template");
    }

    [Theory]
    [InlineData("portfolios:calculation_frequency=often", "a number")]
    [InlineData("portfolios:var_lookback_days=1.5", "a whole number")]
    [InlineData("orleans:dashboard=yes", "true or false")]
    [InlineData("market_data:replay_start=tomorrow", "a date")]
    [InlineData("models:symbols=IBM", "a list")]
    [InlineData("store=x", "a section")]
    [InlineData("logging:level=Loud", "one of Verbose, Debug")]
    public void TextOfTheWrongKind_IsNamedWithWhatItMustBe(string setting, string words)
    {
        var violation = Run(setting).Violations.ShouldHaveSingleItem();

        violation.Rule.ShouldBe("type");
        violation.Message.ShouldContain($"must be {words}");
    }

    [Fact]
    public void EveryBrokenSettingOfEverySection_IsNamedAtOnce()
    {
        var report = Run(
            "store:kind=paper", "portfolios:calculation_frequency=often", "portfolios:price_refresh=-1", "market_data:replay_interval=-1",
            "market_data:binance:retries=99", "models:folds=1", "risk:default_limits:reservation_seconds=-1", "api:max_concurrent_requests=0", "nonsense",
            "urls=http://0.0.0.0:80", "market_data:quality:recover_after=0");

        report.Valid.ShouldBeFalse();
        report.Hash.ShouldBeNull();
        report.Violations.Select(violation => violation.Path).ShouldBe(
        [
            "store:kind", "portfolios:calculation_frequency", "portfolios:price_refresh", "market_data:replay_interval", "market_data:binance:retries",
            "models:folds", "risk:default_limits:reservation_seconds", "api:max_concurrent_requests", "nonsense", "urls", "market_data:quality:recover_after",
        ], ignoreOrder: true);
    }

    [Fact]
    public void ValueOfASecret_IsInNoMessage()
    {
        const string Marker = "hunter2";
        var report = Run($"market_data:binance:key={Marker} {Marker}", $"store:connection_string={Marker}", $"store:kind:key={Marker}", $"store:password={Marker}");

        report.Valid.ShouldBeFalse();
        JsonSerializer.Serialize(report).ShouldNotContain(Marker);
    }

    [Theory]
    [InlineData("production", "market_data:binance:testnet=true", "prices of a test network")]
    [InlineData("staging", "market_data:binance:testnet=false", "staging asks the test network")]
    [InlineData("production", "portfolio:sample=data/sample/portfolio.json", "made-up positions")]
    [InlineData("production", "store:kind=memory", "nothing would survive")]
    [InlineData("development", "portfolios:var_lookback_days=61 portfolios:var_min_sessions=62", "var_min_sessions")]
    [InlineData("development", "urls=bogus", "is no address")]
    [InlineData("development", "urls=http://192.168.1.1:80", "reachable from other machines")]
    public void SettingsThatContradictEachOtherOrTheEnvironment_AreRefused(string environment, string settings, string words)
    {
        Run(environment, settings.Split(' ')).Violations.ShouldContain(violation => violation.Message.Contains(words));
    }

    [Fact]
    public void ControlAndDirectionMarks_AreShownAsNumbers()
    {
        var message = Run("st\u202Eore:x\u001b[2J=1").Violations.ShouldHaveSingleItem().Message;

        message.ShouldContain(@"st\u202eore:x\u001b[2J");
    }

    [Fact]
    public void Hash_ChangesWithAValueThatCounts_AndNotWithASecretOrWithASettingThatRepeatsItsDefault()
    {
        var hash = Run().Hash.ShouldNotBeNull();

        Run("risk:default_limits:max_position_weight=0.05").Hash.ShouldNotBe(hash);
        Run("market_data:binance:key=abc").Hash.ShouldBe(hash);
        Run("portfolios:var_lookback_days=252").Hash.ShouldBe(hash);
    }

    [Fact]
    public void EveryOptionsClass_SaysItsSection_AndWhatItIsFor()
    {
        SettingsCatalog.Instance.Types.Length.ShouldBeGreaterThan(15);
        foreach (var type in SettingsCatalog.Instance.Types)
        {
            SettingsCatalog.SectionOf(type).ShouldNotBeNull();
            SettingsDocs.Of(type).ShouldNotBeEmpty($"{type.Name} needs a summary");
        }
    }

    static SettingsReport Run(params string[] settings) => Run("development", settings);

    static SettingsReport Run(string environment, string[] settings)
    {
        using var empty = new TemporaryFolder();
        return SettingsCheck.Run(SettingsLayers.Read(settings, AppContext.BaseDirectory, empty.Path, new Dictionary<string, string> { ["ENVIRONMENT"] = environment }));
    }
}
