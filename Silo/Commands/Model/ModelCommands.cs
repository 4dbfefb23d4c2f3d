using System.CommandLine;
using System.Text;
using System.Text.Json.Nodes;
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
        var (symbol, api) = (Symbol(), new ApiArguments());
        var reason = new Option<string>("--reason")
        {
            Description = "Why; kept with the training.", DefaultValueFactory = _ => "asked for on the command line",
        };
        var label = new LabelArguments(LabelChoice.Configured);
        var command = new Command("train",
            "Begins a training of a symbol's model, follows it, and shows what came of it. A label that is given is what the model learns from now on.")
            { symbol, reason };
        api.AddTo(command);
        label.AddTo(command);
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(async () =>
        {
            using var client = await api.OpenAsync(parsed, cancellation);
            return await TrainAsync(
                client, Request(parsed.GetValue(symbol)!, parsed.GetValue(reason)!, label.Of(parsed)), cancellation);
        }));
        return command;
    }

    public static Command Explain()
    {
        var (symbol, api) = (Symbol(), new ApiArguments());
        var command = new Command("explain", "What a symbol's model says now, and what each feature does to it.") { symbol };
        api.AddTo(command);
        command.SetAction((parsed, cancellation) => Failure.GuardAsync(async () =>
        {
            using var client = await api.OpenAsync(parsed, cancellation);
            return await ExplainAsync(client, parsed.GetValue(symbol)!, cancellation);
        }));
        return command;
    }

    /// <summary>The body: what was not given is not said, so that the service alone knows the rules.</summary>
    static JsonObject Request(
        string symbol, string reason, (string? Label, int? Horizon, double? Above, double? Below, double? Threshold) label)
    {
        var body = new JsonObject { ["symbol"] = symbol, ["reason"] = reason };
        if (label.Label is { } name) body["label"] = name;
        if (label.Horizon is { } horizon) body["horizon"] = horizon;
        if (label.Above is { } above) body["barrier_above"] = above;
        if (label.Below is { } below) body["barrier_below"] = below;
        if (label.Threshold is { } threshold) body["label_threshold"] = threshold;
        return body;
    }

    static async Task<int> TrainAsync(HttpClient client, JsonObject request, CancellationToken cancellation)
    {
        using var content = new StringContent(request.ToJsonString(), Encoding.UTF8, "application/json");
        using var begun = await client.PostAsync(Relative("api/ml/retrain"), content, cancellation);
        if (!begun.IsSuccessStatusCode) return await RefusedAsync(begun, cancellation);
        var symbol = request["symbol"]!.GetValue<string>();
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

    static async Task<int> ExplainAsync(HttpClient client, string symbol, CancellationToken cancellation)
    {
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
}
