using Npgsql;

namespace Trading.Journal;

/// <summary>What PostgreSQL's errors mean for a journal.</summary>
static class PostgresErrors
{
    const string DamageClass = "XX"; // data_corrupted, index_corrupted

    /// <summary>Runs a read. Damage in the database is told from a database that cannot be reached.</summary>
    /// <param name="sequence">The event that is about to be read.</param>
    public static async Task<T> GuardAsync<T>(string store, string stream, long sequence, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (PostgresException damage) when (damage.SqlState.StartsWith(DamageClass, StringComparison.Ordinal))
        {
            throw new JournalCorruptException(stream, sequence, $"the database is damaged here ({damage.MessageText})");
        }
        catch (NpgsqlException cause)
        {
            throw Unavailable(store, cause);
        }
    }

    public static JournalUnavailableException Unavailable(string store, NpgsqlException cause) =>
        new(store, cause is PostgresException { SqlState: PostgresErrorCodes.DiskFull }
            ? "the disk of the server is full: nothing is recorded until there is room there." : cause.Message, cause);

    /// <summary>Two processes that append to the same streams either collide on a key or wait for each other.</summary>
    public static bool IsKeyTaken(PostgresException cause) => cause.SqlState
        is PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
            or PostgresErrorCodes.SerializationFailure;
}
