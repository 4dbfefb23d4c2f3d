using System.Collections.Immutable;
using System.Globalization;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A decision as it stands in the journal: every value that its JSON is made of, without names and without
/// what can be told from the values before. The JSON made of it is the same to the last byte.</summary>
/// <remarks>The form grows at its ends: a new member of a decision is written after the last one, a new measure after
/// the last measure; where an older program wrote, it is absent, and null.</remarks>
static class CompactDecision
{
    /// <summary>The first byte. JSON begins with a brace: what was recorded before this form is told apart by
    /// it.</summary>
    const byte Form = 1;

    const byte Approved = 1, Sell = 2, HasNumber = 4, Expires = 8, ReduceOnly = 16;

    /// <summary>Members of <see cref="BookMeasures"/>.</summary>
    const byte Measures = 12;

    // The headroom of a limit's usage: what the observed leaves of the limit, or what the limit leaves of the observed.
    const byte BelowLimit = 1, OverLimit = 2;

    [ThreadStatic] static CompactWriter? _own;

    public static bool Is(ReadOnlySpan<byte> payload) => payload is [Form, ..];

    /// <exception cref="ArgumentException">A number is not finite.</exception>
    public static byte[] Write(SignalDecision decision)
    {
        var writer = _own ??= new();
        writer.Clear();
        var sequence = SequenceOf(decision);
        writer.Byte(Form);
        writer.Byte((byte)((decision.Approved ? Approved : 0) | (decision.Action == Side.Sell ? Sell : 0)
            | (sequence is null ? 0 : HasNumber) | (decision.ExpiresAt is null ? 0 : Expires)
            | (decision.ReduceOnly ? ReduceOnly : 0)));
        writer.Text(decision.Portfolio);
        if (sequence is { } number) writer.Count((ulong)number);
        else writer.Text(decision.DecisionId);
        writer.Text(decision.ClientOrderId);
        writer.Text(decision.Symbol);
        writer.Number(decision.Quantity);
        writer.Number(decision.Confidence);
        writer.Number(decision.LimitPrice);
        writer.Number(decision.ReferencePrice);
        writer.Number(decision.ReservedPrice);
        writer.Number(decision.MaxAllowedQuantity);
        writer.Time(decision.DecidedAt);
        if (decision.ExpiresAt is { } end) Ending(writer, end, decision.DecidedAt);
        Write(writer, decision.Before);
        Write(writer, decision.After);
        Write(writer, decision.Violations);
        Write(writer, decision.Headroom);
        writer.Signed(decision.LimitsVersion);
        writer.Method(decision.RiskMethod);
        writer.Text(decision.Strategy);
        writer.Text(decision.LimitsId);
        Write(writer, decision.RiskWindow);
        Write(writer, decision.RiskWindowBefore);
        writer.Number(decision.ReservedQuantity);
        writer.Text(decision.Currency);
        writer.Number(decision.FxRate);
        writer.Text(decision.FxPeg);
        writer.Text(decision.By);
        return writer.Written;
    }

    /// <exception cref="InvalidDataException">The bytes are no decision of this form.</exception>
    public static SignalDecision Read(ReadOnlySpan<byte> payload)
    {
        if (!Is(payload)) throw CompactReader.Broken();
        var reader = new CompactReader(payload[1..]);
        var flags = reader.Byte();
        var portfolio = reader.Text()!;
        var id = (flags & HasNumber) != 0
            ? string.Create(CultureInfo.InvariantCulture, $"{portfolio}:{(ulong)reader.Count()}")
            : reader.Text()!;
        var (client, symbol) = (reader.Text(), reader.Text()!);
        var quantity = reader.Decimal()!.Value;
        var confidence = reader.Double();
        var (limit, reference) = (reader.Decimal(), reader.Decimal());
        var (reserved, allowed) = (reader.Decimal(), reader.Decimal());
        var decidedAt = reader.Time();
        var expiresAt = (flags & Expires) != 0 ? Ending(ref reader, decidedAt) : (DateTimeOffset?)null;
        var (before, after) = (ReadMeasures(ref reader), ReadMeasures(ref reader));
        var (violations, headroom) = (ReadViolations(ref reader), ReadHeadroom(ref reader));
        return new(
            id, portfolio, client, symbol, (flags & Sell) != 0 ? Side.Sell : Side.Buy, quantity, confidence, limit,
            reference, (flags & Approved) != 0, reserved, expiresAt, allowed, violations, before, after, headroom,
            reader.Signed(), reader.Method(), decidedAt)
        {
            Strategy = reader.IsAtEnd ? null : reader.Text(),
            LimitsId = reader.IsAtEnd ? null : reader.Text(),
            RiskWindow = ReadWindow(ref reader),
            RiskWindowBefore = ReadWindow(ref reader),
            ReduceOnly = (flags & ReduceOnly) != 0,
            ReservedQuantity = reader.IsAtEnd ? null : reader.Decimal(),
            Currency = reader.IsAtEnd ? null : reader.Text(),
            FxRate = reader.IsAtEnd ? null : reader.Decimal(),
            FxPeg = reader.IsAtEnd ? null : reader.Text(),
            By = reader.IsAtEnd ? null : reader.Text(),
        };
    }

