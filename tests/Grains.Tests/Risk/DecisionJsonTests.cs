using System.Collections.Immutable;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Trading.Risk.Tests;

/// <summary>Decisions are written by hand; what comes out is what the serializer of the platform would write.</summary>
public sealed class DecisionJsonTests
{
    static readonly JsonSerializerOptions Platform = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    [Fact]
    public void The_bytes_are_those_of_the_platforms_serializer()
    {
        var random = new Random(20260105);
        for (var i = 0; i < 5_000; i++)
        {
            var decision = Decision(random);
            Assert.Equal(JsonSerializer.Serialize(decision, Platform), Encoding.UTF8.GetString(DecisionJson.Write(decision)));
        }
    }

    [Fact]
    public void What_is_written_is_read_as_the_same_decision()
    {
        var random = new Random(20260106);
        for (var i = 0; i < 500; i++)
        {
            var json = DecisionJson.Write(Decision(random));
            Assert.Equal(json, DecisionJson.Write(DecisionJson.Read(json)));
        }
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_number_that_is_not_finite_is_refused_and_leaves_nothing_behind(double value)
    {
        var decision = Decision(new Random(1));
        var json = DecisionJson.Write(decision);
        Assert.Throws<ArgumentException>(() => DecisionJson.Write(decision with { Confidence = value }));
        Assert.Equal(json, DecisionJson.Write(decision));
    }

    internal static SignalDecision Decision(Random random)
    {
        var approved = random.Next(2) == 0;
        return new(
            Text(random)!, Text(random)!, Maybe(random, Text), Text(random)!, random.Next(2) == 0 ? Side.Buy : Side.Sell, Decimal(random),
            Maybe(random, Double), Maybe(random, Decimal), Maybe(random, Decimal), approved, Maybe(random, Decimal), Maybe(random, Time),
            Maybe(random, Decimal), Many(random, Violation), MaybeMeasures(random), MaybeMeasures(random), Many(random, Usage), random.NextInt64(),
            "historical/order_statistic/252d/1d", Time(random))
        {
            Strategy = Maybe(random, Text), LimitsId = Maybe(random, Text),
            RiskWindow = MaybeWindow(random),
            RiskWindowBefore = MaybeWindow(random),
            ReduceOnly = random.Next(2) == 0,
            ReservedQuantity = Maybe(random, Decimal),
            Currency = Maybe(random, Text),
            FxRate = Maybe(random, Decimal),
            FxPeg = Maybe(random, Text),
            By = Maybe(random, Text),
        };
    }

    static RiskWindow? MaybeWindow(Random random) => random.Next(2) == 0 ? null : new(
        random.Next(300), DateOnly.FromDayNumber(random.Next(3_000_000)), DateOnly.FromDayNumber(random.Next(3_000_000)));

    static RiskViolation Violation(Random random) =>
        new(Rule(random), Maybe(random, Decimal), Maybe(random, Decimal), Maybe(random, Text), Text(random)!);

    static LimitUsage Usage(Random random) =>
        new(Rule(random), Maybe(random, Decimal), Maybe(random, Decimal), Maybe(random, Decimal), Text(random)!);

    static BookMeasures? MaybeMeasures(Random random) => random.Next(5) == 0 ? null : new(
        Decimal(random), Decimal(random), Decimal(random), Decimal(random), Maybe(random, Double), Maybe(random, Double), Maybe(random, Double),
        Maybe(random, Double), Double(random)) { ValueAtRisk99 = Maybe(random, Double), StrategyWeight = Maybe(random, Double), DailyLoss = Maybe(random, Double) };

    static RiskRule Rule(Random random) => (RiskRule)random.Next(Enum.GetValues<RiskRule>().Length);

    static ImmutableArray<T> Many<T>(Random random, Func<Random, T> one) =>
        [.. Enumerable.Range(0, random.Next(4)).Select(_ => one(random))];

    static T? Maybe<T>(Random random, Func<Random, T> one) where T : struct => random.Next(4) == 0 ? null : one(random);

    static string? Maybe(Random random, Func<Random, string?> one) => random.Next(4) == 0 ? null : one(random);

    /// <summary>Of all magnitudes and scales, and often one that was written before.</summary>
    static decimal Decimal(Random random) => random.Next(5) switch
    {
        0 => random.Next(-3, 3),
        1 => new decimal(random.Next(), random.Next(), random.Next(), random.Next(2) == 0, (byte)random.Next(29)),
        2 => random.Next(100) / 100m,
        3 => (random.Next(100) / 100m) + 0.00m,
        _ => random.Next(2) == 0 ? decimal.MinValue : decimal.MaxValue,
    };

    static double Double(Random random)
    {
        var value = random.Next(4) switch
        {
            0 => random.Next(-3, 3),
            1 => random.NextDouble(),
            2 => random.Next(100) / 100.0,
            _ => BitConverter.Int64BitsToDouble(random.NextInt64(long.MinValue, long.MaxValue)),
        };
        return double.IsFinite(value) ? value : -0.0;
    }

    static DateTimeOffset Time(Random random) =>
        new DateTimeOffset(2026, 1, 5, 12, random.Next(60), 0, TimeSpan.FromMinutes(random.Next(3) == 0 ? random.Next(-800, 800) : 0))
            .AddTicks(random.Next(3) == 0 ? random.Next(10_000_000) : random.Next(10) * 1_000_000);

    static string? Text(Random random) => random.Next(6) switch
    {
        0 => "IBM",
        1 => "",
        2 => "a \"quoted\" \\ text <&'+>",
        3 => "Żółw über 東京 😀 \u0001\t\u007f",
        4 => new string((char)random.Next(0x20, 0xD7FF), 3),
        _ => new string('x', random.Next(5_000)),
    };
}
