namespace Trading.Risk;

/// <summary>What the guards of a book allow at one moment.</summary>
/// <param name="Mode">In force.</param>
/// <param name="Breaker">The names of the breakers that hold trading, as codes; null for none.</param>
/// <param name="Observed">What the first of them measured when it last moved; null where that was not known.</param>
/// <param name="Level">The level that it was held against.</param>
/// <param name="IsHalfOpen">True where orders up to <paramref name="Cap"/> may trade all the same.</param>
/// <param name="Cap">In money; null where it is not known, so that nothing but reductions passes.</param>
public sealed record Guard(
    TradingMode Mode, string? Breaker, double? Observed, double? Level, bool IsHalfOpen, decimal? Cap)
{
    /// <summary>Of the numbers in a violation of <see cref="RiskRule.CircuitBreaker"/>.</summary>
    public string Unit => IsHalfOpen ? "money" : "level";
}
