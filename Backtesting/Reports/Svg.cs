using System.Globalization;
using System.Text;

namespace Trading.Backtests;

/// <summary>Drawings inside a page.</summary>
static class Svg
{
    const int Width = 1_000, Row = 28, NameWidth = 110;

    /// <summary>The longest bar, as a part of the room to one side; the rest is its number's.</summary>
    const double Longest = 0.38;

    /// <summary>Bars side by side with their amounts; those of nothing are left out.</summary>
    public static string Bars(IReadOnlyList<(string Name, double Value)> bars, Func<double, string> label)
    {
        (string Name, double Value)[] shown = [.. bars.Where((bar, place) =>
            bar.Value != 0 || place == 0 || place == bars.Count - 1)];
        var most = Math.Max(1e-12, shown.Max(bar => Math.Abs(bar.Value)));
        var (svg, middle) = (new StringBuilder(), NameWidth + (Width - NameWidth) / 2.0);
        Write(svg, $"<svg viewBox=\"0 0 {Width} {Row * shown.Length}\" role=\"img\" aria-label=\"Costs\">");
        Write(svg, $"<line x1=\"{N(middle)}\" x2=\"{N(middle)}\" y1=\"0\" y2=\"{Row * shown.Length}\" stroke=\"var(--grid)\"/>");
        for (var i = 0; i < shown.Length; i++)
        {
            var (name, value) = shown[i];
            var length = Math.Max(1, Math.Abs(value) / most * (Width - NameWidth) * Longest);
            var (x, color) = value >= 0 ? (middle, "var(--up)") : (middle - length, "var(--down)");
            var (y, outside) = (i * Row, value >= 0 ? middle + length + 8 : middle - length - 8);
            Write(svg, $"<text x=\"0\" y=\"{y + 18}\">{Html.Text(name)}</text>");
            Write(svg, $"<rect x=\"{N(x)}\" y=\"{y + 5}\" width=\"{N(length)}\" height=\"{Row - 10}\" rx=\"2\" fill=\"{color}\"/>");
            var anchor = value >= 0 ? "start" : "end";
            Write(svg, $"<text x=\"{N(outside)}\" y=\"{y + 18}\" text-anchor=\"{anchor}\">{Html.Text(label(value))}</text>");
        }

        return svg.Append("</svg>").ToString();
    }

    static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    static void Write(StringBuilder to, FormattableString text) => to.Append(FormattableString.Invariant(text));
}

static class Html
{
    /// <summary>Text that is no markup, whoever wrote it.</summary>
    public static string Text(string text) => System.Net.WebUtility.HtmlEncode(text);
}
