using System.Collections.Immutable;

namespace Trading.MarketData;

sealed partial class SqliteBarStore
{
    public async Task<bool> AppendInstrumentAsync(
        string symbol, InstrumentVersion version, CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            return await Guard(() =>
            {
                using var command = Command(
                    _connection!, "INSERT OR IGNORE INTO instruments VALUES ($symbol, $version, $content)",
                    ("$symbol", symbol), ("$version", version.Version), ("$content", StoreEncoding.Of(version)));
                return command.ExecuteNonQuery() == 1;
            });
        }
        finally
        {
            _turn.Release();
        }
    }

    public async Task<ImmutableArray<InstrumentVersion>> InstrumentsAsync(
        string symbol, CancellationToken cancellation) => [.. await Read(
        "SELECT content FROM instruments WHERE symbol = $symbol ORDER BY version",
        rows => All(rows, row => StoreEncoding.Instrument(row.GetString(0))), ("$symbol", symbol))];
}
