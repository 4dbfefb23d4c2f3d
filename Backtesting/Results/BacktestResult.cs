using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Trading.Backtests;

/// <summary>Where the profit of a run came from: <c>Net = Paper - Costs + Carry</c>, to the last digit.</summary>
/// <param name="Paper">Every decision filled at once at its price, for nothing.</param>
/// <param name="Net">The last equity less the first cash.</param>
public sealed record ProfitStatement(decimal Paper, CostBreakdown Costs, CarryBreakdown Carry, decimal Net);

/// <summary>One strategy's part of a run.</summary>
public sealed record StrategyOutcome(string Name, decimal Cash, decimal Equity, ProfitStatement Profit);

/// <summary>A whole run.</summary>
/// <param name="Hash">SHA-256 of days, fills and ends of orders: the same on every machine for the same test and data.</param>
/// <param name="Bars">Bars that the run went over.</param>
/// <param name="Refused">Orders that were not let into the market, by reason.</param>
public sealed record BacktestResult(
    BacktestSpec Spec, PerformanceSummary Performance, ProfitStatement Profit, string Hash, long Bars, long OrderCount,
    long FillCount, ImmutableArray<StrategyOutcome> Strategies, ImmutableSortedDictionary<string, long> Refused)
{
    public ImmutableArray<DailyEquity> Daily { get; init; } = [];

    /// <summary>The benchmark at the end of each day, starting with the run's cash.</summary>
    public ImmutableArray<double> Benchmark { get; init; } = [];

    public ImmutableArray<OrderRecord> Orders { get; init; } = [];

    public ImmutableArray<Fill> Fills { get; init; } = [];

    public ImmutableArray<RoundTrip> Trades { get; init; } = [];

    public ImmutableArray<Refusal> Refusals { get; init; } = [];
}

/// <summary>Brings a run down to one number.</summary>
sealed class ResultHash : IDisposable
{
    readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly byte[] _bytes = new byte[sizeof(long)];

    public static string Of(Recording recording)
    {
        using var hash = new ResultHash();
        foreach (var day in recording.Daily)
        {
            hash.Add(day.Date.DayNumber);
            hash.Add(day.Equity);
            hash.Add(day.Cash);
        }

        foreach (var fill in recording.Fills)
        {
            hash.Add(fill.Order);
            hash.Add(fill.Time.UtcTicks);
            hash.Add(fill.Quantity);
            hash.Add(fill.Price);
            hash.Add(fill.Costs.Total);
        }

        foreach (var order in recording.Orders)
        {
            hash.Add(order.Id);
            hash.Add((int)order.End);
            hash.Add(order.Costs.Total);
        }

        return Convert.ToHexStringLower(hash._hash.GetHashAndReset());
    }

    void Add(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(_bytes, value);
        _hash.AppendData(_bytes);
    }

    void Add(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        foreach (var part in bits) Add(part);
    }

    public void Dispose() => _hash.Dispose();
}
