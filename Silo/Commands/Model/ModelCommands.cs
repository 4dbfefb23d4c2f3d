using System.CommandLine;
using Spectre.Console;
using Trading.Api;
using Trading.Models;

namespace Trading.Commands;

/// <summary><c>trading model train</c> and <c>explain</c>: ask a running silo through its API.</summary>
static class ModelCommands
{
    static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    public static Command Train()
    {
        var (symbol, url) = (Symbol(), Url());
        var reason = new Option<string>("--reason")
        {
            Description = "Why; kept with the training.", DefaultValueFactory = _ => "asked for on the command line",
        };
        var command = new Command("train", "Begins a training of a symbol's model, follows it, and shows what came of it.") { symbol, reason, url };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            TrainAsync(parsed.GetValue(url)!, parsed.GetValue(symbol)!, parsed.GetValue(reason)!, cancellation)));
        return command;
    }

    public static Command Explain()
    {
        var (symbol, url) = (Symbol(), Url());
        var command = new Command("explain", "What a symbol's model says now, and what it makes of it.") { symbol, url };
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(() =>
            ExplainAsync(parsed.GetValue(url)!, parsed.GetValue(symbol)!, cancellation)));
        return command;
    }

    static async Task<int> TrainAsync(Uri url, string symbol, string reason, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = url };
        using var begun = await client.PostAsJsonAsync(Relative("api/ml/retrain"),
            new Dictionary<string, string> { ["symbol"] = symbol, ["reason"] = reason }, cancellation);
        if (!begun.IsSuccessStatusCode) return await RefusedAsync(begun, cancellation);
        var performance = await AnsiConsole.Progress().StartAsync(async context =>
        {
            var task = context.AddTask("waiting", maxValue: 1);
            while (true)
            {
                var answer = (await client.GetFromJsonAsync(Relative($"api/ml/performance?symbol={Uri.EscapeDataString(symbol)}"),
                    ApiJson.Default.ImmutableArrayModelPerformance, cancellation))[0];
                (task.Value, task.Description) = (answer.Training.Progress, answer.Training.Detail ?? "done");
                if (answer.Training.State != TrainingState.Running) return answer;
                await Task.Delay(BetweenLooks, TimeProvider.System, cancellation);
            }
        });
        if (performance.Training.State == TrainingState.Failed)
        {
            await Console.Error.WriteLineAsync(performance.Training.Detail);
            return Failure.Failed;
        }

        ModelTable.Write(AnsiConsole.Console, symbol, performance);
        return 0;
    }

    static async Task<int> ExplainAsync(Uri url, string symbol, CancellationToken cancellation)
    {
        using var client = new HttpClient { BaseAddress = url };
        using var response = await client.GetAsync(Relative($"api/ml/predictions?symbol={Uri.EscapeDataString(symbol)}"), cancellation);
        if (!response.IsSuccessStatusCode) return await RefusedAsync(response, cancellation);
        ModelTable.Write(AnsiConsole.Console,
            (await response.Content.ReadFromJsonAsync(ApiJson.Default.ImmutableArrayModelPrediction, cancellation))[0]);
        return 0;
    }

    static async Task<int> RefusedAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await Console.Error.WriteLineAsync(await response.Content.ReadAsStringAsync(cancellation));
        return Failure.Failed;
    }

    static Uri Relative(string path) => new(path, UriKind.Relative);

    static Argument<string> Symbol() => new("symbol") { Description = "The ticker." };

    static Option<Uri> Url() => new("--url")
    {
        Description = "The address of the API.",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:8080"),
    };
}
