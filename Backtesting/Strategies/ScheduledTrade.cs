namespace Trading.Backtests;

/// <summary>Carries out one order of each symbol by a schedule: for measuring how well, not for earning.</summary>
sealed class ScheduledTrade(StrategyInputs inputs) : IStrategy
{
    readonly decimal _quantity = (decimal)inputs.Number("quantity");
    readonly int _wait = inputs.Whole("wait");
    readonly ScheduleOptions _options = new(
        (ScheduleKind)inputs.Whole("schedule"), TimeSpan.FromMinutes(inputs.Number("minutes")),
            inputs.Number("participation"),
        inputs.Number("urgency"));

    ScheduledOrder?[] _orders = [];
    VolumeProfile[] _profiles = [];

    public static StrategyDefinition Definition { get; } = new(
        "scheduled_trade", "Carries out one order of each symbol by a schedule, to see how well.",
        [
            new("quantity", 1_000, -1e9, 1e9, false, "Units; below zero to sell."),
            new("schedule", 1, 0, 4, true, "0 market, 1 TWAP, 2 VWAP, 3 POV, 4 Almgren-Chriss."),
            new("minutes", 60, 1, 1_000_000, false, "From the first part to the last."),
            new("participation", 0.1, 0.0001, 1, false, "Of what trades, for POV."),
            new("urgency", 2, 0, 100, false, "Of Almgren-Chriss: 0 is TWAP."),
            new("wait", 20, 0, 1_000_000, true, "Bars before it begins."),
        ],
        inputs => new ScheduledTrade(inputs));

    public void Start(StrategyContext context) => (_orders, _profiles) = (
        new ScheduledOrder?[context.Count], [.. Enumerable.Range(0, context.Count).Select(_ => new VolumeProfile())]);

    public void OnBars(StrategyContext context)
    {
        foreach (var series in context.Completed)
        {
            _profiles[series].Observe(context.Now, context.Volume(series));
            if (context.Closes(series).Length <= _wait || !context.IsTradable(series)) continue;
            _orders[series] ??= new(series, context.WholeLots(series, _quantity), _options, context.Now,
                _profiles[series]);
            _orders[series]!.OnBar(context, context.Interval(series));
        }
    }
}
