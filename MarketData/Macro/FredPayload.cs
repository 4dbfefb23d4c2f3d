using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Trading.MarketData;

/// <summary>Reads the observations that FRED gives, as JSON (<c>fred/series/observations</c>) or as CSV
/// (<c>fredgraph.csv</c>). A value of <c>.</c> is missing, which is not zero.</summary>
static class FredPayload
{
    const NumberStyles Plain =
        NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;

    /// <param name="now">When the answer came: nothing in it became known later.</param>
    /// <returns>By date, then by the time they became known.</returns>
    /// <exception cref="SourceException">It is not the answer to the question, or only part of it; nothing was taken
    /// from it.</exception>
    public static ImmutableArray<MacroObservation> ParseJson(
        string source, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("observations", out var list)
                || list.ValueKind != JsonValueKind.Array)
                throw Nonsense(source, "the answer has no array 'observations'");
            if (root.TryGetProperty("count", out var count) && count.TryGetInt64(out var all)
                && all != list.GetArrayLength())
                throw Nonsense(source, $"the answer holds {list.GetArrayLength()} of {all} observations");
            return InOrder(
                source, list.EnumerateArray().Select((item, index) => Observation(source, item, index, now)));
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            throw new SourceException(
                source, SourceFailure.Nonsense, $"the answer is not the JSON expected: {broken.Message}",
                inner: broken);
        }
    }

    /// <summary>What FRED says of a series that it does not have.</summary>
    public static bool SaysUnknown(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("error_message", out var words)
                && words.ValueKind == JsonValueKind.String
                && words.GetString()!.Contains("series does not exist", StringComparison.OrdinalIgnoreCase);
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <param name="series">The name that the column of values must have.</param>
    /// <inheritdoc cref="ParseJson"/>
    public static ImmutableArray<MacroObservation> ParseCsv(
        string source, string series, ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        var findings = new FileFindings(series);
        List<MacroObservation> observations = [];
        try
        {
            var csv = CsvTable.Open(body.Span, findings);
            findings.ThrowIfAny();
            if (csv!.Header is not [var date, var value] || !(date.ToUpperInvariant() is "DATE" or "OBSERVATION_DATE")
                || !value.Equals(series, StringComparison.OrdinalIgnoreCase))
                findings.Add("file", "columns", $"the columns are not a date and {series}", 1);
            findings.ThrowIfAny();
            while (csv.Read())
            {
                if (!TryDate(csv.Cells[0], out var day))
                    findings.Add(
                        "date", "date", $"{FileFindings.Quote(csv.Cells[0])} is not a date of the form yyyy-MM-dd",
                        csv.Line);
                if (!TryValue(csv.Cells[1], out var number))
                    findings.Add(
                        series, "number", $"{FileFindings.Quote(csv.Cells[1])} is not a decimal number", csv.Line);
                observations.Add(new(day, number, now));
            }

            findings.ThrowIfAny();
        }
        catch (MarketDataFormatException broken)
        {
            throw new SourceException(source, SourceFailure.Nonsense, broken.Message, inner: broken);
        }

        return InOrder(source, observations);
    }

    static MacroObservation Observation(string source, JsonElement item, int index, DateTimeOffset now)
    {
        if (item.ValueKind != JsonValueKind.Object || !TryDate(Text(item, "date"), out var date))
            throw Nonsense(source, $"observations[{index}].date is no date of the form yyyy-MM-dd");
        if (Text(item, "value") is not { } text || !TryValue(text, out var value))
            throw Nonsense(source, $"observations[{index}].value is neither a number nor '.'");
        return new(
            date, value,
            TryDate(Text(item, "realtime_start"), out var vintage) && EndOf(vintage) is var known && known < now
                ? known : now);
    }

    /// <summary>The hour of a vintage is not known, so that it counts from the end of its day.</summary>
    static DateTimeOffset EndOf(DateOnly vintage) =>
        vintage == DateOnly.MaxValue ? DateTimeOffset.MaxValue : new(vintage.AddDays(1), default, TimeSpan.Zero);

    static ImmutableArray<MacroObservation> InOrder(string source, IEnumerable<MacroObservation> observations)
    {
        ImmutableArray<MacroObservation> ordered =
            [.. observations.OrderBy(observation => observation.Date).ThenBy(observation => observation.KnownAt)];
        for (var index = 1; index < ordered.Length; index++)
            if (ordered[index].Date == ordered[index - 1].Date && ordered[index].KnownAt == ordered[index - 1].KnownAt)
                throw Nonsense(source, $"{ordered[index].Date:yyyy-MM-dd} is given twice");
        if (ordered.Length > MacroVersions.MaxVersions)
            throw Nonsense(
                source, $"the answer holds {ordered.Length} observations; it can hold {MacroVersions.MaxVersions}");
        return ordered;
    }

    static string? Text(JsonElement item, string name) =>
        item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static bool TryDate(string? text, out DateOnly date) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    static bool TryValue(string text, out decimal? value)
    {
        value = null;
        if (text is "." or "") return true;
        if (!decimal.TryParse(text, Plain, CultureInfo.InvariantCulture, out var number)) return false;
        value = number;
        return true;
    }

    static SourceException Nonsense(string source, string message) => new(source, SourceFailure.Nonsense, message);
}
