using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Trading.Journal;

/// <summary>What SQLite's result codes mean for a journal.</summary>
static class SqliteErrors
{
    const int PrimaryCode = 0xff;

    /// <summary>Runs a read. Damage in the file is told from a file that cannot be reached.</summary>
    /// <param name="sequence">The event that is about to be read.</param>
    public static T Guard<T>(string path, string stream, long sequence, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException damage) when (damage.SqliteErrorCode == raw.SQLITE_CORRUPT)
        {
            throw new JournalCorruptException(stream, sequence, $"the file is damaged here ({damage.Message})");
        }
        catch (InvalidCastException damage)
        {
            throw new JournalCorruptException(stream, sequence, $"the row cannot be decoded ({damage.Message})");
        }
        catch (SqliteException cause)
        {
            throw Unavailable(path, cause);
        }
    }

    public static JournalUnavailableException Unavailable(string path, Exception cause) =>
        new(path, cause switch
        {
            SqliteException sqlite => Reason(sqlite.SqliteErrorCode, sqlite.Message),
            IOException or UnauthorizedAccessException => Reason(raw.SQLITE_READONLY, cause.Message),
            _ => cause.Message,
        }, cause);

    /// <summary>The exception for a failed step of a commit.</summary>
    public static Exception OfCommit(string path, int code, string message) => code switch
    {
        raw.SQLITE_CONSTRAINT_PRIMARYKEY or raw.SQLITE_CONSTRAINT_UNIQUE =>
            new JournalKeyTakenException(new SqliteException(message, code)),
        _ => new JournalUnavailableException(
            path, Reason(code & PrimaryCode, message), new SqliteException(message, code & PrimaryCode, code)),
    };

    public static string Reason(int code, string message) => code switch
    {
        raw.SQLITE_NOTADB => "it is not a SQLite database.",
        raw.SQLITE_CORRUPT => $"the file is damaged; restore it from a backup ({message}).",
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => "it is locked by another process.",
        raw.SQLITE_CANTOPEN => "the file cannot be opened.",
        raw.SQLITE_READONLY or raw.SQLITE_PERM => "the file or its folder cannot be written.",
        raw.SQLITE_FULL => "the disk is full: nothing is recorded until there is room.",
        _ => message,
    };
}
