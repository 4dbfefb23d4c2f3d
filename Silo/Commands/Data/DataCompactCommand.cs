using System.CommandLine;
using Microsoft.Extensions.Options;
using Trading.Hosting;
using Trading.MarketData;

namespace Trading.Commands;

/// <summary><c>trading data compact</c>: what a running program does by itself now and then.</summary>
static class DataCompactCommand
{
    public static Command Create()
    {
        var settings = Settings.Option("market_data:retention:bars_days:1m=30");
        var command = new Command("compact", "Remove the bars and versions that market_data:retention no longer keeps.") { settings };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() => CompactAsync(parsed.GetValue(settings) ?? [], cancellation)));
        return command;
    }

    static async Task<int> CompactAsync(string[] settings, CancellationToken cancellation)
    {
        using var host = TradingHost.BuildForFiles(settings);
        var (rules, clock) = (host.Services.GetRequiredService<IOptions<RetentionOptions>>().Value, host.Services.GetRequiredService<TimeProvider>());
        if (rules.Due(clock.GetUtcNow()).IsEmpty)
        {
            await Console.Error.WriteLineAsync($"{RetentionOptions.Section} keeps everything: name bars_days or versions_days.");
            return Failure.Misconfigured;
        }

        await host.StartAsync(cancellation);
        foreach (var (interval, records) in await host.Services.GetRequiredService<BarRetention>().CompactAsync(cancellation))
            Console.WriteLine($"{interval.Code()}: {DataFiles.Count(records)} records removed");
        await host.StopAsync(CancellationToken.None);
        return 0;
    }
}
