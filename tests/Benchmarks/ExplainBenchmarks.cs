using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Trading.Journal;
using Trading.MarketData;
using Trading.Portfolios;
using Trading.Risk;
using Trading.Testing;

namespace Trading.Benchmarks;

/// <summary>What it takes to explain a decision of a short, a long and a very long book, and what that does to live decisions; and how many
/// bytes a decision takes in the store, in the present form and as the JSON of its answer.</summary>
public static class ExplainBenchmarks
{
    const int Explanations = 200, BatchSize = 1_000, AtOnce = 8, LiveDecisions = 2_000, Recorded = 20_000;
    const string Book = "long";
    static readonly int[] Lengths = [10_000, 100_000, 1_000_000];
    static readonly string[] Symbols = ["AA", "AXP", "T", "BA", "CAT", "C", "KO", "DD", "EK", "XOM"];

    public static async Task RunAsync(TextWriter output)
    {
        using var folder = new TemporaryFolder();
        await MeasureBytesAsync(output, folder.Path);
        await output.WriteLineAsync();
        await output.WriteLineAsync(
            "| events | one explanation, p50 ms | p99 ms | a made-up id, p50 ms | eight at once, ms | live decisions, p50 / p99 ms | the same while eight explain |");
        await output.WriteLineAsync("| ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        await using var silo = await StartAsync(Path.Combine(folder.Path, "long.db"));
        var book = silo.Grains.GetGrain<IPortfolioGrain>(Book);
        await book.CreateAsync(new PortfolioTerms("USD", 100_000_000m, AllowShort: true));
        var decisions = new List<string>();
        var events = 0L;
        foreach (var length in Lengths)
        {
            for (var batch = 0; events < length; batch++) events = await FillAsync(book, decisions, batch);
            await MeasureAsync(output, book, decisions, events);
        }
    }

    static async Task MeasureAsync(TextWriter output, IPortfolioGrain book, List<string> decisions, long events)
    {
        var random = new Random(1);
        string Any() => decisions[random.Next(decisions.Count)];
        for (var i = 0; i < 20; i++) await ExplainAsync(book, Any());
        var alone = await TimesAsync(Explanations, () => ExplainAsync(book, Any()));
        var unknown = await TimesAsync(Explanations, async () =>
        {
            if ((await book.ReplayAsync($"{Book}:{events + 1_000_000}")).IsDone) throw new InvalidOperationException("There is no such decision.");
        });
        var together = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, AtOnce).Select(_ => ExplainAsync(book, Any())));
        var eight = Stopwatch.GetElapsedTime(together).TotalMilliseconds;
        var quiet = await TimesAsync(LiveDecisions, () => DecideAsync(book, random));
        using var stop = new CancellationTokenSource();
        var explaining = Enumerable.Range(0, AtOnce).Select(caller => Task.Run(async () =>
        {
            var own = new Random(caller);
            while (!stop.IsCancellationRequested) await ExplainAsync(book, decisions[own.Next(decisions.Count)]);
        })).ToArray();
        var busy = await TimesAsync(LiveDecisions, () => DecideAsync(book, random));
        await stop.CancelAsync();
        await Task.WhenAll(explaining);
        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"| {events:N0} | {At(alone, 0.5):0.0} | {At(alone, 0.99):0.0} | {At(unknown, 0.5):0.00} | {eight:0} | {At(quiet, 0.5):0.00} / {At(quiet, 0.99):0.00} | {At(busy, 0.5):0.00} / {At(busy, 0.99):0.00} |"));
    }

    /// <summary>A batch of decisions, of which every approval is filled.</summary>
    /// <returns>Where the journal stands.</returns>
    static async Task<long> FillAsync(IPortfolioGrain book, List<string> decisions, int batch)
    {
        var random = new Random(batch);
        Order[] orders = [.. Enumerable.Range(0, BatchSize).Select(_ => new Order(
            Symbols[random.Next(Symbols.Length)], random.Next(2) == 0 ? Side.Buy : Side.Sell,
            random.Next(5) == 0 ? 1_000_000 : random.Next(1, 200), null, 0.8, null))];
        var decided = (await book.ReserveManyAsync([.. orders], Limits)).Value.Select(one => one.Read()).ToArray();
        decisions.AddRange(decided.Select(decision => decision.DecisionId));
        await Task.WhenAll(decided.Where(decision => decision.Approved).Select(decision => book.FillAsync(new Fill(
            decision.DecisionId, null, decision.DecisionId, decision.Symbol, decision.Action, decision.Quantity,
            decision.ReferencePrice!.Value, 0, External: false))));
        return (await book.GetSnapshotAsync()).Value!.Sequence;
    }

    static async Task ExplainAsync(IPortfolioGrain book, string decision)
    {
        var replay = await book.ReplayAsync(decision);
        if (replay.Value?.Identical != true) throw new InvalidOperationException($"{decision} does not come out as it was.");
    }

    static async Task DecideAsync(IPortfolioGrain book, Random random) => await book.ReserveAsync(
        new Order(Symbols[random.Next(Symbols.Length)], random.Next(2) == 0 ? Side.Buy : Side.Sell, random.Next(1, 20), null, 0.8, null), Limits);

    static readonly LimitsVersion Limits = new(
        1, RiskLimits.Default with { MaxPriceAgeSeconds = null, Breakers = null, ReservationSeconds = 2 }, "benchmark", DateTimeOffset.UnixEpoch, "benchmark");

    static async Task<List<double>> TimesAsync(int count, Func<Task> call)
    {
        List<double> times = [];
        for (var i = 0; i < count; i++)
        {
            var started = Stopwatch.GetTimestamp();
            await call();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        times.Sort();
        return times;
    }

    static double At(List<double> sorted, double quantile) => sorted[(int)((sorted.Count - 1) * quantile)];

    /// <summary>The same decisions twice: in the form of the journal, and as the JSON of their answers, as they were recorded before.</summary>
    static async Task MeasureBytesAsync(TextWriter output, string folder)
    {
        await output.WriteLineAsync("| 20,000 decisions in SQLite, with a client order id each | form | payload, bytes | store, bytes a decision | encoded and stored, a second |");
        await output.WriteLineAsync("| --- | --- | ---: | ---: | ---: |");
        foreach (var (name, quantity) in ((string, decimal)[])[("approved", 0.01m), ("refused", 10_000_000m)])
        {
            var decisions = Decisions(quantity);
            foreach (var compact in (bool[])[false, true])
            {
                var file = Path.Combine(folder, $"{quantity}-{compact}.db");
                var (payload, rate) = await StoreAsync(file, decisions, compact);
                await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                    $"| {name} | {(compact ? "compact" : "JSON, as before")} | {payload:N0} | {new FileInfo(file).Length / (double)Recorded:N0} | {rate:N0} |"));
            }
        }
    }

    static async Task<(double Payload, double Rate)> StoreAsync(string file, List<SignalDecided> decisions, bool compact)
    {
        await using var journal = EventJournal.Sqlite(file, TimeProvider.System);
        var writer = await journal.OpenAsync("portfolio/default", CancellationToken.None);
        var bytes = 0L;
        var started = Stopwatch.GetTimestamp();
        foreach (var some in decisions.Chunk(BatchSize))
        {
            var entries = new JournalEntry[some.Length];
            for (var i = 0; i < some.Length; i++)
            {
                var answer = RecordedDecision.Of(some[i].Decision).Json; // made for the caller in either form
                entries[i] = compact ? BookJson.Encode(some[i]) : new JournalEntry("decided", answer, some[i].Key);
                bytes += entries[i].Payload.Length;
            }

            await writer.AppendAsync(entries, CancellationToken.None);
        }

        return (bytes / (double)decisions.Count, decisions.Count / Stopwatch.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>Orders of varied symbols and sizes on a book of thirty positions.</summary>
    static List<SignalDecided> Decisions(decimal quantity)
    {
        var bench = new ValuationBenchmarks { Positions = 30 };
        bench.Fill();
        return [.. Enumerable.Range(0, Recorded).Select(i => bench.Decide(i, quantity))];
    }

    static Task<TestSilo> StartAsync(string file) => TestSilo.StartAsync(services =>
    {
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["market_data:prices"] = Path.Combine(RepositoryFiles.Sample, "closes.csv"),
            ["market_data:sectors"] = Path.Combine(RepositoryFiles.Sample, "sectors.csv"),
            ["market_data:replay_interval"] = "3600",
            ["market_data:chain:order:equity:0"] = "replay",
        }).Build());
        services.AddInMemoryBarStore().AddMarketData().AddBarIntake().AddPortfolios().AddRisk();
        services.AddSqliteJournal(file);
    });
}
