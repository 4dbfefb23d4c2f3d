using System.Runtime.InteropServices;

namespace Trading;

/// <summary>Long calculations on a thread of their own, to which the system gives a processor after those that answer
/// somebody: a decision does not wait for a model or a backtest.</summary>
public static class BackgroundThread
{
    /// <summary>Of the scale of Linux from -20 to 19; a thread of 0 beside it gets nine parts of ten of a processor.
    /// Threads that this one starts have it too.</summary>
    const int Nice = 10;

    const int OfProcess = 0, Itself = 0;

    public static Task<T> RunAsync<T>(Func<T> work, CancellationToken cancellation)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(Run) { IsBackground = true, Name = "background calculation", Priority = ThreadPriority.BelowNormal }.Start();
        return done.Task;

        void Run()
        {
            if (OperatingSystem.IsLinux()) _ = SetPriority(OfProcess, Itself, Nice); // .NET sets no priorities there
            try
            {
                cancellation.ThrowIfCancellationRequested();
                done.SetResult(work());
            }
            catch (OperationCanceledException cancelled) when (cancellation.IsCancellationRequested)
            {
                done.SetCanceled(cancelled.CancellationToken);
            }
            catch (Exception failure) // its caller's to judge
            {
                done.SetException(failure);
            }
        }
    }

    /// <summary>Of the calling thread alone, as Linux takes it. What it returns is of no consequence: the work is done
    /// at whatever priority.</summary>
    [DllImport("libc", EntryPoint = "setpriority")]
    static extern int SetPriority(int which, int who, int priority);
}
