namespace Trading.MarketData;

/// <summary>Appends that come at once, as those of all symbols do when a session begins, are one transaction: it costs
/// one sync to disk, and keeps others who write the file waiting once.</summary>
sealed partial class SqliteBarStore
{
    public async Task<IReadOnlyDictionary<SeriesKey, long>> AppendManyAsync(
        IEnumerable<SeriesAppend> appends, CancellationToken cancellation)
    {
        var writer = _writer ?? throw new BarStoreException(_path, "it is not open.");
        var mine = new Append([.. appends]);
        lock (_waiting) _waiting.Add(mine);
        try
        {
            await _turn.WaitAsync(cancellation);
        }
        catch
        {
            lock (_waiting) _waiting.Remove(mine); // unless somebody writes it just now
            throw;
        }

        try
        {
            if (TakeWaiting() is { Length: > 0 } all) await Task.Run(() => Write(writer, all), CancellationToken.None);
        }
        finally
        {
            _turn.Release();
        }

        return await mine.Task; // whoever had the turn has written it
    }

    Append[] TakeWaiting()
    {
        lock (_waiting)
        {
            Append[] all = [.. _waiting];
            _waiting.Clear();
            return all;
        }
    }

    /// <summary>All of them, or where one fails each by itself.</summary>
    static void Write(SqliteBarWriter writer, Append[] all)
    {
        try
        {
            writer.Begin();
            foreach (var append in all) append.Revisions = Add(writer, append.Series);
            writer.Commit();
        }
        catch (Exception failure) // its callers' to judge
        {
            Undo(writer);
            if (all is [var one]) one.SetException(failure);
            else foreach (var each in all) Write(writer, [each]);
            return;
        }

        foreach (var append in all) append.SetResult(append.Revisions);
    }

    static Dictionary<SeriesKey, long> Add(SqliteBarWriter writer, SeriesAppend[] series)
    {
        Dictionary<SeriesKey, long> revisions = [];
        foreach (var (key, records) in series)
            if (records.Count > 0) revisions[key] = writer.Append(key, records);
        return revisions;
    }

    static void Undo(SqliteBarWriter writer)
    {
        try
        {
            writer.Rollback();
        }
        catch (BarStoreException)
        {
            // The failure before it is the one that tells.
        }
    }

    sealed class Append(SeriesAppend[] series)
        : TaskCompletionSource<IReadOnlyDictionary<SeriesKey, long>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public SeriesAppend[] Series => series;

        public Dictionary<SeriesKey, long> Revisions { get; set; } = [];
    }
}
