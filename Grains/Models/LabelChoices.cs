using System.Collections.Immutable;
using Trading.Learning;

namespace Trading.Models;

/// <summary>From what is asked for to what is learned.</summary>
static class LabelChoices
{
    const int UsualHorizon = 1;
    const double UsualBarrier = 1, UsualThreshold = 0.5;

    /// <summary>The label, or every broken rule.</summary>
    public static (LabelSpec? Label, ImmutableArray<FieldError> Errors) Read(LabelChoice choice)
    {
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        var horizon = choice.Horizon ?? UsualHorizon;
        LabelSpec? label = choice.Label switch
        {
            LabelChoice.NextReturn => new LabelSpec.NextReturn(horizon),
            LabelChoice.ScaledReturn => new LabelSpec.ScaledReturn(choice.Threshold ?? UsualThreshold, horizon),
            LabelChoice.TripleBarrier => new LabelSpec.TripleBarrier(
                choice.BarrierAbove ?? UsualBarrier, choice.BarrierBelow ?? UsualBarrier, horizon),
            _ => null,
        };
        if (label is null)
            errors.Add(new("label", "one_of", $"label is '{choice.Label}'; it can be {string.Join(", ", LabelChoice.Names)}."));
        void Only(string owner, string field, double? given)
        {
            if (given is not null && label is not null && choice.Label != owner)
                errors.Add(new(field, "inapplicable", $"{field} is a parameter of the label {owner}, not of {choice.Label}."));
        }

        Only(LabelChoice.TripleBarrier, "barrier_above", choice.BarrierAbove);
        Only(LabelChoice.TripleBarrier, "barrier_below", choice.BarrierBelow);
        Only(LabelChoice.ScaledReturn, "label_threshold", choice.Threshold);
        // What a horizon may be does not depend on the label, and is told beside an unknown one too.
        errors.AddRange((label ?? new LabelSpec.NextReturn(horizon)).BrokenRules()
            .Select(rule => new FieldError(rule.Field, rule.Rule, rule.Message)));
        return errors.Count == 0 ? (label, []) : (null, errors.ToImmutable());
    }

    /// <summary>The record of a model that learns from now on what a person asks for.</summary>
    /// <param name="isTraining">Whether a training runs: it learns what was asked for before.</param>
    public static Outcome<ModelRecord> Asked(ModelRecord record, LabelChoice? choice, bool isTraining)
    {
        if (choice is null) return Outcome.Done(record);
        if (choice.Label == LabelChoice.Configured && choice == new LabelChoice(LabelChoice.Configured))
            return isTraining ? Running() : Outcome.Done(record with { Label = null });
        var (label, errors) = Read(choice);
        if (label is null) return Outcome.Invalid<ModelRecord>(errors);
        return isTraining ? Running() : Outcome.Done(record with { Label = label.Name });
    }

    static Outcome<ModelRecord> Running() => Outcome.Conflict<ModelRecord>(
        "label", "training_runs", "A training runs, and learns what was asked for before: end it, or wait for it.");
}
