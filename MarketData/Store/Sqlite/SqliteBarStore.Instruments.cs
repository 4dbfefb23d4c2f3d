using System.Collections.Immutable;

namespace Trading.MarketData;

sealed partial class SqliteBarStore
{
    public async Task<bool> AppendInstrumentAsync(
        string symbol, InstrumentVersion version, CancellationToken cancellation) => await WriteAsync(
        "INSERT OR IGNORE INTO instruments VALUES ($symbol, $version, $content)", cancellation,
        ("$symbol", symbol), ("$version", version.Version), ("$content", StoreEncoding.Of(version))) == 1;

    public async Task<ImmutableArray<InstrumentVersion>> InstrumentsAsync(
        string symbol, CancellationToken cancellation) => [.. await Read(
        "SELECT content FROM instruments WHERE symbol = $symbol ORDER BY version",
        rows => All(rows, row => StoreEncoding.Instrument(row.GetString(0))), ("$symbol", symbol))];

    public Task KeepSourceTermsAsync(string symbol, SourceTerms said, CancellationToken cancellation) => WriteAsync(
        "INSERT OR REPLACE INTO instruments VALUES ($symbol, 0, $content)", cancellation,
        ("$symbol", StoreEncoding.SourceRow(symbol)), ("$content", StoreEncoding.Of(said)));

    public async Task<SourceTerms?> SourceTermsAsync(string symbol, CancellationToken cancellation) => (await Read(
        "SELECT content FROM instruments WHERE symbol = $symbol AND version = 0",
        rows => All(rows, row => StoreEncoding.SourceTerms(row.GetString(0))),
        ("$symbol", StoreEncoding.SourceRow(symbol)))).SingleOrDefault();

    async Task<int> WriteAsync(
        string sql, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Guard(() =>
            {
                using var command = Command(_connection!, sql, parameters);
                return command.ExecuteNonQuery();
            });
        }
        finally
        {
            _turn.Release();
        }
    }
}
