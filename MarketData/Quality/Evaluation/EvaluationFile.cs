using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Trading.MarketData;

/// <summary>One bar or quote that a rule noticed while a data set was evaluated.</summary>
/// <param name="File">Relative to the folder of the data, with slashes.</param>
/// <param name="Date">The date by the file's own clock.</param>
/// <param name="Before">The date of the bar before it, by the same clock; a gap lies between the two.</param>
/// <param name="Released">It was held, and a later bar confirmed it.</param>
sealed record Sighting(string File, DateTime Date, DateTime Before, BarVerdict Verdict, bool Released);

/// <summary>What one file of a data set gave.</summary>
sealed record FileSightings(string File, int Rows, DateTime First, DateTime Last, ImmutableArray<Sighting> Sightings)
{
    /// <summary>Why it was not evaluated; null where it was.</summary>
    public string? Skipped { get; init; }
}

/// <summary>Reads the files of the reference data set: see its README for their conventions.</summary>
static class EvaluationFile
{
    /// <summary>Rows as cells by header; a broken row throws with its line.</summary>
    public static ImmutableArray<Row> Rows(string path)
    {
        var findings = new FileFindings(path);
        var rows = ImmutableArray.CreateBuilder<Row>();
        if (CsvTable.Load(path, findings) is { } content && CsvTable.Open(content, findings) is { } csv)
        {
            var columns = csv.Header.Select((name, index) => (name, index)).DistinctBy(column => column.name)
                .ToDictionary(column => column.name, column => column.index);
            while (csv.Read()) rows.Add(new(columns, csv.Cells, path, csv.Line));
        }

        findings.ThrowIfAny();
        return rows.ToImmutable();
    }

    /// <summary>What a symbol named when, and the actions of each of those securities.</summary>
    public static (ImmutableArray<Listing> Listings, ImmutableArray<CorporateAction> Actions) History(
        string folder, string symbol)
    {
        using var inventory = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "quality", "inventory.json")));
        var listings = ImmutableArray.CreateBuilder<Listing>();
        var actions = ImmutableArray.CreateBuilder<CorporateAction>();
        foreach (var entry in inventory.RootElement.EnumerateArray()
            .Where(entry => entry.GetProperty("symbol").GetString() == symbol))
            foreach (var security in entry.GetProperty("securities").EnumerateArray())
            {
                var (from, to, factors) = (
                    DateOf(security, "from_"), DateOf(security, "to"),
                    security.GetProperty("factor_file").GetString());
                listings.Add(new(from, to, factors ?? $"{symbol} of {from:yyyy}"));
                if (factors is not null)
                    actions.AddRange(
                        FactorFile.Read(Path.Combine(folder, "factors", factors + ".csv"))
                            .Actions(NyseCalendar.Instance)
                        .Where(action => action.ExDate >= from && action.ExDate <= to));
            }

        return (listings.ToImmutable(), actions.ToImmutable());
    }

    static DateOnly DateOf(JsonElement security, string name) =>
        DateOnly.ParseExact(security.GetProperty(name).GetString()!, "yyyy-MM-dd", CultureInfo.InvariantCulture);

    /// <summary>One row of a file.</summary>
    internal sealed record Row(IReadOnlyDictionary<string, int> Columns, string[] Cells, string File, long Line)
    {
        public decimal? Number(string column) =>
            Columns.TryGetValue(column, out var index)
                && decimal.TryParse(Cells[index], NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                ? number : null;

        public string? Text(string column) => Columns.TryGetValue(column, out var index) ? Cells[index] : null;

        /// <summary>The time as the file writes it: UTC where it names a zone, else the wall time of no zone; never the
        /// zone of this machine.</summary>
        public DateTime Time => DateTime.TryParse(
            Text("time") ?? Text("date") ?? Text("Date"), CultureInfo.InvariantCulture,
            DateTimeStyles.AdjustToUniversal, out var time)
            ? time : throw Refused("time", "date", "the row has no date or time");

        public Bar Bar(DateTimeOffset time, string prefix = "") => new(
            time, Price(prefix + "open"), Price(prefix + "high"), Price(prefix + "low"), Price(prefix + "close"),
            Number("volume") ?? Number("volume_quote"));

        decimal Price(string column) => Number(column) ?? throw Refused(
            column, "number", $"{FileFindings.Quote(Text(column) ?? "")} is not a decimal number");

        MarketDataFormatException Refused(string field, string rule, string message) =>
            new(File, [new(field, rule, message, Line)], 1);
    }
}
