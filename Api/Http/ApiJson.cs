using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Trading.MarketData;
using Trading.Models;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>How answers are written: snake_case names, enums as snake_case texts, null for what is not known.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters = [typeof(SnakeCase<Side>), typeof(SnakeCase<RiskRule>), typeof(SnakeCase<SeriesStatus>), typeof(SnakeCase<TrainingState>)])]
[JsonSerializable(typeof(ApiProblem))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(SystemStatus))]
[JsonSerializable(typeof(LimitsHistory))]
[JsonSerializable(typeof(LimitsVersion))]
[JsonSerializable(typeof(RiskReport))]
[JsonSerializable(typeof(SignalDecision))]
[JsonSerializable(typeof(ImmutableArray<SignalDecision>))]
[JsonSerializable(typeof(ImmutableArray<string>))]
[JsonSerializable(typeof(PortfolioSnapshot))]
[JsonSerializable(typeof(ImmutableArray<Position>))]
[JsonSerializable(typeof(FillReceipt))]
[JsonSerializable(typeof(Reservation))]
[JsonSerializable(typeof(DataQuality))]
[JsonSerializable(typeof(ImmutableArray<ModelPrediction>))]
[JsonSerializable(typeof(ImmutableArray<ModelPerformance>))]
[JsonSerializable(typeof(ImmutableArray<TrainingStatus>))]
internal sealed partial class ApiJson : JsonSerializerContext;

/// <summary>How problems are written: as above, without the members that do not apply.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ApiProblem))]
internal sealed partial class ProblemJson : JsonSerializerContext;

internal sealed class SnakeCase<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where TEnum : struct, Enum;
