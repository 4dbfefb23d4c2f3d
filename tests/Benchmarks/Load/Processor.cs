using System.Globalization;

namespace Trading.Benchmarks.Load;

/// <summary>Processor time of a process, and what of the machine's was taken by others, as Linux counts it.</summary>
readonly record struct Processor(double User, double System, double Stolen)
{
    const double TicksPerSecond = 100; // USER_HZ, which no Linux of today has otherwise

    public double Total => User + System;

    public static Processor Of(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat");
        var after = fields[(fields.LastIndexOf(')') + 2)..].Split(' '); // the name may have blanks
        var all = File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new(Seconds(after[11]), Seconds(after[12]), Seconds(all[8]));
    }

    public static Processor operator -(Processor left, Processor right) =>
        new(left.User - right.User, left.System - right.System, left.Stolen - right.Stolen);

    public static Processor Subtract(Processor left, Processor right) => left - right;

    /// <summary>Memory that a process has resident, in MB.</summary>
    public static double ResidentMegabytes(int process) =>
        double.Parse(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))
            .Split(' ', StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;

    static double Seconds(string ticks) => double.Parse(ticks, CultureInfo.InvariantCulture) / TicksPerSecond;
}
