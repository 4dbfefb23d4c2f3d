using System.Collections.Immutable;
using Trading.Quant;

namespace Trading.Portfolios;

/// <summary>A position and what one unit of it won or lost in each scenario.</summary>
sealed record ScenarioLeg(Instrument Instrument, decimal Quantity, double[] Units);

/// <summary>The positions booked, without open orders, over the sessions that they have in common.</summary>
sealed record PositionScenarios(ImmutableArray<ScenarioLeg> Legs, DateOnly[] Sessions, double[] Pnl)
{
    public int Sample => Pnl.Length;

    /// <summary>Symbols whose returns say nothing of their risk, so that the whole is unknown.</summary>
    public IEnumerable<string> Repeating => Legs
        .Where(leg => Instrument.CountNew(leg.Units, Money.ToDouble(leg.Instrument.Price))
            < Instrument.LeastNewReturns(Sample))
        .Select(leg => leg.Instrument.Symbol);

    /// <summary>Whether the sample is long enough, and of prices that move.</summary>
    /// <param name="minimum">Returns below which risk is unknown.</param>
    public bool IsMeasurable(int minimum) => Sample >= minimum && !Repeating.Any();

    /// <summary>Null where a position has no price.</summary>
    public static PositionScenarios? Of(BookValuation valuation)
    {
        var lookback = valuation.Options.VarLookbackDays;
        var held = valuation.Book.Holdings.Where(holding => holding.Quantity != 0).ToList();
        var instruments = held.Select(holding => valuation.Prices.Find(holding.Symbol)).OfType<Instrument>().ToArray();
        if (instruments.Length < held.Count) return null;
        if (held.Count == 0) return new([], [], new double[lookback]); // nothing held loses nothing

        var sessions = new DateOnly[lookback + 1];
        sessions = sessions[..Instrument.CommonSessions(instruments, sessions)];
        var pnl = new double[Math.Max(0, sessions.Length - 1)];
        var legs = held
            .Zip(
                instruments,
                (holding, instrument) => new ScenarioLeg(instrument, holding.Quantity, new double[pnl.Length]))
            .ToImmutableArray();
        foreach (var leg in legs)
        {
            leg.Instrument.TryFill(sessions, leg.Units);
            ScenarioRisk.AddScaled(pnl, leg.Units, Money.ToDouble(leg.Quantity));
        }

        return new(legs, sessions, pnl);
    }
}
