using System.CommandLine;
using Trading.Models;

namespace Trading.Commands;

/// <summary>The options that say what a model is to learn.</summary>
sealed class LabelArguments
{
    readonly Option<string?> _label = new("--label")
    {
        Description = "next_return: a higher close; scaled_return: a return above a number of its volatilities; "
            + "triple_barrier: the upper of two barriers first.",
    };

    readonly Option<int?> _horizon = new("--horizon") { Description = "Sessions to look ahead, 1 to 63; by default 1." };

    readonly Option<double?> _above = new("--barrier-above")
    {
        Description = "Of triple_barrier: volatilities up to the upper barrier; by default 1.",
    };

    readonly Option<double?> _below = new("--barrier-below")
    {
        Description = "Of triple_barrier: volatilities down to the lower barrier; by default 1.",
    };

    readonly Option<double?> _threshold = new("--label-threshold")
    {
        Description = "Of scaled_return: volatilities that a return must be above; by default 0.5.",
    };

    public LabelArguments(params ReadOnlySpan<string> more) => _label.AcceptOnlyFromAmong([.. LabelChoice.Names, .. more]);

    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { _label, _horizon, _above, _below, _threshold })
            command.Add(option);
    }

    /// <summary>What was given; the label is null where it was not.</summary>
    public (string? Label, int? Horizon, double? Above, double? Below, double? Threshold) Of(ParseResult parsed) =>
        (parsed.GetValue(_label), parsed.GetValue(_horizon), parsed.GetValue(_above), parsed.GetValue(_below),
            parsed.GetValue(_threshold));
}
