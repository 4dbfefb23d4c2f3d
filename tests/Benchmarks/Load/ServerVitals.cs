using System.Globalization;
using Trading.Benchmarks.Http;

namespace Trading.Benchmarks.Load;

/// <summary>What a program tells of its memory at its address of metrics.</summary>
sealed record ServerVitals(double Resident, double Heap, double FullCollections)
{
    const double Megabyte = 1024 * 1024;

    public static async Task<ServerVitals> OfAsync(ServerProcess server, HttpClient client, Uri metrics)
    {
        var lines = (await client.GetStringAsync(metrics)).Split('\n');
        return new(
            Processor.ResidentMegabytes(server.Id), Sum("dotnet_gc_last_collection_heap_size_bytes", "") / Megabyte,
            Sum("dotnet_gc_collections_total", "gen2"));

        double Sum(string name, string with) => lines
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(with, StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture));
    }
}
