using System.CommandLine;
using Trading.Hosting;

namespace Trading.Commands;

/// <summary><c>trading api</c>: the API in a process of its own.</summary>
static class ApiCommand
{
    public static Command Create()
    {
        var settings = Settings.Option("cluster:membership=redis");
        var command = new Command("api", "Start the API as a client of the silos of a cluster, and stay until Ctrl-C.")
        {
            settings,
        };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            RunAsync(parsed.GetValue(settings) ?? [], cancellation)));
        return command;
    }

    static async Task<int> RunAsync(string[] settings, CancellationToken cancellation)
    {
        await using var app = TradingHost.Build(settings, ProcessRole.Api);
        await app.StartAsync(cancellation);
        Console.WriteLine($"The API at {app.Urls.First()} has found its silos. Ctrl-C stops.");
        await app.WaitForShutdownAsync(cancellation);
        return 0;
    }
}
