using System.Globalization;
using System.Net;
using static System.FormattableString;

namespace Trading.Commands;

/// <summary>Drawings of numbers as SVG, in the colours of the page around them.</summary>
static class RiskDrawing
{
    const double Width = 860, Height = 220, Left = 84, Right = 10, Top = 8, Bottom = 22;
    const int Lines = 4;

    /// <summary>A value over sessions.</summary>
    public static string Line((DateOnly Session, double Value)[] points, Func<double, string> words)
    {
        var scale = Scale.Of(points.Select(point => point.Value), points.Length);
        return Drawing(Height, $"From {points[0].Session:O} to {points[^1].Session:O}",
            [.. Frame(points[0].Session, points[^1].Session, scale, words), Path("main", points.Select(point => point.Value), scale)]);
    }

    /// <summary>Results as dots, and under them the losses that were forecast; those beyond are marked.</summary>
    public static string Exceptions((DateOnly Session, double Result, double Bound)[] points)
    {
        var scale = Scale.Of(points.SelectMany(point => new[] { point.Result, point.Bound }), points.Length);
        return Drawing(Height, $"From {points[0].Session:O} to {points[^1].Session:O}",
        [
            .. Frame(points[0].Session, points[^1].Session, scale, RiskWords.Percent),
            Path("limit", points.Select(point => point.Bound), scale),
            .. points.Select((point, place) => Dot(scale, place, point.Result, point.Result < point.Bound)),
        ]);
    }

    /// <summary>Parts of a whole, which may be negative.</summary>
    public static string Bars((string Name, double Value, string Words)[] bars)
    {
        const double Row = 20, Figures = 80;
        var most = Math.Max(bars.Max(bar => Math.Abs(bar.Value)), 1e-9);
        var half = bars.Any(bar => bar.Value < 0) ? 0.5 : 1;
        var space = Width - Left - Figures;
        var zero = half < 1 ? Left + space / 2 : Left;
        return Drawing(bars.Length * Row + 4, "Parts of a whole", bars.SelectMany((bar, place) => new[]
        {
            Text(Left - 8, place * Row + 14, bar.Name, isEnd: true),
            Bar(bar.Value < 0 ? "less" : "bar", zero, place * Row + 4, bar.Value / most * space * half),
            Text(Width - 4, place * Row + 14, bar.Words, isEnd: true),
        }));
    }

    static IEnumerable<string> Frame(DateOnly from, DateOnly to, Scale scale, Func<double, string> words) =>
    [
        .. Enumerable.Range(0, Lines + 1).Select(line => scale.Low + (scale.High - scale.Low) * line / Lines).SelectMany(value => new[]
        {
            Invariant($"<line class=axis x1={Left} x2={Width - Right} y1={scale.Y(value):0.#} y2={scale.Y(value):0.#} />"),
            Text(Left - 6, scale.Y(value) + 4, words(value), isEnd: true),
        }),
        Text(Left, Height - 5, from.ToString("O", CultureInfo.InvariantCulture), isEnd: false),
        Text(Width - Right, Height - 5, to.ToString("O", CultureInfo.InvariantCulture), isEnd: true),
    ];

    static string Drawing(double height, string label, IEnumerable<string> parts) => Invariant(
        $"<svg viewBox=\"0 0 {Width} {height}\" role=img aria-label=\"{label}\">\n{string.Join('\n', parts)}\n</svg>");

    static string Path(string kind, IEnumerable<double> values, Scale scale) =>
        $"<path class={kind} d=\"{string.Concat(values.Select((value, i) => (i == 0 ? "M" : "L") + scale.Point(i, value)))}\"/>";

    static string Dot(Scale scale, int place, double value, bool isOut) => Invariant(
        $"<circle class={(isOut ? "out" : "dot")} r={(isOut ? 3.5 : 2)} cx={scale.X(place):0.#} cy={scale.Y(value):0.#} />");

    static string Bar(string kind, double zero, double top, double length) => Invariant(
        $"<rect class={kind} x={Math.Min(zero, zero + length):0.#} y={top} width={Math.Abs(length):0.#} height=12 rx=2 />");

    static string Text(double x, double y, string words, bool isEnd) => Invariant(
        $"<text x={x:0.#} y={y:0.#}{(isEnd ? " text-anchor=end" : "")}>{WebUtility.HtmlEncode(words)}</text>");

    /// <summary>Where values stand in a drawing; it spans a little more than they take.</summary>
    sealed record Scale(double Low, double High, int Count)
    {
        const double Margin = 0.06, LeastMargin = 1e-4;

        public static Scale Of(IEnumerable<double> values, int count)
        {
            double[] all = [.. values];
            var (low, high) = (all.Min(), all.Max());
            var margin = Math.Max((high - low) * Margin, Math.Max(Math.Abs(high), 1e-9) * LeastMargin);
            return new(low - margin, high + margin, count);
        }

        public double X(int place) => Left + (Width - Left - Right) * place / Math.Max(Count - 1, 1);

        public double Y(double value) => Top + (Height - Top - Bottom) * (High - value) / (High - Low);

        public string Point(int place, double value) => Invariant($"{X(place):0.#} {Y(value):0.#}");
    }
}
