using Trading.Testing;

namespace Trading.Monitoring.Tests;

public sealed class MachineUsageTests : IDisposable
{
    readonly TemporaryFolder _root = new();
    readonly ManualTimeProvider _clock = new();

    public void Dispose() => _root.Dispose();

    [Fact]
    public void Machine_IsReadFromItsTicksAndItsMemory()
    {
        var machine = new MachineUsage(_clock, _root.Path);
        Say("proc/stat", "cpu  100 0 100 700 100 0 0 0 0 0");
        Say("proc/meminfo", "MemTotal:  1000 kB\nMemFree:  100 kB\nMemAvailable:  250 kB");
        machine.Read();
        machine.Cpu.ShouldBeNull();
        Say("proc/stat", "cpu  250 0 150 860 140 0 0 0 0 0");
        machine.Read();

        machine.Cpu!.Value.ShouldBe(0.5, 1e-9); // 200 of 400 ticks
        machine.Memory!.Value.ShouldBe(0.75, 1e-9);
    }

    [Fact]
    public void Container_IsMeasuredByItsOwnLimits()
    {
        var machine = new MachineUsage(_clock, _root.Path);
        Say("proc/stat", "cpu  100 0 100 700 100 0 0 0 0 0");
        Say("proc/meminfo", "MemTotal:  1000 kB\nMemAvailable:  900 kB");
        Say("sys/fs/cgroup/memory.max", "1000");
        Say("sys/fs/cgroup/memory.current", "900");
        Say("sys/fs/cgroup/memory.stat", "anon 700\ninactive_file 100");
        Say("sys/fs/cgroup/cpu.max", "50000 100000"); // half a processor
        Say("sys/fs/cgroup/cpu.stat", "usage_usec 1000000");
        machine.Read();
        _clock.Advance(TimeSpan.FromSeconds(10));
        Say("sys/fs/cgroup/cpu.stat", "usage_usec 3000000");
        machine.Read();

        machine.Cpu!.Value.ShouldBe(0.4, 1e-9); // 2 s of 5 s
        machine.Memory!.Value.ShouldBe(0.8, 1e-9);
    }

    [Fact]
    public void WhereNothingTells_BothAreUnknown()
    {
        var machine = new MachineUsage(_clock, _root.Path);
        machine.Read();
        machine.Read();

        (machine.Cpu, machine.Memory).ShouldBe((null, null));
    }

    void Say(string file, string text)
    {
        var path = Path.Combine(_root.Path, file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }
}
