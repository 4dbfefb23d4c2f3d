using System.Collections.Immutable;

namespace Trading.MarketData;

/// <summary>Where the bars of one series stand in time: their order, their grid, what is missing between them, and
/// what happened to the security overnight. The usual next bar costs a subtraction and a comparison.</summary>
sealed class BarTimeline(SeriesProfile profile)
{
    readonly long _length = profile.Interval.Length().Ticks;
    readonly bool _daily = profile.Interval == BarInterval.OneDay;
    readonly ITradingCalendar _calendar = profile.Calendar;
    readonly ImmutableArray<CorporateAction> _actions = [.. profile.Actions.OrderBy(action => action.ExDate)];
    readonly ImmutableArray<Listing> _listings = profile.Listings;
    long _last = long.MinValue, _dayEnd = long.MinValue;
    int _nextAction, _listing = -1;

    /// <summary>The first and the last bar that came in order, in ticks of UTC; meaningless before the first.</summary>
    public long First { get; private set; }
    public long Last => _last;
    public bool Started => _last != long.MinValue;
    public DateOnly Date { get; private set; }

    /// <summary>Of the last step: the bars missing before it.</summary>
    public long Missing { get; private set; }
    /// <summary>Of the last step: it came after a change of the security behind the symbol.</summary>
    public bool OtherListing { get; private set; }
    /// <summary>Of the last step: new units for one old, and cash for one old unit, since the bar before.</summary>
    public double Split { get; private set; }
    public double Dividend { get; private set; }

    /// <summary>Takes the next bar, which must start after the last, and notes what is odd in its time.</summary>
    public void Advance(long ticks, ref BarVerdict verdict)
    {
        (Missing, OtherListing, Split, Dividend) = (0, false, 1, 0);
        var step = ticks - _last;
        if (!Started) First = ticks;
        else if (step != _length) CountMissing(ticks, ref verdict);
        if (ticks % _length is not 0 and var off)
            verdict = verdict.With(BarRule.OffGrid, Verdict.Quarantine, TimeSpan.FromTicks(off).TotalSeconds);
        if (ticks >= _dayEnd) NextDay(ticks, ref verdict);
        _last = ticks;
    }

    /// <summary>The bars that ought to have come after the last one and before an instant; null where the calendar
    /// does not know.</summary>
    public long? ExpectedAfterLast(long until) =>
        Started && until > _last + _length ? _calendar.Expected(At(_last + 1), At(until), profile.Interval) : 0;

    /// <summary>The bars that the calendar expects from the first to the last one; null where it does not
    /// know.</summary>
    public long? Expected => Started ? _calendar.Expected(At(First), At(_last + 1), profile.Interval) : null;

    public static DateTimeOffset At(long ticks) => new(ticks, TimeSpan.Zero);

    void CountMissing(long ticks, ref BarVerdict verdict)
    {
        var step = ticks - _last;
        if (step < _length) return;
        Missing = _calendar.Expected(At(_last + 1), At(ticks), profile.Interval) ?? 0;
        if (Missing > 0) verdict = verdict.With(BarRule.Gap, Verdict.Accept, Missing, 0);
        else if (!_daily && ticks < _dayEnd)
            verdict = verdict.With(BarRule.QuietMinutes, Verdict.Accept, (step / _length) - 1);
    }

    void NextDay(long ticks, ref BarVerdict verdict)
    {
        DateOnly date;
        if (_daily)
        {
            date = DateOnly.FromDateTime(At(ticks).UtcDateTime);
            _dayEnd = ((ticks / TimeSpan.TicksPerDay) + 1) * TimeSpan.TicksPerDay;
        }
        else
        {
            var day = _calendar.DayOf(At(ticks));
            (date, _dayEnd) = (day.Date, day.End.UtcTicks);
        }

        if (!_calendar.IsSession(date) && date >= _calendar.First && date <= _calendar.Last)
            verdict = verdict.With(BarRule.OffSession, Verdict.Quarantine, double.NaN);
        TakeActions(date);
        FindListing(date);
        Date = date;
    }

    /// <summary>Cash comes off per unit that was held when it was paid: a split after it divides it too.</summary>
    void TakeActions(DateOnly date)
    {
        for (; _nextAction < _actions.Length && _actions[_nextAction].ExDate <= date; _nextAction++)
        {
            var action = _actions[_nextAction];
            if (!Started || action.ExDate <= Date || action.Value <= 0) continue;
            if (action.Kind == CorporateActionKind.Split) Split *= (double)action.Value;
            else Dividend += (double)action.Value * Split;
        }
    }

    void FindListing(DateOnly date)
    {
        for (var index = 0; index < _listings.Length; index++)
        {
            if (date < _listings[index].From || date > _listings[index].To) continue;
            OtherListing = _listing >= 0 && index != _listing;
            _listing = index;
        }
    }
}
