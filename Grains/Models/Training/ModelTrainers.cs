using System.Collections.Immutable;
using Trading.Learning;

namespace Trading.Models;

/// <summary>The methods of training: all of them can load what they stored, those that are asked for and can be used on
/// this machine are tried.</summary>
public sealed class ModelTrainers(params ImmutableArray<IModelTrainer> tried)
{
    static readonly ImmutableArray<string> Default = [LogisticTrainer.Name, new LightGbmTrainer().Method];

    /// <summary>In the order of simplicity.</summary>
    public static ImmutableArray<string> Names { get; } = [.. Known(new()).Select(trainer => trainer.Method)];

    /// <summary>All that can load a stored model.</summary>
    public ImmutableArray<IModelTrainer> All { get; init; } = tried;

    /// <summary>What a training tries, the simplest first.</summary>
    public ImmutableArray<IModelTrainer> Usable { get; } = [.. tried.Where(trainer => trainer.Unavailable is null)];

    /// <summary>Why methods that were asked for are not tried.</summary>
    public ImmutableArray<string> Missing { get; } = [.. tried.Select(trainer => trainer.Unavailable).OfType<string>()];

    internal static ModelTrainers Of(ModelOptions options)
    {
        var known = Known(options);
        ImmutableArray<string> asked = options.Methods.Length == 0 ? Default : [.. options.Methods];
        return new([.. known.Where(trainer => asked.Contains(trainer.Method))]) { All = known };
    }

    static ImmutableArray<IModelTrainer> Known(ModelOptions options) =>
    [
        new LogisticTrainer(options.Penalty, 10 * options.Penalty, 100 * options.Penalty),
        new LbfgsTrainer(), new SdcaTrainer(), new FastTreeTrainer(), new LightGbmTrainer(),
    ];
}
