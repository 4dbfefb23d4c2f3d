using System.Diagnostics.Tracing;
using System.Globalization;
using System.Runtime;
using Trading.Benchmarks.Http;
using Trading.Hosting;
using Trading.Testing;

namespace Trading.Benchmarks.Load;

/// <summary>What a decision leaves for the collection of memory: bytes allocated by type, bytes that survive, and what collections cost,
/// with the program in this process. The generator is in it too and allocates next to nothing.</summary>
/// <remarks><c>DOTNET_GCgen0size=0x800000 … -- garbage [decisions | fills] [rate] [seconds]</c>.</remarks>
static class GarbageBenchmarks
{
    const int TypesShown = 40;

    public static async Task RunAsync(TextWriter output, string[] arguments)
    {
        var numbers = arguments.Where(text => char.IsDigit(text[0])).Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        var (rate, seconds) = (numbers is [var first, ..] ? first : 5_000, numbers is [_, var second, ..] ? second : 20);
        var folder = Directory.CreateTempSubdirectory("trading-garbage-").FullName;
        await using var app = TradingHost.Build(ServerProcess.SiloSettings(folder, port: 0), ProcessRole.Silo, isGuarded: true);
        await app.StartAsync();
        LoadGenerator.Authorization = $"Authorization: {DevelopmentAuth.Read(Path.Combine(folder, "development.auth"))}\r\n";
        var port = new Uri(app.Urls.First()).Port;
        var mix = arguments.Contains("fills") ? (Mix)new FillsAndReleases() : new Decisions();
        new OpenLoop(port, mix).Run(rate, TimeSpan.FromSeconds(10));

        using var listener = new AllocationListener();
        var (bytes, pauses) = (GC.GetTotalAllocatedBytes(), GC.GetTotalPauseDuration());
        var collections = Enumerable.Range(0, 3).Select(GC.CollectionCount).ToArray();
        var result = await Task.Run(() => new OpenLoop(port, mix).Run(rate, TimeSpan.FromSeconds(seconds)));
        bytes = GC.GetTotalAllocatedBytes() - bytes;
        var counts = Enumerable.Range(0, 3).Select(n => GC.CollectionCount(n) - collections[n]).ToArray();

        await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture,
            $"""

            {mix.Name}, {result.Achieved:N0} a second, concurrent collection {(GCSettings.LatencyMode == GCLatencyMode.Interactive ? "on" : "off")}:
            {(double)bytes / result.Answered:N0} bytes allocated for each request, {(double)listener.Promoted / result.Answered:N0} of them survive the youngest generation;
            {counts[0] - counts[1]} collections of generation 0, {counts[1] - counts[2]} of 1, {counts[2]} of 2; {(GC.GetTotalPauseDuration() - pauses).TotalMilliseconds / Math.Max(1, counts[0]):0.0} ms each

            | type | bytes a request |
            | --- | ---: |
            """));
        foreach (var (type, share) in listener.Shares().Take(TypesShown))
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"| `{type}` | {share * bytes / result.Answered:N0} |"));
        await app.StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>A sample of what is allocated: the runtime tells the type at every 100 kB.</summary>
    sealed class AllocationListener : EventListener
    {
        const EventKeywords Collection = (EventKeywords)1;
        readonly Dictionary<string, long> _bytes = [];

        /// <summary>Bytes that survived generation 0, over all collections.</summary>
        public long Promoted { get; private set; }

        public IEnumerable<(string Type, double Share)> Shares()
        {
            lock (_bytes)
            {
                var all = (double)_bytes.Values.Sum();
                return [.. _bytes.OrderByDescending(one => one.Value).Select(one => (one.Key, one.Value / all))];
            }
        }

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name == "Microsoft-Windows-DotNETRuntime") EnableEvents(eventSource, EventLevel.Verbose, Collection);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            var name = eventData.EventName ?? "";
            if (name.StartsWith("GCAllocationTick", StringComparison.Ordinal))
                lock (_bytes)
                {
                    var type = (string)Of("TypeName");
                    _bytes[type] = _bytes.GetValueOrDefault(type) + (long)(ulong)Of("AllocationAmount64");
                }
            else if (name.StartsWith("GCHeapStats", StringComparison.Ordinal))
                Promoted += (long)(ulong)Of("TotalPromotedSize0");

            object Of(string field) => eventData.Payload![eventData.PayloadNames!.IndexOf(field)]!;
        }
    }
}
