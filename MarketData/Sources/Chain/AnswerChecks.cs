using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>What no right answer can look like. Doubtful bars are the business of the quality rules, not of
/// these.</summary>
static class AnswerChecks
{
    /// <summary>Between two closes without a split.</summary>
    const decimal MostRatio = 20;

    /// <summary>After which a known bar says nothing any more.</summary>
    static readonly TimeSpan Silence = TimeSpan.FromDays(30);

    /// <summary>Bars in order, each time once, inside of the request, with positive prices that fit each
    /// other.</summary>
    public static string? Shape(BarRequest request, BarAnswer answer)
    {
        if (!answer.Known) return answer.Bars.IsEmpty ? null : $"bars of a symbol that it does not know";
        var before = DateTimeOffset.MinValue;
        foreach (var bar in answer.Bars)
        {
            if (bar.Time <= before) return $"the bar of {bar.Time:u} comes after the one of {before:u}";
            if (bar.Time < request.From || bar.Time >= request.To) return $"the bar of {bar.Time:u} was not asked for";
            before = bar.Time;
        }

        // One odd bar among good ones is for the quality rules; where most of them are impossible, the answer is.
        var impossible = answer.Bars.Count(
            bar => bar.Low <= 0 || bar.Low > bar.High || bar.Close < bar.Low || bar.Close > bar.High);
        return impossible * 2 > answer.Bars.Length ? $"{impossible} of {answer.Bars.Length} bars are impossible" : null;
    }

    /// <summary>Refuses an answer whose first bar is further from the bar known before it than any market moves in
    /// between, and no split says why: most likely another instrument's. After a long silence every price is
    /// believed.</summary>
    public static string? AgainstKnown(BarRequest request, BarAnswer answer)
    {
        if (answer.Bars.IsDefaultOrEmpty || request.Known is not { Close: > 0 } known) return null;
        var first = answer.Bars[0];
        if ((first.Time - known.Time).Duration() > Silence) return null;
        var day = DateOnly.FromDateTime(first.Time.UtcDateTime);
        var isSplit = answer.Actions.Any(
            action =>
                action.Kind == CorporateActionKind.Split && Math.Abs(action.ExDate.DayNumber - day.DayNumber) <= 7);
        return isSplit || (first.Close <= known.Close * MostRatio && first.Close * MostRatio >= known.Close) ? null
            : $"the close of {first.Time:u} is {first.Close}, after {known.Close}, and no split says why";
    }

    /// <summary>Refuses an answer for the newest bars of something that always trades when it ends too long ago, unless
    /// the source says that it is current, as a replay of the past does.</summary>
    internal static string? StandsStill(BarRequest request, BarAnswer answer, DateTimeOffset now, int mostIntervals)
    {
        if (!answer.Known || request.To is not null) return null;
        var expected = now - request.Interval.Length() * (mostIntervals + 1);
        if (request.From > expected) return null; // too little was asked for to tell
        return answer.Bars.IsEmpty ? "no bars of something that always trades"
            : answer.Bars[^1].Time < expected && !(answer.AsOf > expected) ? $"it stands still since {answer.Bars[^1].Time:u}"
            : null;
    }

    /// <summary>True where the times that both have in common are some, and the closes of none of them are further
    /// apart than the tolerance.</summary>
    internal static bool Agree(ImmutableArray<Bar> bars, ImmutableArray<Bar> others, double tolerance)
    {
        var closes = others.ToDictionary(bar => bar.Time, bar => bar.Close);
        var common = 0;
        foreach (var bar in bars)
        {
            if (!closes.TryGetValue(bar.Time, out var close)) continue;
            common++;
            if (Math.Abs(bar.Close - close) > (decimal)tolerance * Math.Abs(close)) return false;
        }

        return common > 0;
    }
}
