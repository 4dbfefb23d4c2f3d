using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Trading.Portfolios;

/// <summary>The words for how risk numbers are made.</summary>
static class RiskMethods
{
    public const string Method = "historical";
    public const string OrderStatistic = "order_statistic";
    public const string Type7 = "type_7";
    public const string RockafellarUryasev = "rockafellar_uryasev";
    public const string Sign = "loss_positive";
    public const int HorizonDays = 1;

    /// <summary>Of <see cref="OpenOrderConvention.AnyFill"/>; decisions that do not name it were made before
    /// it.</summary>
    public const string AnyFill = "/any_fill";

    /// <summary>For the positions booked, for example <c>historical/order_statistic/252d/1d</c>.</summary>
    public static string Short(int window) =>
        string.Create(CultureInfo.InvariantCulture, $"{Method}/{OrderStatistic}/{window}d/{HorizonDays}d");

    /// <summary>For a decision, for example <c>historical/order_statistic/252d/1d/any_fill</c>.</summary>
    public static string Short(int window, OpenOrderConvention convention) =>
        convention == OpenOrderConvention.AnyFill ? Short(window) + AnyFill : Short(window);

    /// <summary>The convention that a recorded decision was made under.</summary>
    public static OpenOrderConvention ConventionOf(string method) =>
        method.EndsWith(AnyFill, StringComparison.Ordinal)
            ? OpenOrderConvention.AnyFill
            : OpenOrderConvention.LargerEnd;

    /// <param name="sessions">Of the window, oldest first; the first one has no return.</param>
    public static RiskMethod Describe(int window, ReadOnlySpan<DateOnly> sessions)
    {
        var (sample, from, to) = (sessions.Length - 1, sessions[1], sessions[^1]);
        var terms = string.Create(CultureInfo.InvariantCulture,
            $"{Method}|{OrderStatistic}|{RockafellarUryasev}|{Sign}|{window}|{sample}|{HorizonDays}|{from:yyyy-MM-dd}|{to:yyyy-MM-dd}");
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(terms)))[..16];
        return new(Method, OrderStatistic, RockafellarUryasev, Sign, window, sample, HorizonDays, from, to, hash);
    }
}
