namespace Trading.MarketData;

/// <summary>The store cannot be opened, read or written.</summary>
/// <param name="isConflict">Another writer was first, and the same may well succeed when it is tried again.</param>
public sealed class BarStoreException(string store, string reason, bool isConflict = false, Exception? inner = null)
    : Exception($"Bar store {store}: {reason}", inner)
{
    /// <summary>The file, or the server and database. Never a secret.</summary>
    public string Store { get; } = store;
    public string Reason { get; } = reason;
    public bool IsConflict { get; } = isConflict;
}
