using System.Collections.Immutable;

namespace Trading.Backtests;

/// <summary>Trades on what a model predicted of periods that it was not trained on, and only once that could be known.</summary>
sealed class ModelDriven(StrategyInputs inputs) : IStrategy
{
    readonly double _enter = inputs.Number("enter"), _leave = inputs.Number("leave");
    readonly bool _isShortAllowed = inputs.Whole("allow_short") == 1;
    ImmutableArray<Prediction>[] _predictions = [];
    int[] _next = [], _side = [];

    public static StrategyDefinition Definition { get; } = new(
        "model_driven", "Long where a model's walk-forward prediction of a rise is high enough.",
        [
            new("enter", 0.55, 0.5, 1, false, "The probability of a rise from which it is held."),
            new("leave", 0.5, 0, 1, false, "The probability below which it is given up; below enter."),
            new("allow_short", 0, 0, 1, true, "1 to be short where a fall is as probable."),
        ],
        inputs => new ModelDriven(inputs), NeedsPredictions: true)
    {
        Ordered = ("leave", "enter"),
    };

    public void Start(StrategyContext context)
    {
        _predictions =
        [
            .. Enumerable.Range(0, context.Count).Select(series =>
                inputs.Predictions.TryGetValue(context.Symbol(series), out var known) ? known : []),
        ];
        (_next, _side) = (new int[context.Count], new int[context.Count]);
    }

    public void OnBars(StrategyContext context)
    {
        foreach (var series in context.Completed)
        {
            Prediction? newest = null;
            var known = _predictions[series];
            while (_next[series] < known.Length && known[_next[series]].KnownAt <= context.Now)
                newest = known[_next[series]++];
            if (newest is not { } prediction) continue;
            var side = Side(prediction.Probability, _side[series]);
            if (side == _side[series]) continue;
            _side[series] = side;
            context.SetWeight(series, (double)side / context.Count);
        }
    }

    int Side(double rise, int held)
    {
        if (rise >= _enter) return 1;
        if (_isShortAllowed && rise <= 1 - _enter) return -1;
        return held > 0 && rise >= _leave || held < 0 && rise <= 1 - _leave ? held : 0;
    }
}
