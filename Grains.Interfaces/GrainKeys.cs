using System.Text.RegularExpressions;
using Trading.MarketData;

namespace Trading;

/// <summary>The keys that grains are found by, and the well-known ones.</summary>
public static partial class GrainKeys
{
    /// <summary>The portfolio that is meant where a request names none.</summary>
    public const string DefaultPortfolio = "default";

    /// <summary>The only key of <see cref="Portfolios.IPortfolioDirectoryGrain"/>.</summary>
    public const string Directory = "all";

    /// <summary>The only key of <see cref="Risk.IFirmGrain"/>.</summary>
    public const string Firm = "firm";

    /// <summary>The key of the <see cref="Risk.IRiskBudgetGrain"/> above all desks.</summary>
    public const string FirmBudget = "firm";

    /// <summary>What the key of a desk's <see cref="Risk.IRiskBudgetGrain"/> begins with.</summary>
    public const string DeskBudget = "desk/";

    /// <summary>The only key of <see cref="IMarketOverviewGrain"/>.</summary>
    public const string MarketOverview = "all";

    /// <summary>The only key of <see cref="Operations.IIdentityGrain"/>.</summary>
    public const string Identity = "all";

    /// <summary>The only key of <see cref="Operations.IAuditGrain"/>.</summary>
    public const string Audit = "all";

    /// <summary>The only key of <see cref="Trading.Alerts.IAlertGrain"/>.</summary>
    public const string Alerts = "all";

    /// <summary>The only key of <see cref="Operations.IMonitorGrain"/>.</summary>
    public const string Monitor = "system";

    /// <summary>The only key of <see cref="INewsGrain"/>.</summary>
    public const string News = "all";

    /// <summary>The longest portfolio identifier or client order id, in characters.</summary>
    public const int MaxLength = 64;

    /// <summary>A ticker in the form in which it is a key: trimmed, upper case.</summary>
    public static string Symbol(string ticker) => Ticker.Normalize(ticker);

    /// <summary>The name of an economic series in the form in which it is a key: trimmed, upper case.</summary>
    public static string MacroSeries(string name) => name.Trim().ToUpperInvariant();

    /// <summary>Letters, digits, '_', '.' and '-', 1 to 64 characters, beginning with a letter or digit.</summary>
    public static bool IsMacroSeries(string? name) => name is not null && MacroKey().IsMatch(name);

    /// <summary>Lower-case letters, digits, '-' and '_', 1 to 64 characters, starting with a letter or digit.</summary>
    public static bool IsPortfolioId(string? id) => id is not null && PortfolioId().IsMatch(id);

    /// <summary>The firm, or a desk whose id is like that of a portfolio.</summary>
    public static bool IsBudgetNode(string? node) => node == FirmBudget
        || (node?.StartsWith(DeskBudget, StringComparison.Ordinal) == true && IsPortfolioId(node[DeskBudget.Length..]));

    /// <summary>Whether it is a ticker, see <see cref="Ticker.IsValid"/>.</summary>
    public static bool IsSymbol(string? symbol) => Ticker.IsValid(symbol);

    /// <summary>Letters, digits, '.', '_', '-' and '@', 1 to 64 characters, beginning with a letter or digit.</summary>
    public static bool IsSubject(string? name) => name is not null && SubjectName().IsMatch(name);

    /// <summary>Printable ASCII without spaces, 1 to 64 characters.</summary>
    public static bool IsClientOrderId(string? id) => id is not null && OrderId().IsMatch(id);

    /// <summary>A portfolio's identifier, ':', and a number from 1 on.</summary>
    public static bool IsDecisionId(string? id) => id is not null && DecisionId().IsMatch(id);

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,63}:[1-9][0-9]{0,17}\z", RegexOptions.CultureInvariant)]
    private static partial Regex DecisionId();

    [GeneratedRegex(@"^[a-z0-9][a-z0-9_-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex PortfolioId();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9_.\-]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex MacroKey();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._\-@]{0,63}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SubjectName();

    [GeneratedRegex(@"^[\x21-\x7e]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex OrderId();
}
