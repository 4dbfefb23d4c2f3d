using Microsoft.Extensions.Options;
using Trading.Hosting;
using Trading.Monitoring;

namespace Trading.Configuration;

/// <summary>Settings that break no rule, from which the program is put together.</summary>
sealed class SoundSettings
{
    readonly SettingsLayers _layers;
    readonly IServiceProvider _options;

    SoundSettings(SettingsLayers layers, SettingsReport report)
    {
        (_layers, Report, Environment) = (layers, report, layers.Environment);
        _options = SettingsCheck.Bind(layers.Build());
    }

    public SettingsReport Report { get; }

    public TradingEnvironment Environment { get; }

    public bool HasDashboard => Of<MonitoringOptions>().Enabled && Of<EngineOptions>().Dashboard;

    /// <exception cref="SettingsException">Settings break rules.</exception>
    public static SoundSettings Read(string[] settings)
    {
        var layers = SettingsLayers.Read(settings);
        var report = SettingsCheck.Run(layers);
        return report.Valid ? new(layers, report) : throw new SettingsException(report);
    }

    public T Of<T>() where T : class => _options.GetRequiredService<IOptions<T>>().Value;

    /// <summary>Puts these settings in the place of whatever a host has read by itself.</summary>
    public void ReplaceIn(IConfigurationManager configuration)
    {
        configuration.Sources.Clear();
        _layers.AddTo(configuration);
    }
}
