using System.Diagnostics;
using Xunit;

namespace Trading.Testing;

/// <summary>A disk of some megabytes in memory, which can be filled to its last byte. Where none can be mounted (that needs root), the
/// test is skipped.</summary>
public sealed class SmallDisk : IDisposable
{
    const int Block = 4096;
    readonly TemporaryFolder _folder = new();

    /// <param name="owner">Who may write it beside root.</param>
    public SmallDisk(int megabytes, string owner = "root")
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess
            || !Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m,mode=0700,uid={owner}", "tmpfs", Path))
        {
            _folder.Dispose();
            Assert.Skip("A disk of its own can be mounted by root alone.");
        }
    }

    public string Path => _folder.Path;

    string Filler => System.IO.Path.Combine(Path, "filler");

    /// <summary>Until not one block more can be written.</summary>
    public void Fill()
    {
        using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true) file.Write(new byte[Block]);
        }
        catch (IOException)
        {
            // That was the last one.
        }
    }

    public void MakeRoom() => File.Delete(Filler);

    /// <summary>Whoever uses it has ended by then.</summary>
    public void Dispose()
    {
        Run("umount", "--lazy", Path);
        _folder.Dispose();
    }

    static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
