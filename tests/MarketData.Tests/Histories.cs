using System.Collections.Frozen;
using System.Text;
using Trading.Testing;

namespace Trading.MarketData.Tests;

/// <summary>Price files and histories for tests.</summary>
static class Histories
{
    public static readonly DateOnly Today = new(2026, 1, 5);
    public static readonly FrozenDictionary<string, string> NoSectors = FrozenDictionary<string, string>.Empty;

    static readonly Lazy<PriceHistory> LazySample = new(() =>
        PriceHistory.Load(Path.Combine(RepositoryFiles.Sample, "closes.csv"), Path.Combine(RepositoryFiles.Sample, "sectors.csv"), Today));

    public static PriceHistory Sample => LazySample.Value;

    public static PriceHistory Parse(string prices) => Parse(Encoding.UTF8.GetBytes(prices));

    public static PriceHistory Parse(byte[] prices) => PriceFile.Parse(prices, "prices.csv", NoSectors, Today);

    /// <summary>A history of the symbols A and B over the first days of 2020; A closes at 1, 2, 3 … and B at 101, 102, 103 …</summary>
    public static PriceHistory Counting(int sessions) => new(
        [.. Days(sessions)],
        [
            new("A", "Tests", [.. Enumerable.Range(1, sessions).Select(day => (decimal)day)]),
            new("B", null, [.. Enumerable.Range(101, sessions).Select(day => (decimal)day)]),
        ]);

    public static IEnumerable<DateOnly> Days(int count) => Enumerable.Range(0, count).Select(day => new DateOnly(2020, 1, 1).AddDays(day));
}
