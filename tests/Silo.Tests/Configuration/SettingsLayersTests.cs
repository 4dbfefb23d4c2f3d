using Trading.Configuration;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>Which value wins, and what is no value at all.</summary>
public sealed class SettingsLayersTests : IDisposable
{
    const string Setting = "market_data:replay_interval";
    readonly TemporaryFolder _program = new(), _work = new();
    readonly Dictionary<string, string> _variables = [];

    [Fact]
    public void EachLayer_WinsOverThoseBefore()
    {
        var origins = new List<(string?, string)>();
        Note(origins, () => Write(_program, "appsettings.json", """{"market_data":{"replay_interval":1}}"""));
        Note(origins, () => Write(_program, "appsettings.staging.json", """{"market_data":{"replay_interval":2}}"""));
        Note(origins, () => Write(_work, "config/staging.json", """{"market_data":{"replay_interval":3}}"""));
        Note(origins, () => Write(_work, ".env", "# mine\nmarket_data__replay_interval=4\n"));
        Note(origins, () => _variables["market_data__replay_interval"] = "5");
        origins.Add(Read($"{Setting}=6").Find(Setting)!.Value);

        origins.ShouldBe([
            ("1", "appsettings.json"), ("2", "appsettings.staging.json"), ("3", "config/staging.json"), ("4", ".env"), ("5", "the environment"), ("6", "--set")]);

        void Note(List<(string?, string)> all, Action write)
        {
            _variables["ENVIRONMENT"] = "staging";
            write();
            all.Add(Read().Find(Setting)!.Value);
        }
    }

    [Theory]
    [InlineData("BINANCE_TESTNET", "1", "market_data:binance:testnet", "true")]
    [InlineData("LOG_LEVEL", "Debug", "logging:level", "Debug")]
    [InlineData("MONITORING_ENABLED", "0", "monitoring:enabled", "false")]
    [InlineData("ML_BATCH_SIZE", "20", "models:prediction_batch_size", "20")]
    [InlineData("DATA_CACHE_SIZE", "500", "portfolios:price_cache", "500")]
    public void PlainVariable_StandsForItsSetting_WhichWinsOverIt(string variable, string value, string setting, string expected)
    {
        _variables[variable] = value;
        Read().Find(setting)!.Value.Value.ShouldBe(expected);

        _variables[setting.Replace(":", "__")] = "other";
        Read().Find(setting)!.Value.Value.ShouldBe("other");
    }

    [Fact]
    public void VariablesOfOtherPrograms_AreNoSettings_AndThoseOfOursAre()
    {
        (_variables["PATH"], _variables["JAVA__HOME"], _variables["store__pathh"]) = ("/bin", "x", "x");

        var report = SettingsCheck.Run(Read());

        report.Violations.ShouldHaveSingleItem().Path.ShouldBe("store:pathh");
    }

    [Fact]
    public void UnknownEnvironment_IsAnError_AndJudgedAsProduction()
    {
        _variables["ENVIRONMENT"] = "prod";

        var layers = Read();

        layers.Faults.ShouldHaveSingleItem().Message.ShouldBe("ENVIRONMENT is 'prod'; it can be development, staging, production.");
        layers.Environment.ShouldBe(TradingEnvironment.Production);
    }

    [Fact]
    public void FileThatIsNoJson_AndLineThatIsNoVariable_AreNamedWithTheirPlace()
    {
        Write(_work, "config/development.json", "{ \"store\": ");
        Write(_work, ".env", "A=1\nnonsense\n");

        var faults = Read().Faults;

        faults.Length.ShouldBe(2);
        faults.ShouldContain(fault => fault.Message.Contains(".env, line 2"));
        faults.ShouldContain(fault => fault.Rule == "json" && fault.Message.Contains("development.json"));
    }

    SettingsLayers Read(params string[] settings) => SettingsLayers.Read(settings, _program.Path, _work.Path, _variables);

    static void Write(TemporaryFolder folder, string name, string text)
    {
        var path = Path.Combine(folder.Path, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    public void Dispose()
    {
        _program.Dispose();
        _work.Dispose();
    }
}
