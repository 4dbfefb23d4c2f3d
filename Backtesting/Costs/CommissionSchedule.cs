using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace Trading.Backtests;

[JsonConverter(typeof(SnakeCaseEnumConverter<CommissionBasis>))]
public enum CommissionBasis
{
    /// <summary>A part of what is paid.</summary>
    Notional,
    /// <summary>Money for a unit.</summary>
    Unit,
}

/// <summary>One step of a schedule.</summary>
/// <param name="From">Units or money traded in the last 30 days from which it holds.</param>
/// <param name="Maker">Of an order that waited in the book.</param>
/// <param name="Taker">Of one that traded at once.</param>
public readonly record struct CommissionTier(decimal From, decimal Maker, decimal Taker);

/// <summary>What a broker or an exchange charges for orders, in the currency of the listing. Those that come with the
/// program are as they were published on the date in the documentation: prices change, so a user checks
/// them.</summary>
/// <param name="Tiers">Ascending, the first from 0.</param>
/// <param name="Minimum">Of an order, once it trades.</param>
/// <param name="MostShare">No order pays more than this part of its value; null for no such bound.</param>
/// <param name="SaleNotional">The regulator's part of what a sale brings.</param>
/// <param name="SaleUnit">The regulator's fee for a unit that is sold.</param>
public sealed record CommissionSchedule(
    string Name, CommissionBasis Basis, ImmutableArray<CommissionTier> Tiers, decimal Minimum = 0,
        decimal? MostShare = null,
    decimal SaleNotional = 0, decimal SaleUnit = 0)
{
    /// <summary>Days that the tiers look back over.</summary>
    public const int TierDays = 30;

    const decimal SecFee = 0.0000278m, FinraFee = 0.000166m, FinraMost = 8.30m, AuditTrail = 0.000072m,
        Clearing = 0.00020m, NysePassedOn = 0.000175m, FinraPassedOn = 0.000563m;

    /// <summary>The most that <see cref="SaleUnit"/> comes to for an order; null for no such bound.</summary>
    public decimal? SaleUnitMost { get; init; }

    /// <summary>What every unit pays beside the commission, bought or sold.</summary>
    public decimal EveryUnit { get; init; }

    /// <summary>A part of the commission that is charged on top of it.</summary>
    public decimal PassedOn { get; init; }

    public static CommissionSchedule None { get; } = new("none", CommissionBasis.Notional, [new(0, 0, 0)]);

    /// <summary>A US broker's fixed price (Interactive Brokers Pro): half a cent a share, a dollar at least, one
    /// percent at most, with the regulators' fees: SEC section 31 and FINRA's trading activity fee on sales, the consolidated
    /// audit trail on both sides.</summary>
    public static CommissionSchedule UsBrokerFixed { get; } = new(
        "us_broker_fixed", CommissionBasis.Unit, [new(0, 0.005m, 0.005m)], 1m, 0.01m, SecFee, FinraFee)
    {
        SaleUnitMost = FinraMost, EveryUnit = AuditTrail,
    };

    /// <summary>The same broker's price by monthly volume, with clearing and what it passes on of the exchanges' and
    /// FINRA's fees; without what venues add for taking or give back for making.</summary>
    public static CommissionSchedule UsBrokerTiered { get; } = new(
        "us_broker_tiered", CommissionBasis.Unit,
        [
            new(0, 0.0035m, 0.0035m), new(300_001, 0.0020m, 0.0020m), new(3_000_001, 0.0015m, 0.0015m),
            new(20_000_001, 0.0010m, 0.0010m), new(100_000_001, 0.0005m, 0.0005m),
        ],
        0.35m, 0.01m, SecFee, FinraFee)
    {
        SaleUnitMost = FinraMost, EveryUnit = AuditTrail + Clearing, PassedOn = NysePassedOn + FinraPassedOn,
    };

    /// <summary>Binance spot by volume of 30 days in dollars, without the discount for paying in BNB.</summary>
    public static CommissionSchedule BinanceSpot { get; } = new(
        "binance_spot", CommissionBasis.Notional,
        [
            new(0, 0.00100m, 0.00100m), new(1_000_000, 0.00090m, 0.00100m), new(5_000_000, 0.00080m, 0.00100m),
            new(20_000_000, 0.00040m, 0.00060m), new(100_000_000, 0.00040m, 0.00052m),
            new(150_000_000, 0.00025m, 0.00031m), new(400_000_000, 0.00020m, 0.00029m),
            new(800_000_000, 0.00019m, 0.00028m), new(2_000_000_000, 0.00016m, 0.00025m),
            new(4_000_000_000, 0.00011m, 0.00023m),
        ]);

    /// <summary>Binance futures in dollars, the first step only.</summary>
    public static CommissionSchedule BinanceFutures { get; } = new(
        "binance_futures", CommissionBasis.Notional, [new(0, 0.0002m, 0.0005m)]);

    public static ImmutableArray<CommissionSchedule> All { get; } =
        [None, UsBrokerFixed, UsBrokerTiered, BinanceSpot, BinanceFutures];

    /// <summary>What an order that has traded so much has cost in all; of one that trades in parts only what is new is
    /// charged.</summary>
    /// <param name="volume">Traded in the last 30 days before it, in units or money as the tiers count.</param>
    public decimal Of(decimal units, decimal notional, bool isSale, bool isMaker, decimal volume)
    {
        if (units == 0) return 0;
        var tier = Tiers[0];
        foreach (var step in Tiers)
            if (volume >= step.From) tier = step;
        var rate = isMaker ? tier.Maker : tier.Taker;
        var commission = Math.Max(Minimum, rate * (Basis == CommissionBasis.Unit ? units : notional));
        if (MostShare is { } most) commission = Math.Min(commission, most * notional);
        commission += PassedOn * commission + EveryUnit * units;
        if (!isSale) return commission;
        var activity = SaleUnit * units;
        return commission + SaleNotional * notional + Math.Min(activity, SaleUnitMost ?? activity);
    }

    /// <summary>Every rule that a schedule of a user's own breaks.</summary>
    internal IEnumerable<FieldError> Problems(string field)
    {
        const decimal Most = 1_000_000;
        var tiers = Tiers.IsDefault ? [] : Tiers;
        if (string.IsNullOrWhiteSpace(Name)) yield return new($"{field}.name", "required", "A schedule has a name.");
        if (tiers.IsEmpty || tiers[0].From != 0)
            yield return new($"{field}.tiers", "first", "The first tier is from 0.");
        for (var i = 0; i < tiers.Length; i++)
        {
            if (i > 0 && tiers[i].From <= tiers[i - 1].From)
                yield return new($"{field}.tiers[{i}].from", "order", "Each tier is from more than the one before.");
            if (Math.Abs(tiers[i].Maker) > Most || Math.Abs(tiers[i].Taker) > Most)
                yield return new($"{field}.tiers[{i}]", "range", $"Rates are at most {Most}; a rebate is negative.");
        }

        (string Name, decimal? Value)[] amounts =
        [
            ("minimum", Minimum), ("most_share", MostShare), ("sale_notional", SaleNotional), ("sale_unit", SaleUnit),
            ("sale_unit_most", SaleUnitMost), ("every_unit", EveryUnit), ("passed_on", PassedOn),
        ];
        foreach (var (name, value) in amounts)
            if (value is < 0 or > Most)
                yield return new($"{field}.{name}", "range", $"{name} is from 0 to {Most}; it is {value}.");
    }
}

/// <summary>What an account traded on each of the last 30 days, for the tiers.</summary>
sealed class TradedVolume
{
    readonly decimal[] _days = new decimal[CommissionSchedule.TierDays];
    long _today = long.MinValue;

    /// <summary>The sum of the days before and of today so far.</summary>
    public decimal Sum { get; private set; }

    public void Clear()
    {
        Array.Clear(_days);
        (_today, Sum) = (long.MinValue, 0);
    }

    public void MoveTo(long day)
    {
        if (_today == long.MinValue || day - _today >= _days.Length)
        {
            Clear();
            _today = day;
            return;
        }

        while (_today < day)
        {
            ref var oldest = ref _days[++_today % _days.Length];
            Sum -= oldest;
            oldest = 0;
        }
    }

    public void Add(decimal amount)
    {
        Sum += amount;
        _days[_today % _days.Length] += amount;
    }
}
