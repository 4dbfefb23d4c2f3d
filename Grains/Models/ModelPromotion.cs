using Trading.Learning;

namespace Trading.Models;

/// <summary>Which version is in use: by the gate, by the shadow, by a person. Record in, record out.</summary>
static class ModelPromotion
{
    const string Gate = "gate";
    const int MaxEvents = 100;

    static readonly PromotionLimits Limits = new();

    /// <summary>The record after a training: promoted by the gate, held or rejected.</summary>
    public static ModelRecord After(
        ModelRecord record, TrainingReport report, TrainingAttempt attempt, int cacheSize, DateTimeOffset now)
    {
        // A version that can say nothing is no rival: no shadow would ever end.
        var used = record.Unusable is null ? record.Model?.Evidence : null;
        var decision = PromotionGate.Decide(report, Limits, hasChampion: used is not null,
            isComparable: ModelRules.AnswerTheSame(used?.Lineage.Label, report.Spec.Label.Name));
        var evidence = ModelEvidences.Of(report, decision);
        var model = new TrainedModel(Next(record), report.Model.Method, report.Model.Columns, report.Model.Save(), now,
            report.Model.Lineage.TrainedThrough, ModelEvidences.Scores(report), evidence)
        {
            Forecasts = ModelForecasts.Of(report),
        };
        record = record with { Last = attempt };
        return decision.Verdict == PromotionVerdict.Promote
            ? Promoted(record, model, Gate, decision.Reason, cacheSize, now)
            : Told(record with { Challenger = model, Shadow = null }, model.Version,
                decision.Verdict == PromotionVerdict.Hold ? ModelEventKind.Held : ModelEventKind.Rejected, Gate,
                decision.Reason, now);
    }

    /// <summary>The record after a review: the challenger wins or loses in shadow; a model in use that has decayed, and is
    /// worse than the one before it, is taken back.</summary>
    public static ModelRecord After(ModelRecord record, ModelReviewed review, int cacheSize, DateTimeOffset now)
    {
        record = record with { Drift = review.Drift, Shadow = review.Shadow, Unusable = review.Unusable };
        if (review.Shadow is { PValue: { } p } && record.Challenger is { Evidence: { } evidence } challenger)
        {
            var reason = FormattableString.Invariant(
                $"In shadow over {review.Shadow.Sessions} sessions its loss less that of version {review.Shadow.Champion} ")
                + FormattableString.Invariant($"was {review.Shadow.LossDifference:0.0000} (p = {p:0.000}).");
            if (p <= Limits.LargestShadowPValue)
                return Promoted(
                    record, challenger with { Evidence = evidence with { Verdict = ModelVerdict.Promote, Reason = reason } },
                    Gate, reason, cacheSize, now);
            if (p >= 1 - Limits.LargestShadowPValue)
                record = Told(record with
                {
                    Challenger = challenger with { Evidence = evidence with { Verdict = ModelVerdict.Reject, Reason = reason } },
                }, challenger.Version, ModelEventKind.Rejected, Gate, reason, now);
        }

        return review is { Drift.Decayed: true, Former: { PValue: { } former } } && former <= Limits.LargestShadowPValue
            ? RolledBack(record, record.Former[0], Gate, "It has decayed, and the version before it loses less.", now)
            : record;
    }

    /// <summary>A person's promotion.</summary>
    public static Outcome<ModelRecord> Promote(ModelRecord record, ModelCommand command, int cacheSize, DateTimeOffset now)
    {
        var version = command.Version ?? record.Challenger?.Version;
        var model = new[] { record.Challenger }.Concat(record.Former).FirstOrDefault(model => model?.Version == version);
        if (model is null) return Outcome.NotFound<ModelRecord>("version", $"There is no version {version} that is not in use.");
        if (model.Evidence?.Verdict != ModelVerdict.Promote && !IsSecond(command))
            return Outcome.Conflict<ModelRecord>("second_person", "required",
                $"The gate did not promote version {version}: a second person must agree. {model.Evidence?.Reason}".TrimEnd());
        return Outcome.Done(Promoted(record with { Former = record.Former.Remove(model) }, model, Persons(command),
            command.Reason, cacheSize, now));
    }

    /// <summary>A person's way back.</summary>
    public static Outcome<ModelRecord> RollBack(ModelRecord record, ModelCommand command, DateTimeOffset now)
    {
        var model = command.Version is { } version
            ? record.Former.FirstOrDefault(former => former.Version == version)
            : record.Former.FirstOrDefault();
        return model is null
            ? Outcome.NotFound<ModelRecord>("version", command.Version is { } asked
                ? $"Version {asked} was not in use before."
                : "No version was in use before.")
            : Outcome.Done(RolledBack(record, model, Persons(command), command.Reason, now));
    }

    static ModelRecord Promoted(
        ModelRecord record, TrainedModel model, string by, string reason, int cacheSize, DateTimeOffset now) =>
        Told(record with
        {
            Model = model,
            Former = [.. new[] { record.Model }.OfType<TrainedModel>().Concat(record.Former).Take(cacheSize - 2)],
            Challenger = record.Challenger?.Version == model.Version ? null : record.Challenger,
            Drift = null,
            Shadow = null,
            Unusable = null,
        }, model.Version, ModelEventKind.Promoted, by, reason, now);

    static ModelRecord RolledBack(
        ModelRecord record, TrainedModel model, string by, string reason, DateTimeOffset now) =>
        Told(record with
        {
            Model = model,
            Former = [.. record.Former.Remove(model), .. new[] { record.Model }.OfType<TrainedModel>()],
            Drift = null,
            Shadow = null,
            Unusable = null,
        }, record.Model?.Version ?? 0, ModelEventKind.RolledBack, by, $"Back to version {model.Version}: {reason}", now);

    static ModelRecord Told(
        ModelRecord record, int version, ModelEventKind kind, string by, string reason, DateTimeOffset now) => record with
    {
        Events = [new(now, version, kind, by, reason), .. record.Events.Take(MaxEvents - 1)],
    };

    static int Next(ModelRecord record) => 1 + new[] { record.Model, record.Challenger }.Concat(record.Former)
        .Select(model => model?.Version ?? 0).Concat(record.Events.Select(each => each.Version)).Max();

    static bool IsSecond(ModelCommand command) =>
        command.SecondPerson is { Length: > 0 } second && !second.Equals(command.By, StringComparison.OrdinalIgnoreCase);

    static string Persons(ModelCommand command) => IsSecond(command) ? $"{command.By}, {command.SecondPerson}" : command.By;
}
