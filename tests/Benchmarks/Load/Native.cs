using System.Runtime.InteropServices;

namespace Trading.Benchmarks.Load;

/// <summary>What a load generator on one thread needs of Linux: waiting for sockets to a part of a millisecond, and to be
/// scheduled before everything else. The framework's own waits end on whole milliseconds.</summary>
static partial class Native
{
    public const uint Readable = 1;
    public const int Add = 1;
    public const int DontWait = 0x40, NoSignal = 0x4000;
    const int Fifo = 1;

    /// <summary>The kernel's layout on x86-64, where the structure is packed; on other processors it is not.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 1)]
    public struct PackedEvent
    {
        public uint Events;
        public ulong Data;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int CreatePoll(int flags);

    [LibraryImport("libc", EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int ControlPoll(int poll, int operation, int descriptor, ref PackedEvent of);

    [LibraryImport("libc", EntryPoint = "epoll_pwait2", SetLastError = true)]
    public static unsafe partial int WaitPoll(int poll, PackedEvent* events, int most, ref TimeSpec atMost, nint signals);

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    public static unsafe partial nint Send(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "recv", SetLastError = true)]
    public static unsafe partial nint Receive(int socket, byte* buffer, nint length, int flags);

    [LibraryImport("libc", EntryPoint = "nanosleep")]
    public static partial int Sleep(ref TimeSpec duration, nint remaining);

    [LibraryImport("libc", EntryPoint = "sched_setscheduler")]
    private static partial int SetScheduler(int thread, int policy, ref int priority);

    /// <summary>Gives the calling thread a real-time priority, so that only the machine itself can delay it.</summary>
    /// <returns>False where this user may not.</returns>
    public static bool TryBeFirst()
    {
        var priority = 1;
        return SetScheduler(0, Fifo, ref priority) == 0;
    }
}
