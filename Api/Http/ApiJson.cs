using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using Trading.Alerts;
using Trading.Backtests;
using Trading.MarketData;
using Trading.Models;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>How answers are written: snake_case names, enums as snake_case texts, null for what is not known.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(SystemStatus))]
[JsonSerializable(typeof(SystemMetrics))]
[JsonSerializable(typeof(PerformanceNow))]
[JsonSerializable(typeof(LogLevelsAnswer))]
[JsonSerializable(typeof(AlertList))]
[JsonSerializable(typeof(AlertReceipt))]
[JsonSerializable(typeof(LimitsHistory))]
[JsonSerializable(typeof(LimitsVersion))]
[JsonSerializable(typeof(LimitOverride))]
[JsonSerializable(typeof(BudgetBranch))]
[JsonSerializable(typeof(BudgetReport))]
[JsonSerializable(typeof(BudgetPlace))]
[JsonSerializable(typeof(RiskReport))]
[JsonSerializable(typeof(BacktestReport))]
[JsonSerializable(typeof(StressReport))]
[JsonSerializable(typeof(GuardReport))]
[JsonSerializable(typeof(FirmReport))]
[JsonSerializable(typeof(EmergencyAnswer))]
[JsonSerializable(typeof(SignalDecision))]
[JsonSerializable(typeof(ImmutableArray<SignalDecision>))]
[JsonSerializable(typeof(ImmutableArray<string>))]
[JsonSerializable(typeof(ImmutableArray<RecordedDecision>))]
[JsonSerializable(typeof(TradePreview))]
[JsonSerializable(typeof(DecisionExplanation))]
[JsonSerializable(typeof(DecisionReplay))]
[JsonSerializable(typeof(PortfolioSnapshot))]
[JsonSerializable(typeof(ImmutableArray<Position>))]
[JsonSerializable(typeof(FillReceipt))]
[JsonSerializable(typeof(Reservation))]
[JsonSerializable(typeof(EnabledSymbol))]
[JsonSerializable(typeof(SessionStatus))]
[JsonSerializable(typeof(DataQuality))]
[JsonSerializable(typeof(ImmutableArray<SourceReport>))]
[JsonSerializable(typeof(SourceBreakerState))]
[JsonSerializable(typeof(BarsAnswer))]
[JsonSerializable(typeof(BarAnswer))]
[JsonSerializable(typeof(ImmutableArray<HeldAnswer>))]
[JsonSerializable(typeof(InstrumentReport))]
[JsonSerializable(typeof(ValidationReport))]
[JsonSerializable(typeof(IngestReport))]
[JsonSerializable(typeof(IngestProblem))]
[JsonSerializable(typeof(NewsPage))]
[JsonSerializable(typeof(MacroSeries))]
[JsonSerializable(typeof(BacktestJob))]
[JsonSerializable(typeof(ImmutableArray<BacktestJob>))]
[JsonSerializable(typeof(BacktestComparison))]
[JsonSerializable(typeof(ImmutableArray<ModelPrediction>))]
[JsonSerializable(typeof(ImmutableArray<ModelPerformance>))]
[JsonSerializable(typeof(ImmutableArray<TrainingStatus>))]
[JsonSerializable(typeof(TokenAnswer))]
[JsonSerializable(typeof(MeAnswer))]
[JsonSerializable(typeof(ApprovalAnswer))]
[JsonSerializable(typeof(SubjectAnswer))]
[JsonSerializable(typeof(ImmutableArray<SubjectAnswer>))]
[JsonSerializable(typeof(ApiKeyAnswer))]
[JsonSerializable(typeof(ImmutableArray<ApiKeyAnswer>))]
[JsonSerializable(typeof(SigningKeyAnswer))]
[JsonSerializable(typeof(AuditPage))]
[JsonSerializable(typeof(TradeTrace))]
[JsonSerializable(typeof(TrainingStatus))]
[JsonSerializable(typeof(ModelVersions))]
[JsonSerializable(typeof(ImmutableArray<ModelVersions>))]
[JsonSerializable(typeof(ImmutableArray<ModelFeatures>))]
[JsonSerializable(typeof(ImmutableArray<ModelTrials>))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>What problems are written with: members that do not apply are left out. A class of its own: a static member of
/// <see cref="ApiJson"/> could be initialised before its default is.</summary>
internal static class ProblemJson
{
    public static ApiJson Context { get; } = new(new(ApiJson.Default.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
