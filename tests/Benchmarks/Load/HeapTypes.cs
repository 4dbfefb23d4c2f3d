using System.Diagnostics.Tracing;
using Microsoft.Diagnostics.NETCore.Client;
using Microsoft.Diagnostics.Tracing;

namespace Trading.Benchmarks.Load;

/// <summary>What a program keeps, by type: it is asked for a full collection, and tells of every object that is left.</summary>
static class HeapTypes
{
    // Collections, the types, a collection now, every object that it leaves, and the types' names.
    const long Everything = 0x1 | 0x8_0000 | 0x80_0000 | 0x10_0000 | 0x100_0000;
    const int BufferMegabytes = 512;
    static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <returns>MB by type, the largest first.</returns>
    public static async Task<List<(string Type, double Megabytes)>> OfAsync(int process)
    {
        var (names, bytes) = (new Dictionary<ulong, string>(), new Dictionary<ulong, long>());
        using var session = new DiagnosticsClient(process).StartEventPipeSession(
            [new("Microsoft-Windows-DotNETRuntime", EventLevel.Verbose, Everything)], requestRundown: false, BufferMegabytes);
        using var source = new EventPipeEventSource(session.EventStream);
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        source.Clr.TypeBulkType += told =>
        {
            for (var n = 0; n < told.Count; n++) names[told.Values(n).TypeID] = told.Values(n).TypeName;
        };
        source.Clr.GCBulkNode += told =>
        {
            for (var n = 0; n < told.Count; n++)
                bytes[told.Values(n).TypeID] = bytes.GetValueOrDefault(told.Values(n).TypeID) + (long)told.Values(n).Size;
        };
        source.Clr.GCStop += _ =>
        {
            if (bytes.Count > 0) ended.TrySetResult();
        };
        var read = Task.Run(source.Process);
        await ended.Task.WaitAsync(Longest);
        await session.StopAsync(CancellationToken.None);
        await read;
        return [.. bytes.Select(one => (names.GetValueOrDefault(one.Key, "?"), one.Value / (1024.0 * 1024))).OrderByDescending(one => one.Item2)];
    }
}
