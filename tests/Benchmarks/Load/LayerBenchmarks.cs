using System.Globalization;
using Trading.Benchmarks.Http;

namespace Trading.Benchmarks.Load;

/// <summary>Where the time of a decision goes, layer by layer, at a low and at a high rate, and what was different about the slowest.</summary>
/// <remarks><c>-- layers [seconds] [rate …]</c>.</remarks>
static class LayerBenchmarks
{
    static readonly double[] Rates = [500, 5_000];
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var numbers = arguments.Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var duration = TimeSpan.FromSeconds(numbers is [var seconds, ..] ? seconds : 20);
        var rates = numbers.Length > 1 ? numbers[1..] : Rates;
        var folder = Directory.CreateTempSubdirectory("trading-layers-").FullName;
        using var silo = ServerProcess.Silo(folder);
        await silo.WaitAsync();
        new OpenLoop(silo.Port, new Decisions()).Run(rates[^1], WarmUp);
        using var beat = new Heartbeat();
        var tables = rates.Select(rate => TableOf(silo, rate, duration, beat)).ToArray();

        await output.WriteLineAsync(
            $"\n| layer, µs |{string.Concat(rates.Select(rate => string.Create(CultureInfo.InvariantCulture, $" {rate:N0} a second: p50 | p99 | slowest 0.1 % |")))}");
        await output.WriteLineAsync($"| --- |{string.Concat(rates.Select(_ => " ---: | ---: | ---: |"))}");
        for (var layer = 0; layer < LayerTable.Layers.Length; layer++)
            await output.WriteLineAsync($"| {LayerTable.Layers[layer]} |{string.Concat(tables.Select(table => Row(table.Of(layer))))}");
        await output.WriteLineAsync($"| **whole** |{string.Concat(tables.Select(table => Row(table.Whole)))}");
        foreach (var (rate, table) in rates.Zip(tables))
        {
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"\n| {rate:N0} a second, {table.Count:N0} decisions: on the way was | of all | of the slowest 0.1 % |\n| --- | ---: | ---: |"));
            foreach (var cause in table.Causes()) await output.WriteLineAsync($"| {cause} |");
        }

        Directory.Delete(folder, recursive: true);
    }

    static LayerTable TableOf(ServerProcess silo, double rate, TimeSpan duration, Heartbeat beat)
    {
        using var trace = new LayerTrace(silo.Id);
        var mix = new TimedDecisions();
        beat.Take();
        var result = new OpenLoop(silo.Port, mix).Run(rate, duration);
        trace.End();
        return new(mix, result, rate, trace, beat.Take());
    }

    static string Row((double Median, double P99, double Slowest) row) =>
        string.Create(CultureInfo.InvariantCulture, $" {row.Median:N0} | {row.P99:N0} | {row.Slowest:N0} |");
}
