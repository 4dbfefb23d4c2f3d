using SQLitePCL;

namespace Trading.MarketData;

/// <summary>What SQLite's result codes mean for a store of bars.</summary>
static class SqliteBarErrors
{
    public static string Reason(int code, string message) => code switch
    {
        raw.SQLITE_NOTADB => "it is not a SQLite database.",
        raw.SQLITE_CORRUPT => $"the file is damaged; restore it from a backup ({message}).",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "it is locked by another process.",
        raw.SQLITE_CANTOPEN => "the file cannot be opened.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => "the file or its folder cannot be written.",
        raw.SQLITE_FULL => "the disk is full.",
        _ => message,
    };
}
