using System.Diagnostics;

namespace Trading.Silo.Tests;

/// <summary>Runs a command in a folder to its end, as somebody at a keyboard does.</summary>
static class Shell
{
    public static async Task<(int ExitCode, string Output, string Errors)> RunAsync(string folder, params string[] command)
    {
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
            Environment = { ["logging__file"] = "" },
        };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
