using System.Text.Json;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The words that decisions repeat, by numbers that stay theirs for good: a list grows at its end alone. What
/// has no number is written as the word that it is, so that a new rule can be recorded before it has one.</summary>
static class CompactWords
{
    const string MethodStart = "historical/order_statistic/", MethodEnd = "d/1d";

    /// <summary>Added to the days of a method that ends in <see cref="RiskMethods.AnyFill"/>; more than any of
    /// them.</summary>
    const uint AnyFill = 1_000_000;

    static readonly RiskRule[] Rules =
    [
        RiskRule.Malformed, RiskRule.Halted, RiskRule.ReducingOnly, RiskRule.CircuitBreaker,
        RiskRule.RestrictedSymbol, RiskRule.NotTradable, RiskRule.MarketClosed, RiskRule.Heartbeat,
        RiskRule.RepeatedExecutions, RiskRule.UnknownSymbol, RiskRule.MissingPrice, RiskRule.StalePrice,
        RiskRule.QuarantinedPrice, RiskRule.InsufficientHistory, RiskRule.Confidence, RiskRule.MessageRate,
        RiskRule.DuplicateOrder, RiskRule.SelfMatch, RiskRule.PriceCollar, RiskRule.PriceMove, RiskRule.TickSize,
        RiskRule.LotSize, RiskRule.OrderQuantity, RiskRule.MinOrderNotional, RiskRule.OrderNotional,
        RiskRule.WindowQuantity, RiskRule.WindowNotional, RiskRule.Liquidity, RiskRule.LongPosition,
        RiskRule.ShortPosition, RiskRule.IntradayPosition, RiskRule.PositionWeight, RiskRule.Concentration,
        RiskRule.GrossExposure, RiskRule.NetExposure, RiskRule.SectorExposure, RiskRule.StrategyExposure,
        RiskRule.Margin, RiskRule.ValueAtRisk95, RiskRule.ValueAtRisk99, RiskRule.IncrementalValueAtRisk,
        RiskRule.ExpectedShortfall975, RiskRule.Correlation, RiskRule.Drawdown, RiskRule.DailyLoss, RiskRule.Cash,
        RiskRule.ShortSale, RiskRule.BudgetGross, RiskRule.BudgetNet, RiskRule.BudgetShortfall, RiskRule.ReduceOnly,
        RiskRule.FxRate,
    ];

    static readonly string[] Units = ["money", "fraction", "seconds", "units", "count", "sessions", "level"];

    /// <summary>By rule: one more than its place in <see cref="Rules"/>, or zero.</summary>
    static readonly byte[] Numbers =
        [.. Enum.GetValues<RiskRule>().Select(rule => (byte)(Array.IndexOf(Rules, rule) + 1))];

    public static void Rule(this CompactWriter writer, RiskRule rule)
    {
        writer.Byte(Numbers[(int)rule]);
        if (Numbers[(int)rule] == 0) writer.Text(JsonSerializer.Serialize(rule));
    }

    public static RiskRule Rule(this ref CompactReader reader) => reader.Byte() switch
    {
        0 => JsonSerializer.Deserialize<RiskRule>(reader.Text()!),
        var number => Rules[number - 1],
    };

    public static void Unit(this CompactWriter writer, string? unit)
    {
        var number = Array.IndexOf(Units, unit) + 1;
        writer.Byte((byte)number);
        if (number == 0) writer.Text(unit);
    }

    public static string? Unit(this ref CompactReader reader) => reader.Byte() switch
    {
        0 => reader.Text(),
        var number => Units[number - 1],
    };

    /// <summary>The days of the window, of the usual method; the words of any other.</summary>
    public static void Method(this CompactWriter writer, string method)
    {
        var (plain, convention) = method.EndsWith(RiskMethods.AnyFill, StringComparison.Ordinal)
            ? (method[..^RiskMethods.AnyFill.Length], AnyFill)
            : (method, 0);
        var days = DaysOf(plain) is > 0 and var known ? known + convention : 0;
        writer.Count(days);
        if (days == 0) writer.Text(method);
    }

    public static string Method(this ref CompactReader reader) => (uint)reader.Count() switch
    {
        0 => reader.Text()!,
        < AnyFill and var days => FormattableString.Invariant($"{MethodStart}{days}{MethodEnd}"),
        var days => FormattableString.Invariant($"{MethodStart}{days - AnyFill}{MethodEnd}{RiskMethods.AnyFill}"),
    };

    static uint DaysOf(string method)
    {
        if (!method.StartsWith(MethodStart, StringComparison.Ordinal)) return 0;
        if (!method.EndsWith(MethodEnd, StringComparison.Ordinal)) return 0;
        if (method.Length < MethodStart.Length + MethodEnd.Length) return 0;
        var digits = method.AsSpan(MethodStart.Length, method.Length - MethodStart.Length - MethodEnd.Length);
        if (digits.Length is 0 or > 6 || digits[0] is '0' || digits.ContainsAnyExceptInRange('0', '9')) return 0;
        var days = 0u;
        foreach (var digit in digits) days = (10 * days) + digit - '0';
        return days;
    }
}
