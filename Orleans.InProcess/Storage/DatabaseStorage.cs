using System.Globalization;
using Orleans.Runtime;

namespace Orleans.Storage;

/// <summary>
/// State as JSON in the table grain_state. A write names the version that it follows and changes no row where there is another.
/// A cleared row stays without its payload, so that a writer from before meets a newer version.
/// </summary>
sealed class DatabaseStorage(Database database) : IGrainStorage, ISiloPart, IDisposable
{
    const string Tables = """
        CREATE TABLE IF NOT EXISTS grain_state (
            grain_type text NOT NULL,
            grain_key text NOT NULL,
            state_name text NOT NULL,
            version bigint NOT NULL,
            payload bytea,
            PRIMARY KEY (grain_type, grain_key, state_name))
        """;

    const string Key = "grain_type = @type AND grain_key = @key AND state_name = @name";

    const string Insert = """
        INSERT INTO grain_state (grain_type, grain_key, state_name, version, payload) VALUES (@type, @key, @name, 1, @payload)
        ON CONFLICT (grain_type, grain_key, state_name) DO NOTHING
        RETURNING version
        """;

    const string Update = $"UPDATE grain_state SET version = version + 1, payload = @payload WHERE {Key} AND version = @version RETURNING version";
    const string Clear = $"UPDATE grain_state SET version = version + 1, payload = NULL WHERE {Key} AND version = @version RETURNING version";
    const string Select = $"SELECT version, payload FROM grain_state WHERE {Key}";

    public Task StartAsync(Silo silo, CancellationToken cancellation) => database.CreateAsync(Tables, cancellation);

    public Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ReadStateAsync(stateName, grainId, grainState, default);

    public Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        WriteStateAsync(stateName, grainId, grainState, default);

    public Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState) =>
        ClearStateAsync(stateName, grainId, grainState, default);

    public async Task ReadStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var rows = await database.QueryAsync(
            Select, static row => (Version: row.GetInt64(0), Payload: row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1)), cancellationToken,
            [.. KeyOf(stateName, grainId)]);
        var (version, payload) = rows.SingleOrDefault();
        grainState.ETag = rows.Count == 0 ? null : version.ToString(CultureInfo.InvariantCulture);
        grainState.RecordExists = payload is not null;
        grainState.State = payload is null ? default : StateJson.Deserialize<T>(payload);
    }

    public async Task WriteStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        var payload = ("payload", (object?)StateJson.Serialize(grainState.State));
        var rows = grainState.ETag is null
            ? await ChangeAsync(Insert, stateName, grainId, cancellationToken, payload)
            : await ChangeAsync(Update, stateName, grainId, cancellationToken, payload, ("version", Etags.Version(grainState.ETag)));
        Accept(rows, stateName, grainId, grainState);
        grainState.RecordExists = true;
    }

    public async Task ClearStateAsync<T>(string stateName, GrainId grainId, IGrainState<T> grainState, CancellationToken cancellationToken)
    {
        if (grainState.ETag is not null)
        {
            var rows = await ChangeAsync(Clear, stateName, grainId, cancellationToken, ("version", Etags.Version(grainState.ETag)));
            Accept(rows, stateName, grainId, grainState);
        }

        (grainState.State, grainState.RecordExists) = (default, false);
    }

    public void Dispose() => database.Dispose();

    Task<List<long>> ChangeAsync(
        string sql, string stateName, GrainId grainId, CancellationToken cancellation, params (string, object?)[] parameters) =>
        database.QueryAsync(sql, static row => row.GetInt64(0), cancellation, [.. KeyOf(stateName, grainId), .. parameters]);

    static void Accept<T>(List<long> rows, string stateName, GrainId grainId, IGrainState<T> grainState)
    {
        if (rows.Count == 0) throw Etags.Stale(stateName, grainId, null, grainState.ETag);
        grainState.ETag = rows[0].ToString(CultureInfo.InvariantCulture);
    }

    static (string, object?)[] KeyOf(string stateName, GrainId grainId) =>
        [("type", grainId.Type.ToString()), ("key", grainId.Key.ToString()), ("name", stateName)];
}
