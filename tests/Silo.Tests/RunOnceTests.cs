using System.Globalization;
using System.Text.Json;
using Trading.Testing;

namespace Trading.Silo.Tests;

public sealed class RunOnceTests
{
    /// <summary>Recomputed from the file alone: closes to returns, returns to profit and loss at the positions of the report, sorted.</summary>
    [Fact]
    public async Task Report_AgreesWithARecomputationFromTheFile_InBothQuantileConventions()
    {
        using var folder = new TemporaryFolder();
        var (exitCode, output, errors) = await TradingProcess.RunAsync(["run", "--once", "--set", .. TradingProcess.Settings(folder.Path)]);
        exitCode.ShouldBe(0, errors);
        var report = JsonDocument.Parse(output).RootElement;

        var method = report.GetProperty("method");
        var window = method.GetProperty("window_sessions").GetInt32();
        window.ShouldBe(252);
        var losses = LossesFromTheFile(report, window);
        var equity = (double)report.GetProperty("equity").GetDecimal();

        var sorted = losses.OrderDescending().ToArray();
        Measure(report, "value_at_risk", 0.95, "order_statistic").ShouldBe(sorted[13 - 1] / equity, 1e-12); // ceil(252 · 0.05) = 13
        Measure(report, "value_at_risk", 0.95, "type_7").ShouldBe(Type7(losses, 0.05) / equity, 1e-12);
        Measure(report, "expected_shortfall", 0.975, "rockafellar_uryasev").ShouldBe(TailMean(sorted, 0.025) / equity, 1e-12);
    }

    static double[] LossesFromTheFile(JsonElement report, int window)
    {
        var rows = File.ReadLines(Path.Combine(RepositoryFiles.Sample, "closes.csv")).Select(line => line.Split(',')).ToArray();
        var asOf = report.GetProperty("prices_as_of").GetString();
        var last = Array.FindIndex(rows, row => row[0] == asOf);
        last.ShouldBeGreaterThan(window);
        return [.. Enumerable.Range(last - window + 1, window).Select(t => -report.GetProperty("positions").EnumerateArray().Sum(position =>
        {
            var column = Array.IndexOf(rows[0], position.GetProperty("symbol").GetString());
            double Close(int row) => double.Parse(rows[row][column], CultureInfo.InvariantCulture);
            return (double)position.GetProperty("quantity").GetDecimal() * Close(last) * (Close(t) / Close(t - 1) - 1);
        }))];
    }

    static double Measure(JsonElement report, string name, double confidence, string quantile) => report.GetProperty("measures").EnumerateArray()
        .Single(measure => measure.GetProperty("name").GetString() == name
            && measure.GetProperty("confidence").GetDouble() == confidence
            && measure.GetProperty("quantile").GetString() == quantile)
        .GetProperty("fraction").GetDouble();

    /// <summary>R's default quantile of the profit and loss, as a loss.</summary>
    static double Type7(double[] losses, double tail)
    {
        var sorted = losses.Select(loss => -loss).Order().ToArray();
        var h = (sorted.Length - 1) * tail;
        var below = (int)Math.Floor(h);
        return -(sorted[below] + (h - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>Mean of the worst n·tail losses, the last one counted in part.</summary>
    static double TailMean(double[] descending, double tail)
    {
        var count = descending.Length * tail;
        var whole = (int)Math.Ceiling(count) - 1;
        return (descending[..whole].Sum() + (count - whole) * descending[whole]) / count;
    }
}