    static void Write(CompactWriter writer, BookMeasures? measures)
    {
        writer.Byte(measures is null ? (byte)0 : Measures);
        if (measures is null) return;
        writer.Number(measures.Equity);
        writer.Number(measures.Cash);
        writer.Number(measures.GrossExposure);
        writer.Number(measures.NetExposure);
        writer.Number(measures.ValueAtRisk95);
        writer.Number(measures.ExpectedShortfall975);
        writer.Number(measures.PositionWeight);
        writer.Number(measures.SectorWeight);
        writer.Number(measures.Drawdown);
        writer.Number(measures.ValueAtRisk99);
        writer.Number(measures.StrategyWeight);
        writer.Number(measures.DailyLoss);
    }

    static BookMeasures? ReadMeasures(ref CompactReader reader)
    {
        var count = reader.Byte();
        if (count == 0) return null;
        if (count != Measures) throw CompactReader.Broken();
        return new(
            reader.Decimal()!.Value, reader.Decimal()!.Value, reader.Decimal()!.Value, reader.Decimal()!.Value,
            reader.Double(), reader.Double(), reader.Double(), reader.Double(), reader.Double()!.Value)
        {
            ValueAtRisk99 = reader.Double(),
            StrategyWeight = reader.Double(),
            DailyLoss = reader.Double(),
        };
    }

    static void Write(CompactWriter writer, RiskWindow? window)
    {
        writer.Count(window is null ? 0 : (uint)window.Sample + 1u);
        if (window is null) return;
        writer.Count((uint)window.From.DayNumber);
        writer.Count((uint)window.To.DayNumber);
    }

    static RiskWindow? ReadWindow(ref CompactReader reader)
    {
        var count = reader.IsAtEnd ? 0 : (uint)reader.Count();
        return count == 0 ? null : new((int)(count - 1), ReadDay(ref reader), ReadDay(ref reader));
    }

    static DateOnly ReadDay(ref CompactReader reader)
    {
        var day = reader.Count();
        return day <= (uint)DateOnly.MaxValue.DayNumber ? DateOnly.FromDayNumber((int)day) : throw CompactReader.Broken();
    }

    static void Write(CompactWriter writer, ImmutableArray<RiskViolation> violations)
    {
        writer.Count((uint)violations.Length);
        foreach (var violation in violations)
        {
            writer.Rule(violation.Code);
            writer.Unit(violation.Unit);
            writer.Measured(violation.Observed);
            writer.Number(violation.Limit);
            writer.Text(violation.Detail);
        }
    }

    static ImmutableArray<RiskViolation> ReadViolations(ref CompactReader reader)
    {
        var violations = ImmutableArray.CreateBuilder<RiskViolation>();
        for (var left = (uint)reader.Count(); left > 0; left--)
        {
            var (code, unit) = (reader.Rule(), reader.Unit());
            violations.Add(new(code, reader.Decimal(), reader.Decimal(), unit, reader.Text()!));
        }

        return violations.DrainToImmutable();
    }

    static void Write(CompactWriter writer, ImmutableArray<LimitUsage> headroom)
    {
        writer.Count((uint)headroom.Length);
        foreach (var usage in headroom)
        {
            writer.Rule(usage.Code);
            writer.Unit(usage.Unit);
            writer.Measured(usage.Observed);
            writer.Number(usage.Limit);
            var left = IsSame(usage.Headroom, usage.Limit, usage.Observed) ? BelowLimit
                : IsSame(usage.Headroom, usage.Observed, usage.Limit) ? OverLimit : (byte)0;
            writer.Byte(left);
            if (left == 0) writer.Number(usage.Headroom);
        }
    }

    static ImmutableArray<LimitUsage> ReadHeadroom(ref CompactReader reader)
    {
        var headroom = ImmutableArray.CreateBuilder<LimitUsage>();
        for (var left = (uint)reader.Count(); left > 0; left--)
        {
            var (code, unit) = (reader.Rule(), reader.Unit()!);
            var (observed, limit) = (reader.Decimal(), reader.Decimal());
            headroom.Add(new(code, observed, limit, reader.Byte() switch
            {
                BelowLimit => limit - observed,
                OverLimit => observed - limit,
                _ => reader.Decimal(),
            }, unit));
        }

        return headroom.DrainToImmutable();
    }

    /// <summary>Whether a difference is a number to the last place, which is written too.</summary>
    static bool IsSame(decimal? number, decimal? from, decimal? taken)
    {
        if (number is not { } known || from is not { } whole || taken is not { } part) return false;
        if (Math.Abs(whole) > Money.MaxAmount || Math.Abs(part) > Money.MaxAmount) return false; // it may be no decimal
        var left = whole - part;
        return left == known && left.Scale == known.Scale && decimal.IsNegative(left) == decimal.IsNegative(known);
    }

    static void Ending(CompactWriter writer, DateTimeOffset end, DateTimeOffset from)
    {
        writer.Signed(end.UtcTicks - from.UtcTicks);
        writer.Signed((long)end.TotalOffsetMinutes);
    }

    static DateTimeOffset Ending(ref CompactReader reader, DateTimeOffset from)
    {
        var ticks = from.UtcTicks + reader.Signed();
        return new DateTimeOffset(ticks, TimeSpan.Zero).ToOffset(TimeSpan.FromMinutes(reader.Signed()));
    }

    /// <summary>The number in an id of the usual form; null for any other.</summary>
    static long? SequenceOf(SignalDecision decision)
    {
        var (id, portfolio) = (decision.DecisionId, decision.Portfolio);
        if (id.Length < portfolio.Length + 2 || id[portfolio.Length] != ':') return null;
        if (!id.StartsWith(portfolio, StringComparison.Ordinal) || id[portfolio.Length + 1] == '0') return null;
        var digits = id.AsSpan(portfolio.Length + 1);
        return long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
    }
}
