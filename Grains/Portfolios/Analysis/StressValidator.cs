using System.Collections.Immutable;
using System.Globalization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>What hypothetical shocks must be: every broken rule at once.</summary>
static class StressValidator
{
    /// <summary>A price can lose all that it is, and grow elevenfold.</summary>
    const double Least = -1, Most = 10;

    const int MaxNameLength = 64;

    /// <param name="held">The positions that they are for: a shock that touches none is refused, since a mistyped name
    /// must not look like safety. Null judges the form alone.</param>
    public static ImmutableArray<FieldError> Check(StressShocks shocks, ImmutableArray<HeldSeries>? held = null)
    {
        List<FieldError?> findings =
        [
            Unless(
                shocks.Name is { Length: > 0 and <= MaxNameLength }, "name", "length",
                $"1 to {MaxNameLength} characters", shocks.Name?.Length),
            Unless(shocks.Market is not null || shocks.Sectors.Length + shocks.Symbols.Length > 0, "market", "required",
                "given, or the shock of a sector or a symbol", shocks.Market),
            shocks.Market is { } market ? Return("market", market) : null,
        ];
        var sectors = held?.Select(position => position.Sector ?? "").ToHashSet(StringComparer.Ordinal);
        var symbols = held?.Select(position => position.Symbol).ToHashSet(StringComparer.Ordinal);
        Add(
            "sectors", "sector", shocks.Sectors, name => name is { Length: > 0 and <= MaxNameLength },
            $"1 to {MaxNameLength} characters", sectors);
        Add(
            "symbols", "symbol", shocks.Symbols, GrainKeys.IsSymbol,
            $"1 to {GrainKeys.MaxLength} letters, digits or any of . - / = ^", symbols);
        return FieldErrors.Collect([.. findings]);

        void Add(
            string list, string member, ImmutableArray<NamedShock> named, Func<string, bool> isName, string form,
            HashSet<string>? known)
        {
            var seen = new HashSet<string>(StringComparer.Ordinal);
            for (var i = 0; i < named.Length; i++)
            {
                var (name, field) = (named[i].Name, string.Create(CultureInfo.InvariantCulture, $"{list}[{i}]"));
                var isFormed = isName(name);
                findings.Add(Unless(isFormed, $"{field}.{member}", "form", form, name));
                findings.Add(Unless(seen.Add(name), $"{field}.{member}", "unique", "named once", name));
                findings.Add(Unless(
                    !isFormed || known?.Contains(name) != false, $"{field}.{member}",
                    "held", $"a {member} that the book holds", name));
                findings.Add(Return($"{field}.shock", named[i].Shock));
            }
        }
    }

    static FieldError? Return(string field, double shock) =>
        Unless(shock is >= Least and <= Most, field, "range", "a simple return from -1 to 10", shock);

    static FieldError? Unless<T>(bool holds, string field, string rule, string words, T value) => holds
        ? null
        : new(
            field, rule,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{field} must be {words}; it is {value?.ToString() ?? "missing"}."));
}
