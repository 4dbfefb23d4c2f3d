using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Trading.Backtests;

/// <summary>Returns of months as a table of years, the larger the deeper the color.</summary>
static class Heat
{
    /// <summary>A return that has the full color.</summary>
    const double Full = 0.10;

    public static string Table(ImmutableArray<MonthlyReturn> months)
    {
        var table = new StringBuilder("<table class=\"heat\"><tr><th>year</th>");
        for (var month = 1; month <= 12; month++)
            table.Append(CultureInfo.InvariantCulture, $"<th>{CultureInfo.InvariantCulture.DateTimeFormat.GetAbbreviatedMonthName(month)}</th>");
        table.Append("<th>all</th></tr>");
        foreach (var year in months.GroupBy(month => month.Year).OrderBy(group => group.Key))
        {
            table.Append(CultureInfo.InvariantCulture, $"<tr><td>{year.Key}</td>");
            for (var month = 1; month <= 12; month++) Cell(table, year.FirstOrDefault(one => one.Month == month)?.Return);
            Cell(table, year.Aggregate(1.0, (product, month) => product * (1 + month.Return)) - 1);
            table.Append("</tr>");
        }

        return table.Append("</table>").ToString();
    }

    static void Cell(StringBuilder table, double? value)
    {
        if (value is not { } known)
        {
            table.Append("<td></td>");
            return;
        }

        var share = Math.Round(100 * Math.Min(1, Math.Abs(known) / Full) * 0.6);
        table.Append(CultureInfo.InvariantCulture, $"<td style=\"background:color-mix(in srgb,var(--{(known >= 0 ? "up" : "down")}) {share}%,transparent)\">{known:P1}</td>");
    }
}
