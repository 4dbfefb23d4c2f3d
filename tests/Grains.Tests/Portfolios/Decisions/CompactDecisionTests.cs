using System.Collections.Immutable;
using System.Reflection;
using System.Text;
using Trading.Risk;
using Trading.Risk.Tests;

namespace Trading.Portfolios.Tests;

/// <summary>The form of decisions in the journal is shorter than their JSON, and the JSON comes out of it to the last byte.</summary>
public sealed class CompactDecisionTests
{
    [Fact]
    public void AnyDecision_ComesBack_AsTheSameBytes()
    {
        var random = new Random(20261128);
        for (var i = 0; i < 5_000; i++)
        {
            var decision = DecisionJsonTests.Decision(random);
            Encoding.UTF8.GetString(DecisionJson.Write(CompactDecision.Read(CompactDecision.Write(decision))))
                .ShouldBe(Encoding.UTF8.GetString(DecisionJson.Write(decision)));
        }
    }

    [Fact]
    public void EveryMember_IsKept_AlsoOneThatIsAddedLater()
    {
        var decision = (SignalDecision)Filled(typeof(SignalDecision), 1);
        var back = CompactDecision.Read(CompactDecision.Write(decision));
        back.Violations.ShouldBe(decision.Violations);
        back.Headroom.ShouldBe(decision.Headroom);
        back.ShouldBe(decision with { Violations = back.Violations, Headroom = back.Headroom });
    }

    [Fact]
    public void EveryRule_ComesBack_WhetherItHasANumberOrNot()
    {
        var decision = DecisionJsonTests.Decision(new Random(1)) with
        {
            Violations = [.. Enum.GetValues<RiskRule>().Select(rule => new RiskViolation(rule, 1m, 2m, "money", "over"))],
        };
        CompactDecision.Read(CompactDecision.Write(decision)).Violations.ShouldBe(decision.Violations);
    }

    [Theory]
    [InlineData("historical/order_statistic/252d/1d")]
    [InlineData("historical/order_statistic/252d/1d/any_fill")]
    [InlineData("historical/order_statistic/999999d/1d/any_fill")]
    [InlineData("historical/order_statistic/1000252d/1d")]
    [InlineData("historical/type_7/252d/1d/any_fill")]
    [InlineData("/any_fill")]
    [InlineData("")]
    public void AMethod_OfAnyForm_ComesBack(string method)
    {
        var decision = DecisionJsonTests.Decision(new Random(3)) with { RiskMethod = method };
        CompactDecision.Read(CompactDecision.Write(decision)).RiskMethod.ShouldBe(method);
    }

    [Fact]
    public void ADecisionThatEndsWithItsLimits_IsWhatAnOlderProgramWrote()
    {
        var decision = DecisionJsonTests.Decision(new Random(4)) with
        {
            RiskWindow = null, RiskWindowBefore = null, ReduceOnly = false, ReservedQuantity = null,
            Currency = null, FxRate = null, FxPeg = null, By = null,
        };
        DecisionJson.Write(CompactDecision.Read(CompactDecision.Write(decision).AsSpan()[..^7])).ShouldBe(DecisionJson.Write(decision));
    }

    [Theory]
    [InlineData("test:66")]
    [InlineData("test:066")]
    [InlineData("test:")]
    [InlineData("test")]
    [InlineData("test:9223372036854775808")]
    [InlineData("other:66")]
    [InlineData("")]
    public void AnId_OfAnyForm_ComesBack(string id)
    {
        var decision = DecisionJsonTests.Decision(new Random(2)) with { DecisionId = id, Portfolio = "test" };
        CompactDecision.Read(CompactDecision.Write(decision)).DecisionId.ShouldBe(id);
    }

    [Fact]
    public void ARefusalWithTheHeadroomOfEveryLimit_TakesLessThanHalf()
    {
        var json = DecisionJson.Write(Refusal);
        var compact = CompactDecision.Write(Refusal);
        DecisionJson.Write(CompactDecision.Read(compact)).ShouldBe(json);
        compact.Length.ShouldBeLessThan(json.Length / 3);
    }

    [Fact]
    public void ANumberThatIsNotFinite_IsRefused_AndLeavesNothingBehind()
    {
        var compact = CompactDecision.Write(Refusal);
        Should.Throw<ArgumentException>(() => CompactDecision.Write(Refusal with { Confidence = double.NaN }));
        CompactDecision.Write(Refusal).ShouldBe(compact);
    }

