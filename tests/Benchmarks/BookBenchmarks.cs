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

/// <summary>Mixed operations of 64 callers, through the grains and with the journal on: on one hot book, and on a thousand books.
/// A decision counts when it is durable. Afterwards every book is held to its limits and to its cash.</summary>
public static class BookBenchmarks
{
    const int Callers = 64;
    const int Operations = 10_000;
    const int Rounds = 3;
    const double MostGross = 0.5;
    static readonly string[] Symbols = ["AA", "AXP", "T", "BA", "CAT", "C", "KO", "DD", "EK", "XOM", "GE", "GM", "HD", "INTC", "IBM", "MRK"];

    public static async Task RunAsync(TextWriter output)
    {
        await output.WriteLineAsync("| store | books | operations | decisions a second | p50 ms | p99 ms |");
        await output.WriteLineAsync("| --- | ---: | ---: | ---: | ---: | ---: |");
        using (var folder = new TemporaryFolder())
            await MeasureAsync(output, "SQLite", services => services.AddSqliteJournal(Path.Combine(folder.Path, "books.db")));
        if (PostgresServer.Programs is null) return;
        using var server = new PostgresServer();
        await MeasureAsync(output, "PostgreSQL", services => services.AddPostgresJournal(server.CreateDatabase()));
    }

    static async Task MeasureAsync(TextWriter output, string store, Action<IServiceCollection> journal)
    {
        await using var silo = await TestSilo.StartAsync(services =>
        {
            services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
            {
                ["market_data:prices"] = Path.Combine(RepositoryFiles.Sample, "closes.csv"),
                ["market_data:sectors"] = Path.Combine(RepositoryFiles.Sample, "sectors.csv"),
                ["market_data:replay_interval"] = "3600",
                ["market_data:chain:order:equity:0"] = "replay",
            }).Build());
            services.AddInMemoryBarStore().AddMarketData().AddBarIntake().AddPortfolios().AddRisk();
            journal(services);
        });
        foreach (var books in (int[])[1, 1_000])
        {
            List<(double Rate, double[] Latencies)> rounds = [];
            for (var round = 0; round <= Rounds; round++)
            {
                var run = await RunAsync(silo.Grains, [.. Enumerable.Range(0, books).Select(book => $"b{books}-{round}-{book}")], seed: round);
                if (round > 0) rounds.Add(run); // the first one warms up
            }

            var (rate, latencies) = rounds.OrderBy(run => run.Rate).ElementAt(Rounds / 2);
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
                $"| {store} | {books:N0} | {Operations:N0} | {rate:N0} | {latencies[latencies.Length / 2]:0.00} | {latencies[latencies.Length * 99 / 100]:0.00} |"));
        }
    }

    static async Task<(double Rate, double[] Latencies)> RunAsync(IGrainFactory grains, string[] books, int seed)
    {
        await Parallel.ForEachAsync(books, new ParallelOptions { MaxDegreeOfParallelism = Callers }, async (book, _) => await OpenAsync(grains, book));
        var started = Stopwatch.GetTimestamp();
        var callers = await Task.WhenAll(Enumerable.Range(0, Callers).Select(caller =>
            Task.Run(() => CallAsync(grains, books, new Random(seed * Callers + caller), Operations / Callers))));
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        foreach (var book in books) await HoldAsync(grains, book);
        var latencies = callers.SelectMany(latency => latency).Order().ToArray();
        return (latencies.Length / elapsed, latencies);
    }

    static async Task OpenAsync(IGrainFactory grains, string book)
    {
        await grains.GetGrain<IPortfolioGrain>(book).CreateAsync(new PortfolioTerms("USD", 1_000_000m, AllowShort: false));
        var limits = RiskLimits.Default with { MaxGrossExposure = MostGross, MaxPriceAgeSeconds = null };
        await grains.GetGrain<IRiskLimitGrain>(book).UpdateLimitsAsync(new LimitsChange(limits, "benchmark", "the limits of this run", null));
    }

    /// <summary>Asks, and fills or releases every third approval.</summary>
    /// <returns>The milliseconds of each decision.</returns>
    static async Task<List<double>> CallAsync(IGrainFactory grains, string[] books, Random random, int operations)
    {
        List<double> latencies = [];
        for (var done = 0; done < operations; done++)
        {
            var name = books[random.Next(books.Length)];
            var order = new Order(Symbols[random.Next(Symbols.Length)], random.Next(4) == 0 ? Side.Sell : Side.Buy, random.Next(1, 200), null, 0.8, null);
            var sent = Stopwatch.GetTimestamp();
            var decision = (await grains.GetGrain<IRiskLimitGrain>(name).ValidateAsync(order)).Value!.Read();
            latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
            if (!decision.Approved || random.Next(3) > 0) continue;
            done++;
            var book = grains.GetGrain<IPortfolioGrain>(name);
            if (random.Next(2) == 0) await book.ReleaseAsync(decision.DecisionId, "cancelled");
            else
                await book.FillAsync(new Fill(
                    decision.DecisionId, null, decision.DecisionId, order.Symbol, order.Action, order.Quantity, decision.ReferencePrice!.Value, 0, External: false));
        }

        return latencies;
    }

    static async Task HoldAsync(IGrainFactory grains, string name)
    {
        var book = (await grains.GetGrain<IPortfolioGrain>(name).GetSnapshotAsync()).Value!;
        var open = book.Reservations.Where(one => one.Action == Side.Buy).Sum(one => one.Remaining * one.ReferencePrice);
        var gross = book.Positions.Sum(position => Math.Abs(position.MarketValue!.Value)) + open;
        if (gross > (decimal)MostGross * book.Equity) throw new InvalidOperationException($"{name}: {gross} is over the limit.");
        if (book.Equity != book.Deposits + book.RealisedPnl + book.UnrealisedPnl - book.Fees) throw new InvalidOperationException($"{name}: the cash is wrong.");
    }
}
