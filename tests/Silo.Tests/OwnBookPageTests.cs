using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>docs/first-own-book.md, command by command, as somebody types it.</summary>
public sealed partial class OwnBookPageTests
{
    [Fact]
    public async Task EveryCommandOfThePage_InItsOrder_LeadsToAnApprovedDecision()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, command) in new[] { ("run", "run"), ("trading", "") })
            Script(folder, name, $"exec '{Path.Combine(AppContext.BaseDirectory, "trading")}' {command} \"$@\"\n");
        Script(folder, "page", Page().Replace("8080", Ports.Free().ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));

        var (exitCode, output, errors) = await Shell.RunAsync(folder.Path, "bash", "page");

        exitCode.ShouldBe(0, $"{output}\n{errors}");
        output.ShouldContain("\"sector\":\"Crypto\"");
        output.ShouldContain("\"approved\":true", customMessage: output);
    }

    /// <summary>Stops at the first command that fails, and takes the program down in any case.</summary>
    static string Page() => "set -euo pipefail\nchmod +x run trading\ntrap 'kill $(jobs -p) 2>/dev/null || true' EXIT\n" + string.Concat(
        Bash().Matches(File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "first-own-book.md"))).Select(block => block.Groups["text"].Value));

    static void Script(TemporaryFolder folder, string name, string text) => File.WriteAllText(
        Path.Combine(folder.Path, name), $"#!/usr/bin/env bash\n{text}", new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));

    [GeneratedRegex("```bash\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Bash();
}
