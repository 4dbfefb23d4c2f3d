using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;
using Trading.Learning;

namespace Trading.Models;

/// <summary>Which models are kept, and how they are trained. Section <c>models</c>.</summary>
public sealed class ModelOptions
{
    public const string Section = "models";
    public const int MaxSymbols = 1_000;
    const int MaxMacroSeries = 20;
    const int LeastEmbargo = 5;
    const string Platt = "platt", Isotonic = "isotonic";
    const double MinuteSeconds = 60, MaxSeconds = 366 * 86_400.0;

    /// <summary>The symbols that a model is kept for, at most 1,000.</summary>
    [ConfigurationKeyName("symbols")] public string[] Symbols { get; set; } = [];

    /// <summary>Seconds between two trainings of a model; from a minute, the shortest reminder, up to 31 days.</summary>
    [ConfigurationKeyName("retrain_interval")] public double RetrainInterval { get; set; } = 86_400;

    /// <summary>Whether a model that is due is trained at the start; false leaves it to the reminder and to persons.</summary>
    [ConfigurationKeyName("train_at_start")] public bool TrainAtStart { get; set; } = true;

    /// <summary>The quadratic penalty on the coefficients, on the scale of the summed log loss; from 0.000001 to 1,000,000.
    /// Ten and a hundred times as much are tried too.</summary>
    [ConfigurationKeyName("l2")] public double Penalty { get; set; } = 10;

    /// <summary>Parts of the history that a model is scored on out of sample, 2 to 20.</summary>
    [ConfigurationKeyName("folds")] public int Folds { get; set; } = 5;

    /// <summary>How a model is judged walk-forward: <c>expanding</c> (each part by all before it), <c>rolling</c> (by as much
    /// before it as before the first) or <c>yearly</c> (by calendar years, as many as there are).</summary>
    [ConfigurationKeyName("plan")] public string Plan { get; set; } = SplitSchemes.Expanding;

    /// <summary>How scores become probabilities: <c>platt</c> (a sigmoid) or <c>isotonic</c> (steps; below 2,000 rows a
    /// sigmoid too).</summary>
    [ConfigurationKeyName("calibration")] public string Calibration { get; set; } = Platt;

    /// <summary>Trainings at a time in this process, 1 to 64; the others wait.</summary>
    [ConfigurationKeyName("max_concurrent_trainings")] public int MaxConcurrentTrainings { get; set; } = 1;

    /// <summary>Methods that are tried, by name; none for <c>logistic</c> and <c>light_gbm</c>. Also there are
    /// <c>lbfgs</c>, <c>sdca</c> and <c>fast_tree</c>.</summary>
    [ConfigurationKeyName("methods")] public string[] Methods { get; set; } = [];

    /// <summary>Features that a model is given at most, 1 to 1,000.</summary>
    [ConfigurationKeyName("feature_selection_top_k")] public int TopK { get; set; } = 50;

    /// <summary>Versions of a model that are kept, 2 to 100: the one in use, the one in shadow, and those before.</summary>
    [ConfigurationKeyName("model_cache_size")] public int CacheSize { get; set; } = 10;

    /// <summary>Models that one request asks at a time, 1 to 10,000.</summary>
    [ConfigurationKeyName("prediction_batch_size")] public int PredictionBatchSize { get; set; } = 100;

    /// <summary>A symbol that others are compared with; empty for none.</summary>
    [ConfigurationKeyName("market")] public string Market { get; set; } = "";

    /// <summary>Economic series that are features, by their names at the publisher (section <c>macro</c>), at most 20. One
    /// that was not known when the history of prices begins is left out.</summary>
    [ConfigurationKeyName("macro_series")] public string[] MacroSeries { get; set; } = [];

    /// <summary>What a model learns: <c>next_return</c> (whether the close after the horizon is above this one),
    /// <c>scaled_return</c> (whether the return over it is above a number of its volatilities) or <c>triple_barrier</c>
    /// (which of two barriers is touched first within it). A person can ask for another one for a symbol.</summary>
    [ConfigurationKeyName("label")] public string Label { get; set; } = LabelChoice.NextReturn;

    /// <summary>Sessions that a model looks ahead, 1 to 63.</summary>
    [ConfigurationKeyName("horizon")] public int Horizon { get; set; } = 1;

    /// <summary>Of <c>triple_barrier</c>: distance of the upper barrier in volatilities over the horizon, above 0 to 10;
    /// 1 where it is not set.</summary>
    [ConfigurationKeyName("barrier_above")] public double? BarrierAbove { get; set; }

    /// <summary>Of <c>triple_barrier</c>: distance of the lower barrier in volatilities over the horizon, above 0 to 10;
    /// 1 where it is not set.</summary>
    [ConfigurationKeyName("barrier_below")] public double? BarrierBelow { get; set; }

