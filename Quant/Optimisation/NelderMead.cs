namespace Trading.Quant;

/// <summary>Where a search ended. Converged: the last restart found nothing better.</summary>
sealed record Minimum(double[] At, double Value, bool Converged);

/// <summary>
/// The downhill simplex for smooth functions of a few variables without derivatives; deterministic. A value that is not a number
/// counts as infinite, so a function bounds its domain by returning one.
/// </summary>
/// <remarks>Nelder and Mead 1965 with the usual coefficients, restarted at the best point until that gains nothing: a simplex
/// that has collapsed on a slope is not taken for a minimum.</remarks>
static class NelderMead
{
    const int MaxRestarts = 12;
    const int StepsPerDimension = 400;

    /// <summary>A simplex is done when its values agree to this, relative to their size.</summary>
    const double ValueTolerance = 1e-13;

    /// <summary>How much smaller each restart's simplex is than the one before.</summary>
    const double RestartShrink = 0.5;

    /// <summary>A restart has gained nothing when the value fell by less than this, relative to its size.</summary>
    const double RestartTolerance = 1e-11;

    /// <param name="step">The first simplex' size along each axis.</param>
    public static Minimum Minimize(Func<double[], double> function, double[] start, double step)
    {
        var best = start;
        var value = Evaluate(function, start);
        for (var restart = 0; restart < MaxRestarts; restart++)
        {
            var (at, found) = Descend(function, best, step);
            var gained = value - found;
            (best, value, step) = (at, found, step * RestartShrink);
            if (gained <= RestartTolerance * (1 + Math.Abs(value)))
                return new(best, value, double.IsFinite(value));
        }

        return new(best, value, Converged: false);
    }

    static (double[] At, double Value) Descend(Func<double[], double> function, double[] start, double step)
    {
        var size = start.Length;
        var points = new double[size + 1][];
        var values = new double[size + 1];
        for (var i = 0; i <= size; i++)
        {
            points[i] = [.. start];
            if (i > 0) points[i][i - 1] += step;
            values[i] = Evaluate(function, points[i]);
        }

        for (var iteration = 0; iteration < StepsPerDimension * size; iteration++)
        {
            Array.Sort(values, points);
            if (values[^1] - values[0] <= ValueTolerance * (1 + Math.Abs(values[0])))
                break;
            if (!ReplaceWorst(function, points, values))
                Shrink(function, points, values);
        }

        Array.Sort(values, points);
        return (points[0], values[0]);
    }

    /// <summary>Reflects the worst point through the others' centre, further or less far as the value there says.</summary>
    static bool ReplaceWorst(Func<double[], double> function, double[][] points, double[] values)
    {
        var worst = points[^1];
        var centre = new double[worst.Length];
        foreach (var point in points[..^1])
            for (var j = 0; j < centre.Length; j++)
                centre[j] += point[j] / centre.Length;

        var (reflected, atReflected) = Try(1);
        if (atReflected < values[0])
        {
            var (expanded, atExpanded) = Try(2);
            return atExpanded < atReflected ? Put(expanded, atExpanded) : Put(reflected, atReflected);
        }

        if (atReflected < values[^2]) return Put(reflected, atReflected);
        var (contracted, atContracted) = Try(atReflected < values[^1] ? 0.5 : -0.5);
        return atContracted < Math.Min(atReflected, values[^1]) && Put(contracted, atContracted);

        (double[] At, double Value) Try(double factor)
        {
            var at = new double[worst.Length];
            for (var j = 0; j < at.Length; j++)
                at[j] = centre[j] + factor * (centre[j] - worst[j]);
            return (at, Evaluate(function, at));
        }

        bool Put(double[] at, double value)
        {
            (points[^1], values[^1]) = (at, value);
            return true;
        }
    }

    static void Shrink(Func<double[], double> function, double[][] points, double[] values)
    {
        for (var i = 1; i < points.Length; i++)
        {
            for (var j = 0; j < points[i].Length; j++)
                points[i][j] = (points[i][j] + points[0][j]) / 2;
            values[i] = Evaluate(function, points[i]);
        }
    }

    static double Evaluate(Func<double[], double> function, double[] at)
    {
        var value = function(at);
        return double.IsNaN(value) ? double.PositiveInfinity : value;
    }
}
