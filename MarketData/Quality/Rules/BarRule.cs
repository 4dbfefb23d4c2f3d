using System.Text.Json.Serialization;

namespace Trading.MarketData;

/// <summary>What a rule of quality notices in a bar or a quote. The codes (snake_case) are stable; what each means,
/// and the usual verdict, says the table in docs/data-quality.md. The order is the order of reports among equal
/// verdicts.</summary>
[JsonConverter(typeof(SnakeCaseEnumConverter<BarRule>))]
public enum BarRule
{
    NonPositivePrice,
    ImpossibleBar,
    NegativeVolume,
    AbsurdValue,
    Future,
    Unordered,
    Duplicate,
    PreSplitPrice,
    UnexplainedSplit,
    SymbolReuse,
    SourceDisagrees,
    Wick,
    Jump,
    OffGrid,
    OffSession,
    IncompleteInterval,
    ZeroVolume,
    StaleRun,
    FillForward,
    CrossedQuote,
    StubQuote,
    QuoteWick,
    LockedQuote,
    WickOutlier,
    ReturnOutlier,
    SplitExplained,
    DividendExplained,
    SymbolChange,
    DayCutOff,
    Gap,
    QuietMinutes,
    OneTrade,
    ThinVolume,
}
