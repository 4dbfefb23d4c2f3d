namespace Trading.Backtests;

/// <summary>Buys every symbol once, as soon as it has a price and the order is let through, and keeps it.</summary>
sealed class BuyAndHold(double weight, decimal quantity) : IStrategy
{
    bool[] _bought = [];

    public static StrategyDefinition Definition { get; } = new(
        "buy_and_hold", "Buys every symbol once, in equal parts, and keeps it.",
        [
            new("weight", 1, 0, 10, false, "Of the equity, over all symbols together."),
            new("quantity", 0, 0, 1e9, false, "Units of each symbol instead of a weight; 0 for none."),
        ],
        inputs => new BuyAndHold(inputs.Number("weight"), (decimal)inputs.Number("quantity")));

    public void Start(StrategyContext context) => _bought = new bool[context.Count];

    public void OnBars(StrategyContext context)
    {
        foreach (var series in context.Completed)
        {
            if (_bought[series] || !context.IsTradable(series)) continue;
            var order = quantity > 0
                ? context.Submit(new(series, quantity))
                : context.SetWeight(series, weight / context.Count);
            _bought[series] = order != 0;
        }
    }
}
