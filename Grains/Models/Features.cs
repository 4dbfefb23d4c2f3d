using System.Collections.Immutable;

namespace Trading.Models;

/// <summary>What a model knows of a symbol at the close of a session: seven numbers from the last <see cref="History"/> closes. A span
/// that ends with that session is all they are given, so nothing later can enter.</summary>
public static class Features
{
    /// <summary>The closes that are needed, and all that are looked at.</summary>
    public const int History = 50;

    const int Short = 20;
    const int StrengthSessions = 14;

    /// <summary>In the order of <see cref="At"/>.</summary>
    public static ImmutableArray<string> Names { get; } =
        ["return_1", "return_5", "return_20", "volatility_20", "distance_20", "distance_50", "rsi_14"];

    /// <summary>
    /// Logarithmic returns over 1, 5 and 20 sessions; the population standard deviation of the last 20 daily ones; the logarithm of the
    /// close over its mean of 20 and of 50 sessions; the relative strength of 14 sessions, from 0 to 1: gains over gains plus losses,
    /// each a plain sum (Cutler's form, which needs no seed), one half where nothing moved.
    /// </summary>
    /// <param name="closes">Positive closes, oldest first; the last one is the session's own.</param>
    public static double[] At(ReadOnlySpan<double> closes)
    {
        if (closes.Length < History)
            throw new ArgumentException($"Features need {History} closes; there are {closes.Length}.", nameof(closes));
        return
        [
            Return(closes, 1),
            Return(closes, 5),
            Return(closes, Short),
            Volatility(closes, Short),
            Math.Log(closes[^1] / Mean(closes[^Short..])),
            Math.Log(closes[^1] / Mean(closes[^History..])),
            Strength(closes, StrengthSessions),
        ];
    }

    static double Return(ReadOnlySpan<double> closes, int sessions) => Math.Log(closes[^1] / closes[^(sessions + 1)]);

    static double Volatility(ReadOnlySpan<double> closes, int sessions)
    {
        var mean = Return(closes, sessions) / sessions;
        var sum = 0.0;
        for (var back = 0; back < sessions; back++)
            sum += Math.Pow(Return(closes[..^back], 1) - mean, 2);
        return Math.Sqrt(sum / sessions);
    }

    static double Strength(ReadOnlySpan<double> closes, int sessions)
    {
        double gains = 0, moves = 0;
        for (var back = 1; back <= sessions; back++)
        {
            var change = closes[^back] - closes[^(back + 1)];
            gains += Math.Max(change, 0);
            moves += Math.Abs(change);
        }

        return moves > 0 ? gains / moves : 0.5;
    }

    static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }
}
