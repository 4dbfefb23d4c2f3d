using System.Globalization;

namespace Trading.Backtests.Tests;

public sealed class BackgroundThreadTests
{
    [Fact]
    public async Task Work_AndTheThreadsItStarts_HaveALowerPriority_ThanThoseThatAnswer()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux tells the priority of a thread.");
        var (work, started) = await BackgroundThread.RunAsync(
            () =>
            {
                var other = 0;
                var thread = new Thread(() => other = Nice());
                thread.Start();
                thread.Join();
                return (Nice(), other);
            },
            TestContext.Current.CancellationToken);

        (work - Nice(), started - Nice()).ShouldBe((10, 10));
    }

    [Fact]
    public async Task Failure_AndCancellation_AreTheCallers()
    {
        await Should.ThrowAsync<InvalidDataException>(
            () => BackgroundThread.RunAsync<int>(() => throw new InvalidDataException(), TestContext.Current.CancellationToken));
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => BackgroundThread.RunAsync(() => 1, cancelled.Token));
    }

    /// <summary>Of the calling thread.</summary>
    internal static int Nice()
    {
        var line = File.ReadAllText("/proc/thread-self/stat");
        return int.Parse(line[(line.LastIndexOf(')') + 2)..].Split(' ')[16], CultureInfo.InvariantCulture);
    }
}
