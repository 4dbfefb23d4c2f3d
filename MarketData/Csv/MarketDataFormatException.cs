using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Trading.MarketData;

/// <summary>A file breaks the rules of its format; nothing was taken from it.</summary>
public sealed class MarketDataFormatException : Exception
{
    internal MarketDataFormatException(string file, ImmutableArray<FieldError> errors, long total)
        : base(Describe(file, errors, total))
    {
        File = file;
        Errors = errors;
        Total = total;
    }

    /// <summary>The file as the configuration names it.</summary>
    public string File { get; }

    /// <summary>The broken rules in the order of the file, at most 100. Field is the column's
    /// header, or <c>row</c> or <c>file</c> for what concerns a whole one.</summary>
    public ImmutableArray<FieldError> Errors { get; }

    /// <summary>How many rules were broken in all.</summary>
    public long Total { get; }

    static string Describe(string file, ImmutableArray<FieldError> errors, long total)
    {
        var text = new StringBuilder();
        text.Append(
            CultureInfo.InvariantCulture, $"{file} cannot be used; {total} broken {(total == 1 ? "rule" : "rules")}:");
        foreach (var error in errors)
        {
            text.Append("\n  ");
            if (error.Place is { } place) text.Append(CultureInfo.InvariantCulture, $"{place}, ");
            text.Append(CultureInfo.InvariantCulture, $"{error.Field}, {error.Rule}: {error.Message}");
        }

        if (total > errors.Length) text.Append(CultureInfo.InvariantCulture, $"\n  and {total - errors.Length} more");
        return text.ToString();
    }
}

/// <summary>Collects the broken rules of one file: all are counted, the first <see cref="MaxListed"/> are
/// kept.</summary>
internal sealed class FileFindings(string file)
{
    public const int MaxListed = 100;
    const int MaxQuoted = 40;
    readonly ImmutableArray<FieldError>.Builder _listed = ImmutableArray.CreateBuilder<FieldError>();
    readonly Dictionary<string, long> _byRule = new(StringComparer.Ordinal);

    public long Total { get; private set; }

    public IReadOnlyDictionary<string, long> ByRule => _byRule;

    public ImmutableArray<FieldError> Listed => _listed.ToImmutable();

    public void Add(string field, string rule, string message, long? line, long? index = null)
    {
        Total++;
        _byRule[rule] = _byRule.GetValueOrDefault(rule) + 1;
        if (_listed.Count < MaxListed) _listed.Add(new(Printable(field), rule, message, line, index));
    }

    public void ThrowIfAny()
    {
        if (Total > 0) throw new MarketDataFormatException(file, Listed, Total);
    }

    /// <summary>A cell as it can be shown: quoted, short, without control characters.</summary>
    public static string Quote(string cell) => $"'{Printable(cell)}'";

    static string Printable(string text)
    {
        var shown = text.Length > MaxQuoted ? text[..MaxQuoted] + "…" : text;
        return string.Concat(
            shown.Select(letter => char.IsControl(letter) || char.IsSurrogate(letter) ? '\uFFFD' : letter));
    }
}
