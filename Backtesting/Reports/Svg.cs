using System.Globalization;
using System.Text;

namespace Trading.Backtests;

/// <summary>A line of a chart.</summary>
/// <param name="Values">One for each date; null where there is none.</param>
readonly record struct ChartLine(string Name, string Color, IReadOnlyList<double?> Values, bool IsFilled = false);

/// <summary>A mark on a chart.</summary>
readonly record struct ChartMark(int Place, double Value, string Color, bool PointsUp, string Text);

/// <summary>Charts as SVG inside a page: nothing is loaded, and every number is in the page.</summary>
static class Svg
{
    const int Width = 1_000, Left = 64, Right = 12, Top = 12, Bottom = 24, GridLines = 5, DateLabels = 8;

    /// <summary>More points than this are no longer told apart on a screen.</summary>
    const int MostPoints = 2_000;

    public static string Lines(
        IReadOnlyList<DateOnly> dates, IReadOnlyList<ChartLine> lines, int height, Func<double, string> label,
        IReadOnlyList<ChartMark>? marks = null)
    {
        var values = lines.SelectMany(line => line.Values).OfType<double>().Concat(marks?.Select(mark => mark.Value) ?? []).ToArray();
        if (dates.Count < 2 || values.Length == 0) return "<p class=\"none\">Too few days to draw.</p>";
        var (low, high) = Widened(values.Min(), values.Max());
        if (lines.Any(line => line.IsFilled)) high = Math.Max(values.Max(), 0); // what hangs from a line begins at it
        var svg = new StringBuilder();
        Write(svg, $"<svg viewBox=\"0 0 {Width} {height}\" role=\"img\">");
        Grid(svg, dates, low, high, height, label);
        foreach (var line in lines) Line(svg, line, dates.Count, low, high, height);
        foreach (var mark in marks ?? [])
        {
            var (x, y) = (X(mark.Place, dates.Count), Y(mark.Value, low, high, height));
            var tip = mark.PointsUp ? $"{N(x - 4)},{N(y + 11)} {N(x + 4)},{N(y + 11)}" : $"{N(x - 4)},{N(y - 11)} {N(x + 4)},{N(y - 11)}";
            Write(svg, $"<polygon points=\"{N(x)},{N(y)} {tip}\" fill=\"{mark.Color}\"><title>{Html.Text(mark.Text)}</title></polygon>");
        }

        svg.Append("</svg>");
        return svg.ToString();
    }

    /// <summary>Bars side by side with their amounts.</summary>
    public static string Bars(IReadOnlyList<(string Name, double Value)> bars, Func<double, string> label)
    {
        const int Row = 26, NameWidth = 130;
        var most = Math.Max(1e-12, bars.Max(bar => Math.Abs(bar.Value)));
        var (svg, middle) = (new StringBuilder(), NameWidth + (Width - NameWidth) / 2.0);
        Write(svg, $"<svg viewBox=\"0 0 {Width} {Row * bars.Count}\" role=\"img\">");
        for (var i = 0; i < bars.Count; i++)
        {
            var length = Math.Abs(bars[i].Value) / most * (Width - NameWidth) * 0.38;
            var (x, color) = bars[i].Value >= 0 ? (middle, "var(--up)") : (middle - length, "var(--down)");
            var (y, outside) = (i * Row, bars[i].Value >= 0 ? middle + length + 6 : middle - length - 6);
            Write(svg, $"<text x=\"{NameWidth - 8}\" y=\"{y + 17}\" text-anchor=\"end\">{Html.Text(bars[i].Name)}</text>");
            Write(svg, $"<rect x=\"{N(x)}\" y=\"{y + 4}\" width=\"{N(length)}\" height=\"{Row - 8}\" fill=\"{color}\"/>");
            var anchor = bars[i].Value >= 0 ? "start" : "end";
            Write(svg, $"<text x=\"{N(outside)}\" y=\"{y + 17}\" text-anchor=\"{anchor}\">{Html.Text(label(bars[i].Value))}</text>");
        }

        svg.Append("</svg>");
        return svg.ToString();
    }

    static void Grid(StringBuilder svg, IReadOnlyList<DateOnly> dates, double low, double high, int height, Func<double, string> label)
    {
        for (var i = 0; i <= GridLines; i++)
        {
            var value = low + (high - low) * i / GridLines;
            var y = Y(value, low, high, height);
            Write(svg, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{N(y)}\" y2=\"{N(y)}\"/>");
            Write(svg, $"<text x=\"{Left - 6}\" y=\"{N(y + 4)}\" text-anchor=\"end\">{Html.Text(label(value))}</text>");
        }

        for (var i = 0; i < DateLabels; i++)
        {
            var place = (int)((dates.Count - 1L) * i / (DateLabels - 1));
            var anchor = i == 0 ? "start" : i == DateLabels - 1 ? "end" : "middle";
            Write(svg, $"<text x=\"{N(X(place, dates.Count))}\" y=\"{height - 6}\" text-anchor=\"{anchor}\">{dates[place]:yyyy-MM-dd}</text>");
        }
    }

    static void Line(StringBuilder svg, in ChartLine line, int count, double low, double high, int height)
    {
        var points = new StringBuilder();
        var step = Math.Max(1, count / MostPoints);
        var (first, last) = (-1, -1);
        for (var place = 0; place < count; place = place + step < count || place == count - 1 ? place + step : count - 1)
        {
            if (line.Values[place] is not { } value) continue;
            if (first < 0) first = place;
            last = place;
            Write(points, $"{N(X(place, count))},{N(Y(value, low, high, height))} ");
        }

        if (first < 0) return;
        if (line.IsFilled)
        {
            var zero = N(Y(Math.Clamp(0, low, high), low, high, height));
            Write(svg, $"<polygon points=\"{N(X(first, count))},{zero} {points}{N(X(last, count))},{zero}\" fill=\"{line.Color}\" fill-opacity=\"0.35\"/>");
        }

        Write(svg, $"<polyline points=\"{points}\" fill=\"none\" stroke=\"{line.Color}\" stroke-width=\"1.4\"><title>{Html.Text(line.Name)}</title></polyline>");
    }

    static (double Low, double High) Widened(double low, double high)
    {
        var room = Math.Max((high - low) * 0.03, Math.Max(1e-9, Math.Abs(high) * 1e-6));
        return (low - room, high + room);
    }

    static double X(int place, int count) => Left + (double)place / (count - 1) * (Width - Left - Right);

    static double Y(double value, double low, double high, int height) =>
        Top + (high - value) / (high - low) * (height - Top - Bottom);

    static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    static void Write(StringBuilder to, FormattableString text) => to.Append(FormattableString.Invariant(text));
}

static class Html
{
    /// <summary>Text that is no markup, whoever wrote it.</summary>
    public static string Text(string text) => System.Net.WebUtility.HtmlEncode(text);
}
