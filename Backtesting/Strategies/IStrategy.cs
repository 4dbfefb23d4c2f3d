namespace Trading.Backtests;

/// <summary>Decides what to trade. It is told when bars are complete, sees what is known then, and sends orders.</summary>
/// <remarks>One instance makes one run. It must depend on nothing but what the context tells it and its own seed: a clock, a file or
/// chance of its own would make results that cannot be repeated.</remarks>
public interface IStrategy
{
    /// <summary>Before the first bar.</summary>
    void Start(StrategyContext context)
    {
    }

    /// <summary>After every moment at which one or more bars became complete (<see cref="StrategyContext.Completed"/>).</summary>
    void OnBars(StrategyContext context);
}
