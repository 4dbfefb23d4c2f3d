using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Trading.MarketData;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>A program took the book up. From here on nothing is known of prices until a <see cref="Priced"/> says
/// so.</summary>
/// <param name="VarLookbackDays">Returns in the risk window; <paramref name="VarMinSessions"/> is the least that gives
/// a risk number.</param>
public sealed record TakenUp(int VarLookbackDays, int VarMinSessions, DateTimeOffset At) : BookEvent
{
    /// <summary>Decimal places that positions are valued to; null where the program kept
    /// <see cref="Money.Decimals"/>.</summary>
    public int? AmountDecimals { get; init; }

    /// <summary>Currencies that count as others; null for none.</summary>
    public ImmutableSortedDictionary<string, string>? Pegs { get; init; }

    /// <summary>Whether the program makes rates of pairs of pegged currencies too.</summary>
    public bool PegPairs { get; init; }

    /// <summary>How the program valued the book.</summary>
    internal PortfolioOptions ToOptions() => new()
    {
        VarLookbackDays = VarLookbackDays,
        VarMinSessions = VarMinSessions,
        AmountDecimals = AmountDecimals ?? Money.Decimals,
        Pegs = Pegs?.ToDictionary() ?? [],
        PegPairs = PegPairs,
    };
}

/// <summary>What the book knows of a symbol changed. With these events a stream holds everything that its decisions
/// were made of.</summary>
/// <param name="Price">The last price, per unit; null where none is known, and then nothing below it is.</param>
/// <param name="Kept">How many of the newest sessions known before still stand; the new ones follow them.</param>
/// <param name="Days">The new sessions as days since 0001-01-01, oldest first.</param>
/// <param name="Closes">One for each of <paramref name="Days"/>.</param>
public sealed record Priced(
    string Symbol, SymbolKnowledge Knowledge, string? Sector, long Version, decimal? Price, DateTimeOffset? PricedAt,
    int Kept, ImmutableArray<int> Days, ImmutableArray<double> Closes, DateTimeOffset At) : BookEvent
{
    /// <summary>Null where the source knows none.</summary>
    public InstrumentTerms? Terms { get; init; }

    /// <summary>Why the quality of the data lets the symbol only be reduced; null where it may trade.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? Doubt { get; init; }

    /// <summary>New units for one old, where the price is in other units than the one known before; else null.</summary>
    public decimal? Split { get; init; }
}

/// <summary>Amounts that waited for the rate of a currency are converted by it.</summary>
/// <param name="Pair">The symbol that the rate is made of.</param>
/// <param name="RateAt">The instant for which it is current.</param>
public sealed record Converted(
    string Currency, decimal Rate, string? Pair, DateTimeOffset? RateAt, DateTimeOffset At) : BookEvent
{
    /// <summary>As of <see cref="RateUsed.Peg"/>.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] public string? FxPeg { get; init; }
}

/// <summary>A price turned out to have been wrong; the <see cref="Priced"/> with the right one stands before
/// it.</summary>
public sealed record PriceCorrected(CorrectedPrice Correction) : BookEvent;

/// <summary>The risk was calculated anew from the positions and prices, which takes the rounding of many small steps
/// out of it.</summary>
public sealed record Recalculated(DateTimeOffset At) : BookEvent;

/// <summary>Decisions from here on are made under these limits.</summary>
public sealed record LimitsAdopted(LimitsVersion Limits) : BookEvent;

/// <summary>From here on the book may use this much of its parent's budget.</summary>
/// <param name="Grant">Null where it leaves the hierarchy.</param>
public sealed record BudgetGranted(BudgetGrant? Grant, DateTimeOffset At) : BookEvent;
