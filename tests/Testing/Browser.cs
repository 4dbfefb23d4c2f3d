using System.Diagnostics;
using System.Runtime.CompilerServices;
using Xunit;

namespace Trading.Testing;

/// <summary>A real browser without a window, where one is installed.</summary>
public static class Browser
{
    const string Missing = "No Chromium is installed: /usr/bin/chromium.";
    const string Program = "/usr/bin/chromium";
    static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    public static bool IsInstalled => File.Exists(Program);

    public static string WhyMissing => Missing;

    /// <summary>The page as it stands in the browser once its scripts have run, and what the browser said of it.</summary>
    public static async Task<(string Page, string Log)> RenderAsync(string file)
    {
        using var profile = new TemporaryFolder();
        using var process = Process.Start(new ProcessStartInfo(Program,
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--window-size=1100,3000",
            "--virtual-time-budget=5000", $"--user-data-dir={profile.Path}", "--dump-dom", new Uri(file).AbsoluteUri,
        ])
        { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (page, log) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        if (!process.WaitForExit(Limit))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"The browser did not end within {Limit}.");
        }

        return (await page, await log);
    }
}

/// <summary>A fact that needs a browser; skipped with one line where none is installed.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    public BrowserFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber)
    {
        if (!Browser.IsInstalled) Skip = Browser.WhyMissing;
    }
}
