using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Text;
using Trading.Models;

namespace Trading.Api;

/// <summary>The curves of a model card: pictures with axes, no script.</summary>
internal static class ModelCurves
{
    const int Width = 460, Height = 250, Left = 56, Right = 14, Top = 12, Bottom = 40, Steps = 4;

    /// <summary>What a curve shows.</summary>
    /// <param name="Axis">What its numbers to the right are.</param>
    /// <param name="Other">What the second line is; null for none.</param>
    /// <param name="HasDots">Whether single points matter more than the way between them.</param>
    public sealed record Curve(
        string Title, string Axis, string Line, string? Other, ImmutableArray<CurvePoint> Points, bool HasDots = false);

    public static void Write(StringBuilder page, Curve curve)
    {
        if (curve.Points.Length < 2) return;
        double[] ys = [.. curve.Points.SelectMany(point => new[] { point.Y, point.Other ?? point.Y })];
        var x = new Scale(curve.Points.Min(point => point.X), curve.Points.Max(point => point.X), Left, Width - Right);
        var y = new Scale(ys.Min(), ys.Max(), Height - Bottom, Top);
        var title = Text(curve.Title);
        page.Append("<figure><figcaption>").Append(title).Append("</figcaption>").Append(CultureInfo.InvariantCulture,
            $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{title}\">");
        foreach (var value in y.Ticks)
        {
            Across(page, "grid", y.At(value));
            Label(page, Left - 6, y.At(value) + 4, "end", y.Label(value));
        }

        foreach (var value in x.Ticks)
            Label(page, x.At(value), Height - Bottom + 16, "middle", x.Label(value));
        Across(page, "axis", Height - Bottom);
        Label(page, (Left + Width - Right) / 2.0, Height - 6, "middle", Text(curve.Axis));
        Line(page, "other", curve.Points.Where(point => point.Other is not null)
            .Select(point => (x.At(point.X), y.At(point.Other!.Value))));
        Line(page, "line", curve.Points.Select(point => (x.At(point.X), y.At(point.Y))));
        if (curve.HasDots)
            foreach (var point in curve.Points)
                page.Append(CultureInfo.InvariantCulture,
                    $"<circle class=\"dot\" cx=\"{N(x.At(point.X))}\" cy=\"{N(y.At(point.Y))}\" r=\"3.5\"/>");
        page.Append("</svg><p class=\"key\"><span class=\"line\"></span>").Append(Text(curve.Line));
        if (curve.Other is not null) page.Append("<span class=\"other\"></span>").Append(Text(curve.Other));
        page.Append("</p></figure>");
    }

    static void Across(StringBuilder page, string kind, double y) => page.Append(CultureInfo.InvariantCulture,
        $"<line class=\"{kind}\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{N(y)}\" y2=\"{N(y)}\"/>");

    static void Label(StringBuilder page, double x, double y, string anchor, string text) => page.Append(
        CultureInfo.InvariantCulture, $"<text x=\"{N(x)}\" y=\"{N(y)}\" text-anchor=\"{anchor}\">{text}</text>");

    static void Line(StringBuilder page, string kind, IEnumerable<(double X, double Y)> points)
    {
        var all = string.Join(' ', points.Select(point => $"{N(point.X)},{N(point.Y)}"));
        if (all.Length > 0) page.Append(CultureInfo.InvariantCulture, $"<polyline class=\"{kind}\" points=\"{all}\"/>");
    }

    static string N(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);

    static string Text(string text) => WebUtility.HtmlEncode(text);

    /// <summary>Numbers along one side, in round steps.</summary>
    sealed class Scale
    {
        static readonly int[] Rounds = [1, 2, 5, 10];
        readonly double _low, _high, _from, _to, _step;

        public Scale(double low, double high, double from, double to)
        {
            var span = high > low ? high - low : Math.Max(Math.Abs(low), 1) * 0.01;
            var power = Math.Pow(10, Math.Floor(Math.Log10(span / Steps)));
            _step = power * Rounds.FirstOrDefault(round => round * power >= span / Steps, Rounds[^1]);
            (_low, _high) = (Math.Floor(low / _step) * _step, Math.Ceiling(Math.Max(high, low + span) / _step) * _step);
            (_from, _to) = (from, to);
        }

        public IEnumerable<double> Ticks =>
            Enumerable.Range(0, (int)Math.Round((_high - _low) / _step) + 1).Select(tick => _low + tick * _step);

        public double At(double value) => _from + (_to - _from) * (value - _low) / (_high - _low);

        public string Label(double value)
        {
            var decimals = Math.Clamp(-(int)Math.Floor(Math.Log10(_step) + 1e-9), 0, 9);
            return Math.Round(value, decimals).ToString($"#,0.{new string('0', decimals)}", CultureInfo.InvariantCulture);
        }
    }
}
