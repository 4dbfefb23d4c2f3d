using Trading.Quant;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>How open orders count in the tail measures of a decision.</summary>
enum OpenOrderConvention
{
    /// <summary>Each symbol at the larger end of its exposure, as decisions counted until risk methods named their
    /// convention.</summary>
    LargerEnd,

    /// <summary>The largest tail over all ways in which they may fill or not.</summary>
    AnyFill,
}

/// <summary>The tail of a book before an order, in money; null where it is unknown.</summary>
/// <param name="Worst">With open orders.</param>
/// <param name="Booked">Of the positions booked alone.</param>
/// <param name="Common">Returns that the book and the order's symbol have in common.</param>
/// <param name="Window">Of these measures: the common one, or where that is too short, the book's own.</param>
/// <param name="CommonWindow">Of the measures after the trade.</param>
/// <param name="Repeating">A symbol whose returns say nothing of its risk, see <see cref="Instrument.NewReturns"/>;
/// null for none.</param>
readonly record struct TailBefore(
    TailEstimate? Worst, TailEstimate? Booked, int Common, RiskWindow? Window, RiskWindow? CommonWindow,
    RepeatingReturns? Repeating);
