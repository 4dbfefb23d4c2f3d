using System.Globalization;

namespace Trading.Monitoring;

/// <summary>How busy the machine is, and how full its memory: of the container where there is one with limits, else of
/// the whole machine. Linux tells; elsewhere both are unknown.</summary>
/// <param name="root">Where the file system begins; another in tests.</param>
public sealed class MachineUsage(TimeProvider clock, string root = "/")
{
    long _readAt;
    (double Busy, double All)? _processor;

    /// <summary>Share of the processors' time since the last look; null at the first one.</summary>
    public double? Cpu { get; private set; }

    /// <summary>Share of the memory that cannot be given to anybody else.</summary>
    public double? Memory { get; private set; }

    /// <summary>Looks again.</summary>
    public void Read()
    {
        Memory = ContainerMemory() ?? MachineMemory();
        var (now, time) = (Processor(), clock.GetTimestamp());
        Cpu = now is { } newer && _processor is { } older && newer.All > older.All
            ? Math.Clamp((newer.Busy - older.Busy) / (newer.All - older.All), 0, 1)
            : null;
        (_processor, _readAt) = (now, time);
    }

    /// <summary>Busy and available processor time so far, in any one unit.</summary>
    (double Busy, double All)? Processor()
    {
        // A container's quota: so much time in a period, both in microseconds.
        if (Words("sys/fs/cgroup/cpu.max") is [var quota, var period] && Number(quota) is { } most && Number(period) is > 0 and var span
            && Lines("sys/fs/cgroup/cpu.stat").FirstOrDefault(line => line is ["usage_usec", _]) is [_, var usage]
            && Number(usage) is { } used)
        {
            var passed = _readAt == 0 ? 0 : clock.GetElapsedTime(_readAt).TotalMicroseconds;
            return (used, (_processor?.All ?? 0) + passed * most / span);
        }

        // user nice system idle iowait irq softirq steal, in ticks
        if (Words("proc/stat") is not ["cpu", .. var ticks] || ticks.Length < 8) return null;
        double[] spent = [.. ticks.Take(8).Select(tick => Number(tick) ?? 0)];
        return (spent.Sum() - spent[3] - spent[4], spent.Sum());
    }

    double? ContainerMemory() =>
        Words("sys/fs/cgroup/memory.max") is [var max] && Number(max) is > 0 and var most
        && Words("sys/fs/cgroup/memory.current") is [var current] && Number(current) is { } used
            ? Math.Clamp((used - Cached()) / most, 0, 1)
            : null;

    /// <summary>What the kernel keeps of files and gives back when it is asked for memory.</summary>
    double Cached() =>
        Lines("sys/fs/cgroup/memory.stat").FirstOrDefault(line => line is ["inactive_file", _]) is [_, var bytes]
            ? Number(bytes) ?? 0
            : 0;

    double? MachineMemory()
    {
        var lines = Lines("proc/meminfo");
        return Of("MemTotal:") is > 0 and var total && Of("MemAvailable:") is { } available ? 1 - available / total : null;

        double? Of(string name) => lines.FirstOrDefault(line => line.Length > 1 && line[0] == name) is { } line ? Number(line[1]) : null;
    }

    string[]? Words(string file) => Lines(file).FirstOrDefault();

    string[][] Lines(string file)
    {
        try
        {
            return [.. File.ReadLines(Path.Combine(root, file)).Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number : null;
}
