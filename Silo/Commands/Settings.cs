using System.CommandLine;

namespace Trading.Commands;

/// <summary>Settings of the program on the command line.</summary>
static class Settings
{
    public static Option<string[]> Option(string example) => new("--set")
    {
        Description = $"A setting, as in --set {example}; wins over files and environment.",
        AllowMultipleArgumentsPerToken = true,
    };
}
