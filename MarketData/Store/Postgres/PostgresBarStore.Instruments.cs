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

    public Task KeepSourceTermsAsync(string symbol, SourceTerms said, CancellationToken cancellation) =>
        GuardAsync(async () =>
        {
            await using var command = Command("""
                INSERT INTO instruments VALUES ($1, 0, $2)
                ON CONFLICT (symbol, version) DO UPDATE SET content = excluded.content
                """, Text(StoreEncoding.SourceRow(symbol)), Text(StoreEncoding.Of(said)));
            return await command.ExecuteNonQueryAsync(cancellation);
        });

    public async Task<SourceTerms?> SourceTermsAsync(string symbol, CancellationToken cancellation) => (await ReadAsync(
        "SELECT content FROM instruments WHERE symbol = $1 AND version = 0",
        rows => StoreEncoding.SourceTerms(rows.GetString(0)), cancellation,
        Text(StoreEncoding.SourceRow(symbol)))).SingleOrDefault();
}
