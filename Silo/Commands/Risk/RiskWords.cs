using System.Globalization;
using System.Text.Json;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Commands;

/// <summary>Numbers of a risk report in words, the same on a terminal and on a page.</summary>
static class RiskWords
{
    public static string Name(TailMeasure measure)
    {
        var (tail, orders) = (measure.Name.StartsWith("value_at_risk", StringComparison.Ordinal) ? "VaR" : "ES",
            measure.Name.EndsWith("open_orders", StringComparison.Ordinal) ? ", open orders" : "");
        return string.Create(CultureInfo.InvariantCulture, $"{tail} {measure.Confidence * 100:0.#} %{orders}");
    }

    /// <summary>The code of a rule, as every other place spells it.</summary>
    public static string Name(RiskRule rule) => JsonSerializer.SerializeToElement(rule).GetString()!;

    public static string Amount(decimal? value, string unit) => value is not { } known ? "unknown" : unit switch
    {
        "fraction" => Percent((double)known),
        "money" => Money(known),
        _ => string.Create(CultureInfo.InvariantCulture, $"{known:0.##} {unit}"),
    };

    public static string Percent(double fraction) =>
        string.Create(CultureInfo.InvariantCulture, $"{fraction * 100:0.00} %");

    public static string Money(decimal? amount) => amount is { } known
        ? known.ToString("N2", CultureInfo.InvariantCulture) : "unknown";
}
