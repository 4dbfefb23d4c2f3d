namespace Trading.Benchmarks.Learning;

/// <summary>The sizes that are measured, or small ones that show in seconds that a benchmark runs and agrees.</summary>
readonly record struct BenchmarkSize(bool IsSmall)
{
    public static BenchmarkSize Of(IReadOnlyList<string> arguments) => arguments switch
    {
        [] => new(false),
        ["small"] => new(true),
        _ => throw new ArgumentException(
            $"'small' or nothing was expected, not '{string.Join(' ', arguments)}'.", nameof(arguments)),
    };

    public int Of(int measured, int small) => IsSmall ? small : measured;
}
