namespace Trading.Testing;

/// <summary>Waits for what comes by itself, in real time. Where time must move on too, <see cref="TestSilo"/> moves it.</summary>
public static class Wait
{
    /// <summary>Long enough for a machine that is busy with something else, also for what gives way to everything there, as trainings
    /// do.</summary>
    static readonly TimeSpan Most = TimeSpan.FromMinutes(4);

    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(1);

    public static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var began = TimeProvider.System.GetTimestamp(); !await holds(); await Task.Delay(Pause, TimeProvider.System))
            if (TimeProvider.System.GetElapsedTime(began) > Most) throw new TimeoutException($"It did not hold within {Most}.");
    }

    public static Task UntilAsync(Func<bool> holds) => UntilAsync(() => Task.FromResult(holds()));
}
