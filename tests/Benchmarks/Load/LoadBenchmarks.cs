using System.Globalization;
using HdrHistogram;
using Trading.Benchmarks.Http;
using Trading.Testing;

namespace Trading.Benchmarks.Load;

/// <summary>Decisions under an open load: what a desk feels at a rate that it does not slow down for the server.</summary>
/// <remarks><c>-- load [decisions | crossing | fills | company] [postgres] [seconds] [rate …]</c>; one table a mix. On SQLite, or on a PostgreSQL of
/// the machine's.</remarks>
static class LoadBenchmarks
{
    const int Rounds = 5;
    const string Postgres = "postgres";
    static readonly Dictionary<string, Func<Mix>> Mixes = new()
    {
        ["decisions"] = () => new Decisions(),
        ["crossing"] = () => new Decisions("decisions, half of which may trade with an open order and are refused", crossing: true),
        ["fills"] = () => new FillsAndReleases(),
        ["company"] = () => new Decisions(Company.Name),
    };

    static readonly double[] Rates = [2_000, 5_000, 10_000, 15_000, 20_000];
    static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        using var postgres = arguments.Contains(Postgres) ? new PostgresServer() : null;
        arguments = [.. arguments.Where(argument => argument != Postgres)];
        IEnumerable<Func<Mix>> mixes =
            arguments is [var first, ..] && Mixes.TryGetValue(first, out var one) ? [one] : Mixes.Values;
        var numbers = arguments.Where(text => !Mixes.ContainsKey(text)).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var duration = TimeSpan.FromSeconds(numbers is [var seconds, ..] ? seconds : 20);
        var rates = numbers.Length > 1 ? numbers[1..] : Rates;
        using var beat = new Heartbeat();
        foreach (var mix in mixes)
            await TableAsync(output, postgres, mix, duration, rates, beat);
    }

    static async Task TableAsync(
        TextWriter output, PostgresServer? postgres, Func<Mix> mix, TimeSpan duration, double[] rates, Heartbeat beat)
    {
        var folder = Directory.CreateTempSubdirectory("trading-load-").FullName;
        using var silo = ServerProcess.Silo(folder, postgres is null ? [] : ["store:kind=postgres", $"store:connection_string={postgres.CreateDatabase()}"]);
        await silo.WaitAsync();
        new OpenLoop(silo.Port, new Decisions()).Run(rates[0], WarmUp);
        var name = mix().Name;
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"\n{name}: {Rounds} rounds of {duration.TotalSeconds:0} s for each rate; every figure is the median of the rounds\n"));
        await output.WriteLineAsync(
            "| scheduled a second | answered a second | seconds | p50 ms | p90 | p99 | p99.9 | p99.99 | max "
            + "| server, µs a request | generator, µs | stolen, % of the cores | refused, % |");
        await output.WriteLineAsync("| ---: | ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        using var company = name == Company.Name ? new Company(silo) : null;
        foreach (var rate in rates)
        {
            var rounds = Enumerable.Range(0, Rounds).Select(_ => RoundOf(silo, mix(), rate, duration, beat)).ToArray();
            await output.WriteLineAsync(Row(rate, "all", rounds, round => round.Result.Seconds));
            var still = rounds.Sum(round => round.Still.Length);
            var without = $"{still} of {rounds.Sum(round => round.Result.Seconds.Length)}: no stall of the machine";
            if (still > 0) await output.WriteLineAsync(Row(rate, without, rounds, round => round.Still));
        }

        if (company is not null) await output.WriteLineAsync($"\nMeanwhile: {company.Done}");
        Directory.Delete(folder, recursive: true);
    }

    static Round RoundOf(ServerProcess silo, Mix mix, double rate, TimeSpan duration, Heartbeat beat)
    {
        var (server, self) = (Processor.Of(silo.Id), Processor.Of(Environment.ProcessId));
        beat.Take();
        var result = new OpenLoop(silo.Port, mix).Run(rate, duration);
        return new(
            result, [.. result.Still(beat.Take())], Processor.Of(silo.Id) - server, Processor.Of(Environment.ProcessId) - self, mix.Refused);
    }

    static string Row(double rate, string seconds, Round[] rounds, Func<Round, LongHistogram[]> which)
    {
        double Of(Func<Round, double> figure) => rounds.Select(figure).Order().ElementAt(rounds.Length / 2);
        var sums = rounds.Select(which).Where(each => each.Length > 0).Select(Sum).ToArray();
        string At(double percentile) => (sums.Select(sum => sum.GetValueAtPercentile(percentile)).Order().ElementAt(sums.Length / 2) / 1_000.0)
            .ToString("0.00", CultureInfo.InvariantCulture);
        double Each(Func<Round, Processor> of) => Of(round => of(round).Total * 1e6 / round.Result.Answered);
        var unanswered = rounds.Sum(round => round.Result.Unanswered) is > 0 and var none ? $" ({none} unanswered)" : "";
        return string.Create(CultureInfo.InvariantCulture,
            $"| {rate:N0} | {Of(round => round.Result.Achieved):N0}{unanswered} | {seconds} "
            + $"| {At(50)} | {At(90)} | {At(99)} | {At(99.9)} | {At(99.99)} | {At(100)} | {Each(round => round.Server):0} | {Each(round => round.Self):0} "
            + $"| {Of(round => 100 * round.Server.Stolen / Environment.ProcessorCount / round.Result.Seconds.Length):0.0} "
            + $"| {Of(round => 100.0 * round.Refused / round.Result.Answered):0.0} |");
    }

    static LongHistogram Sum(LongHistogram[] seconds)
    {
        var sum = (LongHistogram)seconds[0].Copy();
        foreach (var second in seconds[1..]) sum.Add(second);
        return sum;
    }

    sealed record Round(OpenLoopResult Result, LongHistogram[] Still, Processor Server, Processor Self, long Refused);
}