    [Fact]
    public void BytesThatAreCutOff_AreNoDecision()
    {
        var compact = CompactDecision.Write(Refusal);
        for (var length = 0; length < compact.Length - 9; length++) // the members after the method are what an older form lacks
            Should.Throw<InvalidDataException>(() => CompactDecision.Read(compact.AsSpan(0, length)));
        compact[0]++;
        Should.Throw<InvalidDataException>(() => CompactDecision.Read(compact));
    }

    static SignalDecision Refusal
    {
        get
        {
            var before = new BookMeasures(105_018.25m, 102_678.25m, 2_340m, 2_340m, 0.00035985158923967545, 0.00038844091569342087,
                0, 0.022281841489455403, 2.380532953760728E-06)
            {
                ValueAtRisk99 = 0.0003991549123031932,
                DailyLoss = -0.0001738095238095238,
            };
            return new(
                "default:31", "default", null, "AA", Side.Buy, 2_189, 0.9464928521525547, null, 103.25m, false, null, null, 101,
                [Over(RiskRule.PositionWeight, 2.15214260378553m, 0.1m)], before,
                before with { Cash = -123_336.00m, GrossExposure = 228_354.25m, ValueAtRisk95 = 0.03894926259609363 },
                [
                    Usage(RiskRule.PositionWeight, 0, 0.1m), Usage(RiskRule.GrossExposure, 0.0222818414894554m, 1.5m),
                    Usage(RiskRule.NetExposure, 0.0222818414894554m, 1), Usage(RiskRule.SectorExposure, 0.0222818414894554m, 0.35m),
                    Usage(RiskRule.ValueAtRisk95, (decimal)before.ValueAtRisk95!, 0.03m), Usage(RiskRule.Drawdown, (decimal)before.Drawdown, 0.2m),
                    Usage(RiskRule.ExpectedShortfall975, (decimal)before.ExpectedShortfall975!, 0.05m),
                    new(RiskRule.Cash, 102_678.25m, 0, 102_678.25m, "money"),
                ], 3, "historical/order_statistic/252d/1d", new(2026, 1, 5, 12, 3, 33, TimeSpan.Zero));
        }
    }

    static RiskViolation Over(RiskRule rule, decimal observed, decimal limit) =>
        new(rule, observed, limit, "fraction", "The weight of the position after the trade would be 215.21426038 % of equity; the limit is 10 %.");

    static LimitUsage Usage(RiskRule rule, decimal observed, decimal limit) => new(rule, observed, limit, limit - observed, "fraction");

    /// <summary>A value of a type in which no member has the value that it has by itself.</summary>
    static object Filled(Type type, int salt)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string)) return $"text {salt}";
        if (type == typeof(bool)) return true;
        if (type == typeof(decimal)) return 100m + salt;
        if (type == typeof(double)) return 1.5 + salt;
        if (type == typeof(long)) return 40L + salt;
        if (type == typeof(int)) return 40 + salt;
        if (type == typeof(DateOnly)) return new DateOnly(2026, 1, 5).AddDays(salt);
        if (type == typeof(DateTimeOffset)) return Books.Now.AddSeconds(salt);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(1)!;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>)) return Several(type.GetGenericArguments()[0], salt);
        var value = type.GetConstructors().MaxBy(one => one.GetParameters().Length)!
            .Invoke([.. type.GetConstructors().MaxBy(one => one.GetParameters().Length)!.GetParameters().Select((one, i) => Filled(one.ParameterType, salt + i))]);
        foreach (var (member, i) in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Select((member, i) => (member, i)))
            if (member.SetMethod is not null) member.SetValue(value, Filled(member.PropertyType, (10 * salt) + i));
        return value;
    }

    static object Several(Type element, int salt)
    {
        var array = Array.CreateInstance(element, 2);
        for (var i = 0; i < array.Length; i++) array.SetValue(Filled(element, salt + (100 * i)), i);
        return typeof(ImmutableArray).GetMethods().Single(method => method.Name == nameof(ImmutableArray.CreateRange) && method.GetParameters().Length == 1
            && method.GetGenericArguments().Length == 1).MakeGenericMethod(element).Invoke(null, [array])!;
    }
}
