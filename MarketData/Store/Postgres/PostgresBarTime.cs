namespace Trading.MarketData;

/// <summary>A timestamptz as the server keeps it: microseconds since 2000 UTC.</summary>
static class PostgresBarTime
{
    const long Epoch = 946_684_800_000_000; // 2000-01-01 in microseconds since 1970

    public static long Of(DateTimeOffset time) => StoreEncoding.Of(time) - Epoch;

    /// <summary>Microseconds since 1970; infinity passes through as a number.</summary>
    public static long Microseconds(long raw) => unchecked(raw + Epoch);
}
