using System.Collections.Immutable;
using System.Globalization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>The form of hypothetical shocks, judged without any book: every broken rule at once.</summary>
public static class StressForm
{
    /// <summary>A price can lose all that it is, and grow elevenfold.</summary>
    const double Least = -1, Most = 10;

    const int MaxNameLength = 64;

    public static ImmutableArray<FieldError> Check(StressShocks shocks)
    {
        List<FieldError?> findings =
        [
            Unless(shocks.Name is { Length: > 0 and <= MaxNameLength }, "name", "length", $"1 to {MaxNameLength} characters", shocks.Name?.Length),
            Unless(shocks.Market is not null || shocks.Sectors.Length + shocks.Symbols.Length > 0, "market", "required",
                "given, or the shock of a sector or a symbol", shocks.Market),
            shocks.Market is { } market ? Return("market", market) : null,
        ];
        Add("sectors", "sector", shocks.Sectors, name => name is { Length: > 0 and <= MaxNameLength }, $"1 to {MaxNameLength} characters");
        Add("symbols", "symbol", shocks.Symbols, GrainKeys.IsSymbol, $"1 to {GrainKeys.MaxLength} letters, digits or any of . - / = ^");
        return FieldErrors.Collect([.. findings]);

        void Add(string list, string member, ImmutableArray<NamedShock> named, Func<string, bool> isName, string form)
        {
            var seen = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            for (var i = 0; i < named.Length; i++)
            {
                var field = string.Create(CultureInfo.InvariantCulture, $"{list}[{i}]");
                findings.Add(Unless(isName(named[i].Name), $"{field}.{member}", "form", form, named[i].Name));
                findings.Add(Unless(seen.Add(named[i].Name), $"{field}.{member}", "unique", "named once", named[i].Name));
                findings.Add(Return($"{field}.shock", named[i].Shock));
            }
        }
    }

    /// <summary>Names that touch no position: a mistyped one must not look like safety.</summary>
    internal static ImmutableArray<FieldError> CheckHeld(StressShocks shocks, ImmutableArray<HeldSeries> held)
    {
        List<FieldError> errors = [];
        Add("sectors", "sector", shocks.Sectors, name => held.Any(position => position.Sector == name));
        Add("symbols", "symbol", shocks.Symbols, name => held.Any(position => position.Symbol == name));
        return [.. errors];

        void Add(string list, string member, ImmutableArray<NamedShock> named, Func<string, bool> isHeld)
        {
            for (var i = 0; i < named.Length; i++)
                if (!isHeld(named[i].Name))
                    errors.Add(new(string.Create(CultureInfo.InvariantCulture, $"{list}[{i}].{member}"), "held",
                        $"The portfolio holds no position with the {member} '{named[i].Name}'."));
        }
    }

    static FieldError? Return(string field, double shock) =>
        Unless(shock is >= Least and <= Most, field, "range", "a simple return from -1 to 10", shock);

    static FieldError? Unless<T>(bool holds, string field, string rule, string words, T value) => holds
        ? null
        : new(field, rule, string.Create(CultureInfo.InvariantCulture, $"{field} must be {words}; it is {value?.ToString() ?? "missing"}."));
}
