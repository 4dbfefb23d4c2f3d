namespace Trading.MarketData;

/// <summary>One row of an input that was read without a fault.</summary>
/// <param name="Line">The 1-based line on which it starts.</param>
/// <param name="Symbol">The ticker in upper case; null where the input has no column <c>symbol</c>.</param>
/// <param name="Index">The 0-based element of a JSON array; null in other inputs.</param>
readonly record struct BarRow(long Line, string? Symbol, Bar Bar, long? Index = null)
{
    /// <summary>Whether it stands before a fault. One without an element behind the elements of its line is of the array
    /// itself.</summary>
    public bool IsBefore(FieldError fault) =>
        Line < fault.Line || (Line == fault.Line && Index is { } index && !(index >= fault.Index));
}

/// <summary>How bars are written in an input; UTF-8 in every case.</summary>
enum BarFormat
{
    /// <summary>A header line and a line for each bar (RFC 4180, comma, a quoted cell ends on its line).</summary>
    Csv,
    /// <summary>One JSON object per line.</summary>
    NdJson,
    /// <summary>One JSON array of objects.</summary>
    JsonArray,
}

/// <summary>What a column or property of an input means.</summary>
enum BarField
{
    Unknown,
    Time,
    Open,
    High,
    Low,
    Close,
    Volume,
    Symbol,
}

/// <summary>The names of columns and properties, in any case.</summary>
static class BarFields
{
    /// <summary>Without these there is no bar.</summary>
    public static ReadOnlySpan<BarField> Required =>
        [BarField.Time, BarField.Open, BarField.High, BarField.Low, BarField.Close];

    public static BarField Of(string name) => name.ToUpperInvariant() switch
    {
        "DATE" or "TIME" or "TIMESTAMP" or "OPEN_TIME" => BarField.Time,
        "OPEN" => BarField.Open,
        "HIGH" => BarField.High,
        "LOW" => BarField.Low,
        "CLOSE" => BarField.Close,
        "VOLUME" => BarField.Volume,
        "SYMBOL" => BarField.Symbol,
        _ => BarField.Unknown,
    };

    public static string NameOf(BarField field) => field switch
    {
        BarField.Time => "time",
        BarField.Open => "open",
        BarField.High => "high",
        BarField.Low => "low",
        BarField.Close => "close",
        BarField.Volume => "volume",
        _ => "symbol",
    };
}
