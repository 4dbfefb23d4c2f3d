using Trading.MarketData;

namespace Trading.Portfolios;

/// <summary>A price that was put right after a book had it, as the book took it.</summary>
/// <param name="Price">What counted since when, and what counts now; raw, as the source gave it.</param>
/// <param name="Held">Whether the symbol had a position or an open order.</param>
/// <param name="InWindow">Whether the session is one of those that the book's risk is measured by.</param>
/// <param name="IsLast">Whether it was the price that a position is valued at.</param>
/// <param name="ValueAtRiskBefore">At 95 % with every open order at its worst, in the book's currency, by the wrong price; null where it was not
/// known.</param>
/// <param name="ValueAtRiskAfter">The same by the prices that came with the correction.</param>
/// <param name="TakenAt">When the book took it: what it calculated and decided before then used the wrong price.</param>
[GenerateSerializer, Immutable, Alias("trading.corrected-price")]
public sealed record CorrectedPrice(
    PriceCorrection Price, bool Held, bool InWindow, bool IsLast, decimal? ValueAtRiskBefore, decimal? ValueAtRiskAfter, DateTimeOffset TakenAt);

/// <summary>A corporate action that a book learned of after it had used prices of after it.</summary>
/// <param name="Earlier">The value at which it was taken before; null where it was not known.</param>
/// <param name="TakenAt">When the book took it: what it decided before then counted other units or other cash.</param>
[GenerateSerializer, Immutable, Alias("trading.late-action")]
public sealed record LateAction(
    string Symbol, CorporateAction Action, decimal? Earlier, string Source, DateTimeOffset TakenAt);

/// <summary>What a corrected price meant for the figures of a book.</summary>
/// <param name="Message">Which figures used the wrong price from when to when, in words.</param>
[GenerateSerializer, Immutable, Alias("trading.correction-effect")]
public sealed record CorrectionEffect(CorrectedPrice Correction, string Message);
