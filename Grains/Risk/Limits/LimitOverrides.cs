namespace Trading.Risk;

/// <summary>Begins and ends the overrides of a book's limits, and has the grain reminded of the next end.</summary>
/// <param name="grain">Whose reminder it is.</param>
sealed class LimitOverrides(IGrainBase grain, BookLimits limits, LimitsEventStore events, TimeProvider clock)
{
    const string Reminder = "overrides";

    static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    LimitsState State => events.State;

    public async Task<Outcome<LimitOverride>> BeginAsync(OverrideRequest request)
    {
        var id = FormattableString.Invariant($"{State.Sequence + 1}");
        var begun = OverrideRules.Begin(limits.Set, State.Overrides, request, id, clock.GetUtcNow());
        if (begun.IsDone) await RecordAsync(new OverrideBegun(begun.Value!));
        return begun;
    }

    public async Task<Outcome<LimitOverride>> CancelAsync(OverrideCancellation cancellation)
    {
        var ended = OverrideRules.Cancel(State.Overrides, cancellation, clock.GetUtcNow());
        if (ended.IsDone) await RecordAsync(new OverrideEnded(ended.Value!, cancellation.Reason));
        return ended;
    }

    /// <summary>Puts the end of overrides on record; that they count no longer takes no reminder.</summary>
    public async Task ExpireAsync()
    {
        LimitsEvent[] ends =
        [
            .. State.Active.Where(entry => entry.ExpiresAt <= clock.GetUtcNow()).Select(expired => new OverrideEnded(
                expired with { Status = OverrideStatus.Expired, EndedAt = expired.ExpiresAt }, null)),
        ];
        await RecordAsync(ends);
    }

    async Task RecordAsync(params LimitsEvent[] changes)
    {
        foreach (var change in changes)
        {
            await events.CommitAsync(change);
            limits.Recalculate();
        }

        await RemindAsync();
    }

    /// <summary>One reminder, for the next end.</summary>
    async Task RemindAsync()
    {
        var now = clock.GetUtcNow();
        if (State.Active.Min(entry => (DateTimeOffset?)entry.ExpiresAt) is { } next)
            await grain.RegisterOrUpdateReminder(Reminder, next > now ? next - now : TimeSpan.Zero, ReminderPeriod);
        else if (await grain.GetReminder(Reminder) is { } reminder)
            await grain.UnregisterReminder(reminder);
    }
}
