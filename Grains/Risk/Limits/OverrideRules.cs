using System.Collections.Immutable;
using System.Globalization;

namespace Trading.Risk;

/// <summary>Which overrides may begin, and which of them loosen.</summary>
static class OverrideRules
{
    /// <summary>The longest life of an override, in minutes: thirty days. What is to last longer is a change of the
    /// limits.</summary>
    public const double MaxMinutes = 43_200;

    /// <summary>The override that a request asks for, or everything that is wrong with it.</summary>
    /// <param name="overrides">Of the book, whatever their status.</param>
    public static Outcome<LimitOverride> Begin(
        LimitsVersion set, IEnumerable<LimitOverride> overrides, OverrideRequest request, string id, DateTimeOffset now)
    {
        if (request.ExpectedVersion != set.Version)
            return Outcome.Conflict<LimitOverride>("expected_version", "current",
                FormattableString.Invariant(
                    $"expected_version is {request.ExpectedVersion}; version {set.Version} is in force."));
        var (before, after) = (LimitsJson.Read(set.Limits), LimitsJson.Read(request.Limits));
        var changed = after
            .Where(member => !System.Text.Json.Nodes.JsonNode.DeepEquals(member.Value, before[member.Key]))
            .Select(member => member.Key).ToList();
        var fixedOnes = changed
            .Where(limit => !LimitsJson.IsNumeric(before[limit]) || !LimitsJson.IsNumeric(after[limit])).ToList();
        var settings = changed.Except(fixedOnes)
            .Select(limit => new LimitSetting(limit, LimitsJson.Number(after[limit]))).ToImmutableArray();
        var loosens = settings.Any(
            setting => !Tightens(setting.Limit, LimitsJson.Number(before[setting.Limit]), setting.Value));
        ImmutableArray<FieldError> errors =
        [
            .. LimitRules.CheckMember(request.Limits),
            .. fixedOnes.Select(limit => new FieldError(
                $"limits.{limit}", "numeric",
                $"limits.{limit} has no number to override; change the limits instead.")),
            .. changed.Count > 0
                ? Array.Empty<FieldError>()
                : [new("limits", "required", "limits must differ from those in force.")],
            .. People(request, loosens),
        ];
        if (!errors.IsEmpty) return Outcome.Invalid<LimitOverride>(errors);

        var active = overrides.Where(entry => entry.Status == OverrideStatus.Active && entry.ExpiresAt > now).ToList();
        ImmutableArray<FieldError> taken =
        [
            .. settings
                .Select(setting => (
                    setting.Limit, Holder: active.Find(entry => entry.Limits.Any(held => held.Limit == setting.Limit))))
                .Where(setting => setting.Holder is not null)
                .Select(setting => new FieldError(
                    $"limits.{setting.Limit}", "overridden",
                    $"limits.{setting.Limit} is overridden by {setting.Holder!.Id} already; cancel that first.")),
        ];
        if (!taken.IsEmpty) return Outcome.Conflict<LimitOverride>(taken);
        return Outcome.Done(new LimitOverride(
            id, settings, request.Owner, request.Approver, request.Reason, now, now.AddMinutes(request.Minutes),
            OverrideStatus.Active, null, null));
    }

    public static Outcome<LimitOverride> Cancel(
        IEnumerable<LimitOverride> overrides, OverrideCancellation cancellation, DateTimeOffset now)
    {
        var errors = FieldErrors.Collect(
            [
                LimitRules.Text("by", cancellation.By, GrainKeys.MaxLength),
                LimitRules.Text("reason", cancellation.Reason, LimitRules.MaxReasonLength)
            ]);
        if (!errors.IsEmpty) return Outcome.Invalid<LimitOverride>(errors);
        return overrides.FirstOrDefault(entry => entry.Id == cancellation.Id) switch
        {
            null => Outcome.NotFound<LimitOverride>("override_id", $"There is no override '{cancellation.Id}'."),
            { Status: OverrideStatus.Active } active when active.ExpiresAt > now =>
                Outcome.Done(
                    active with { Status = OverrideStatus.Cancelled, EndedAt = now, EndedBy = cancellation.By }),
            _ => Outcome.Conflict<LimitOverride>("override_id", "active", $"Override '{cancellation.Id}' has ended."),
        };
    }

    /// <summary>Without a second person an override may only tighten, also where what it overrides was changed after it
    /// began.</summary>
    public static bool Applies(LimitOverride active, string limit, decimal? set, decimal? value) =>
        active.Approver is not null || Tightens(limit, set, value);

    /// <summary>Whether a value is stricter than another. Of a limit whose name does not tell its direction no value
    /// counts as stricter.</summary>
    public static bool Tightens(string limit, decimal? set, decimal? value) => limit.Split('_')[0] switch
    {
        "max" => value is not null && (set is null || value < set),
        "min" => value is not null && (set is null || value > set),
        _ => false,
    };

    static ImmutableArray<FieldError> People(OverrideRequest request, bool loosens) => FieldErrors.Collect(
    [
        LimitRules.Text("by", request.Owner, GrainKeys.MaxLength),
        request.Approver is null ? null : LimitRules.Text("second_person", request.Approver, GrainKeys.MaxLength),
        request.Approver is null && loosens
            ? new("second_person", "second_person", "second_person is required: the override loosens a limit.")
            : null,
        request.Approver is { } approver
            && string.Equals(approver.Trim(), request.Owner?.Trim(), StringComparison.OrdinalIgnoreCase)
            ? new("second_person", "second_person", "second_person must not be who sets the override.") : null,
        LimitRules.Text("reason", request.Reason, LimitRules.MaxReasonLength),
        request.Minutes is > 0 and <= MaxMinutes ? null : new("minutes", "range",
            string.Create(
                CultureInfo.InvariantCulture,
                $"minutes must be a number over 0, at most {MaxMinutes}; it is {request.Minutes}.")),
    ]);
}
