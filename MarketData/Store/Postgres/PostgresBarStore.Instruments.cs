using System.Collections.Immutable;
using Npgsql;

namespace Trading.MarketData;

sealed partial class PostgresBarStore
{
    public Task<bool> AppendInstrumentAsync(
        string symbol, InstrumentVersion version, CancellationToken cancellation) => GuardAsync(async () =>
    {
        await using var command = Command(
            "INSERT INTO instruments VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", Text(symbol),
            new NpgsqlParameter<long> { TypedValue = version.Version }, Text(StoreEncoding.Of(version)));
        return await command.ExecuteNonQueryAsync(cancellation) == 1;
    });

    public async Task<ImmutableArray<InstrumentVersion>> InstrumentsAsync(
        string symbol, CancellationToken cancellation) => [.. await ReadAsync(
        "SELECT content FROM instruments WHERE symbol = $1 ORDER BY version",
        rows => StoreEncoding.Instrument(rows.GetString(0)), cancellation, Text(symbol))];
}
