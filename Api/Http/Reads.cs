namespace Trading.Api;

/// <summary>Asks a grain again when it fails while reading: its activation may just have ended, and the next one answers.
/// Never used for what has an effect.</summary>
internal static class Reads
{
    public const int MaxAttempts = 3;

    public static async Task<T> AskAsync<T>(Func<Task<T>> ask)
    {
        for (var attempt = 1; ; attempt++)
            try
            {
                return await ask();
            }
            catch (Exception error) when (attempt < MaxAttempts && error is not (OperationCanceledException or TimeoutException))
            {
                // The next attempt reaches a new activation; the last one's exception goes to the caller.
            }
    }
}
