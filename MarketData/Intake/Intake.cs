using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.MarketData;

/// <summary>How bars are to be taken in.</summary>
/// <param name="Symbol">Of every row; null where each row names its own.</param>
/// <param name="Source">Who brings them: the provenance of each.</param>
public sealed record IntakeRequest(
    BarInterval Interval, string? Symbol = null, string Source = IntakeRequest.DefaultSource)
{
    public const string DefaultSource = "ingest";

    /// <summary>Passes over rows that cannot be read; else the first of them ends the intake.</summary>
    public bool SkipBadRows { get; init; }
}

/// <param name="Rule">A stable code.</param>
public sealed record FaultCount(string Rule, long Count);

/// <summary>The rows of an input, before anybody asks whether their bars are plausible.</summary>
/// <param name="Bad">Rows that could not be read as a bar of a symbol.</param>
/// <param name="Faults">How many faults of each rule, the most frequent first; a row can have several.</param>
/// <param name="Errors">The first of them, with line, field and rule; bounded.</param>
public sealed record RowReport(
    long Good, long Bad, ImmutableArray<FaultCount> Faults, ImmutableArray<FieldError> Errors)
{
    /// <summary>Whether nothing is wrong, a missing column or an empty input included.</summary>
    [JsonIgnore] public bool IsSound => Faults.IsEmpty;

    /// <summary>The most errors that are listed.</summary>
    public const int MaxErrors = 100;
}

/// <summary>What the rules of quality say of the bars of one symbol.</summary>
/// <param name="First">The first bar that was not rejected.</param>
/// <param name="Scores">Freshness is null: it is a matter of when somebody asks.</param>
/// <param name="Confirmed">Of the bars in quarantine, those that the bars behind them confirmed.</param>
/// <param name="Latest">The latest findings, newest first, bounded; fewer where the input has many symbols.</param>
public sealed record SeriesInspection(
    string Symbol,
    AssetClass Class,
    DateTimeOffset? First,
    DateTimeOffset? Last,
    QualityScores Scores,
    long Accepted,
    long Quarantined,
    long Rejected,
    long Confirmed,
    ImmutableArray<RuleCount> Rules,
    ImmutableArray<QualityFinding> Latest);

/// <summary>What an input is worth.</summary>
/// <param name="Symbols">By ticker.</param>
public sealed record ValidationReport(
    BarInterval Interval, RowReport Rows, long Accepted, long Quarantined, long Rejected,
    ImmutableArray<SeriesInspection> Symbols)
{
    /// <summary>The most symbols of one input; rows of more are faults.</summary>
    public const int MaxSymbols = 5_000;

    /// <summary>Every row was read and no bar is impossible.</summary>
    [JsonIgnore] public bool IsSound => Rows.IsSound && Rejected == 0;
}

[JsonConverter(typeof(SnakeCaseEnumConverter<IngestEnd>))]
public enum IngestEnd
{
    /// <summary>The whole input was read, and every row that could be read was dealt with.</summary>
    Complete,
    /// <summary>At a row that could not be read; the rows before it were dealt with.</summary>
    BadRow,
    /// <summary>A batch could not be stored; which rows were says the report.</summary>
    Failed,
}

/// <summary>What became of the bars of one symbol.</summary>
/// <param name="Failed">Bars of batches that could not be stored, or were not tried any more.</param>
public sealed record IngestedSymbol(string Symbol, IngestReceipt Receipt, long Failed);

/// <summary>What became of an input.</summary>
/// <param name="Receipt">The sum over all symbols.</param>
/// <param name="Problem">Why it ended before the input did, in words; null where it did not.</param>
/// <param name="Symbols">By ticker.</param>
public sealed record IngestReport(
    IngestEnd End, string? Problem, string Source, BarInterval Interval, RowReport Rows, IngestReceipt Receipt,
    ImmutableArray<IngestedSymbol> Symbols)
{
    /// <summary>What became of the daily bars that were put together from these; null where none were asked
    /// for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public IngestReceipt? Days { get; init; }
}
