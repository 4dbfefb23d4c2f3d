using System.Diagnostics;
using System.Text.Json;

namespace Trading.Benchmarks.Learning;

/// <summary>Another tool, on the same numbers, on one thread.</summary>
static class Peer
{
    /// <summary>What a Python script prints; null where Python or a package is not installed.</summary>
    public static async Task<JsonElement?> PythonAsync(string script, params string[] arguments)
    {
        foreach (var python in (string[])["/usr/bin/python3", "python3"])
        {
            var start = new ProcessStartInfo(python) { RedirectStandardOutput = true, RedirectStandardError = true };
            foreach (var argument in (string[])["-c", script, .. arguments])
                start.ArgumentList.Add(argument);
            foreach (var threads in (string[])["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"])
                start.Environment[threads] = "1";
            try
            {
                using var process = Process.Start(start)!;
                var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
                await process.WaitForExitAsync();
                if (process.ExitCode == 0) return JsonSerializer.Deserialize<JsonElement>(await output);
                await Console.Error.WriteLineAsync((await error).Trim().Split('\n')[^1]);
            }
            catch (System.ComponentModel.Win32Exception)
            {
                // Not on this machine.
            }
        }

        return null;
    }

    /// <summary>The middle of so many runs, in milliseconds, after one that does not count.</summary>
    public static double Median(int runs, Action run)
    {
        run();
        var times = new double[runs];
        for (var i = 0; i < runs; i++)
        {
            var begun = Stopwatch.GetTimestamp();
            run();
            times[i] = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
        }

        Array.Sort(times);
        return times[runs / 2];
    }
}