    /// <summary>Of <c>scaled_return</c>: volatilities over the horizon that a return must be above, -3 to 3; 0.5 where it
    /// is not set.</summary>
    [ConfigurationKeyName("label_threshold")] public double? LabelThreshold { get; set; }

    /// <summary>What changing a whole position costs when forecasts are judged, as a share; 0 to below 0.1.</summary>
    [ConfigurationKeyName("cost")] public double Cost { get; set; } = 0.0005;

    /// <summary>Sessions that a model runs in shadow before it is compared with the one in use, 10 to 500.</summary>
    [ConfigurationKeyName("shadow_sessions")] public int ShadowSessions { get; set; } = 20;

    /// <summary>Seconds after which a model that was not trained anew says nothing; from a minute up to 366 days.</summary>
    [ConfigurationKeyName("max_model_age")] public double MaxModelAge { get; set; } = 30 * 86_400.0;

    /// <summary>Of whatever a training leaves to chance.</summary>
    [ConfigurationKeyName("seed")] public int Seed { get; set; } = 1;

    LabelChoice Choice => new(Label, Horizon, BarrierAbove, BarrierBelow, LabelThreshold);

    /// <param name="asked">What a person asked for; null for what the settings say.</param>
    internal TrainingSpec ToSpec(LabelSpec? asked = null)
    {
        var label = asked ?? LabelChoices.Read(Choice).Label!;
        return TrainingSpec.Default with
        {
            Label = label,
            Selection = new(TopK),
            Folds = Folds,
            Embargo = Math.Max(LeastEmbargo, label.Horizon),
            CostPerTurnover = Cost,
            Seed = Seed,
            Plan = Plan,
            Isotonic = Calibration == Isotonic,
        };
    }

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate()
    {
        List<string> errors = [.. Symbols.Where(symbol => !GrainKeys.IsSymbol(symbol)).Select(symbol => $"symbols contains '{symbol}', which is no ticker.")];
        void Rule(bool holds, string error)
        {
            if (!holds) errors.Add(error);
        }

        Rule(Symbols.Length <= MaxSymbols, $"symbols has {Symbols.Length} entries; it can have up to {MaxSymbols}.");
        Rule(RetrainInterval is >= MinuteSeconds and <= 31 * 86_400, $"retrain_interval is {RetrainInterval} seconds; it can be from 60 to {31 * 86_400}.");
        Rule(Penalty is >= 1e-6 and <= 1e6, $"l2 is {Penalty}; it can be from 0.000001 to 1000000.");
        Rule(Folds is >= 2 and <= 20, $"folds is {Folds}; it can be from 2 to 20.");
        Rule(SplitSchemes.Forward.Contains(Plan), $"plan is '{Plan}'; it can be {string.Join(", ", SplitSchemes.Forward)}.");
        Rule(Calibration is Platt or Isotonic, $"calibration is '{Calibration}'; it can be {Platt} or {Isotonic}.");
        Rule(MaxConcurrentTrainings is >= 1 and <= 64, $"max_concurrent_trainings is {MaxConcurrentTrainings}; it can be from 1 to 64.");
        errors.AddRange(Methods.Except(ModelTrainers.Names).Select(method =>
            $"methods contains '{method}'; there are {string.Join(", ", ModelTrainers.Names)}."));
        Rule(TopK is >= 1 and <= 1_000, $"feature_selection_top_k is {TopK}; it can be from 1 to 1000.");
        Rule(CacheSize is >= 2 and <= 100, $"model_cache_size is {CacheSize}; it can be from 2 to 100.");
        Rule(PredictionBatchSize is >= 1 and <= 10_000, $"prediction_batch_size is {PredictionBatchSize}; it can be from 1 to 10000.");
        Rule(Market.Length == 0 || GrainKeys.IsSymbol(Market), $"market is '{Market}', which is no ticker.");
        errors.AddRange(MacroSeries.Where(name => !GrainKeys.IsMacroSeries(name))
            .Select(name => $"macro_series contains '{name}', which is no name of a series."));
        Rule(MacroSeries.Length <= MaxMacroSeries,
            $"macro_series has {MacroSeries.Length} entries; it can have up to {MaxMacroSeries}.");
        errors.AddRange(LabelChoices.Read(Choice).Errors.Select(error => error.Message));
        Rule(Cost is >= 0 and < 0.1, $"cost is {Cost}; it can be from 0 to below 0.1.");
        Rule(ShadowSessions is >= 10 and <= 500, $"shadow_sessions is {ShadowSessions}; it can be from 10 to 500.");
        Rule(MaxModelAge is >= MinuteSeconds and <= MaxSeconds && !(MaxModelAge < RetrainInterval),
            $"max_model_age is {MaxModelAge} seconds; it can be from 60 to {MaxSeconds}, and not below retrain_interval.");
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors.Select(error => $"{Section}:{error}"));
    }
}
