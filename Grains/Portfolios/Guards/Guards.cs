using System.Collections.Immutable;
using Trading.Risk;

namespace Trading.Portfolios;

/// <summary>Trading mode, stops, breakers and flatten plan of a book. <see cref="Apply"/> is the only thing that
/// changes them; what may happen is decided by <see cref="GuardRules"/> and <see cref="BreakerRules"/>.</summary>
public sealed class Guards
{
    /// <summary>The newest refusals that are remembered, and so the most that a level can count.</summary>
    public const int MaxDenials = 1_000;

    /// <summary>The orders to the broker that are remembered.</summary>
    public const int MaxOperations = 64;

    readonly RecentTimes _denials = new(MaxDenials);
    GuardState _state = GuardState.Empty;

    /// <summary>What the rules hold an order against; null while nothing guards the book.</summary>
    public Guard? InForce { get; private set; }

    public GuardSettings? Settings => _state.Settings;
    public ImmutableArray<Breaker> Breakers => _state.Breakers;
    public ImmutableArray<Stop> Stops => _state.Stops;
    public FlattenPlan? Plan => _state.Plan;
    public long FirmVersion => _state.FirmVersion;
    public DateOnly? Session => _state.Session;
    public decimal? DayEquity => _state.DayEquity;
    public decimal? High => _state.High;
    public TradingMode ModeSet => _state.Mode;

    /// <summary>The strictest of what a person set, what the book's own forecasts ask for, and a stop.</summary>
    public TradingMode Mode =>
        !Stops.IsEmpty ? TradingMode.Halted
        : ModeSet == TradingMode.Active && _state.RedLight ? TradingMode.Reducing
        : ModeSet;

    /// <summary>The same changes, those that persons are told of numbered on.</summary>
    public ImmutableArray<BookEvent> Numbered(ImmutableArray<BookEvent> changes)
    {
        if (changes.IsEmpty) return changes;
        var notice = _state.Notices;
        return [.. changes.Select(change => change is GuardMove move ? move with { Notice = ++notice } : change)];
    }

    public Breaker Of(BreakerName name) => Breakers[(int)name];

    public Stop? StopOf(StopScope scope) => Stops.FirstOrDefault(stop => stop.Scope == scope);

    /// <summary>Failed orders among the last so many, as a share of that many.</summary>
    public double FailureShare(int window) =>
        (double)ulong.PopCount(
            window < MaxOperations ? _state.Operations & ((1UL << window) - 1) : _state.Operations) / window;

    /// <summary>Refusals within the last seconds.</summary>
    public int DenialsWithin(int seconds, DateTimeOffset now) =>
        _denials.CountAfter(now.UtcTicks - (seconds * TimeSpan.TicksPerSecond));

    /// <summary>Makes an event part of the guards.</summary>
    /// <param name="highWaterMark">The book's, before the event.</param>
    public void Apply(BookEvent change, decimal highWaterMark)
    {
        if (change is GuardMove { Notice: > 0 and var notice }) _state = _state with { Notices = notice };
        switch (change)
        {
            case SignalDecided { Decision: { Approved: false } refusal }:
                Deny(refusal);
                return;
            case Filled { ByBroker: true }:
                _state = _state with { Operations = _state.Operations << 1 };
                return;
            case BrokerFailed:
                _state = _state with { Operations = (_state.Operations << 1) | 1 };
                return;
            case HighWaterMarkRaised:
                _state = _state with { High = null };
                return;
            case CashTransferred transferred when highWaterMark > 0:
                Scale(transferred.HighWaterMark / highWaterMark);
                return;
            case ReferencesMoved moved:
                _state = _state with
                {
                    Session = moved.Session ?? Session,
                    DayEquity = moved.DayEquity ?? DayEquity,
                    High = moved.High ?? High,
                };
                return;
            case FlattenPlanned planned:
                _state = _state with { Plan = Finished(new(planned.PlanId, planned.Steps, planned.At), planned.At) };
                return;
            case FlattenStepped stepped when Plan?.PlanId == stepped.PlanId:
                _state = _state with
                {
                    Plan = Finished(
                        Plan with { Steps = [.. Plan.Steps.Select(step => Advance(step, stepped))] },
                        stepped.At)
                };
                return;
            case GuardsConfigured configured:
                _state = _state with { Settings = configured.Settings };
                break;
            case BreakerMoved moved:
                Move(moved);
                break;
            case ForecastMade made:
                _state = _state with { RedLight = made.Standing.ReducingOnly };
                break;
            case ModeChanged changed:
                _state = _state with { Mode = changed.Mode };
                break;
            case Stopped stopped:
                _state = _state with
                {
                    Stops = [.. Stops.Where(stop => stop.Scope != stopped.Stop.Scope), stopped.Stop],
                    FirmVersion = stopped.FirmVersion ?? FirmVersion
                };
                break;
            case Resumed resumed:
                Resume(resumed);
                break;
            default:
                return;
        }

        InForce = GuardRules.Judge(_state, Mode);
    }

    /// <summary>The guards as of now; the same events give the same bytes.</summary>
    public GuardState Save() => _state with
    {
        Denials = [.. _denials.Save(after: 0).Select(ticks => new DateTimeOffset(ticks, TimeSpan.Zero))],
    };

    public void Restore(GuardState? state)
    {
        if (state is null) return; // of a program that had no guards
        _state = state with { Denials = [] };
        _denials.Restore([.. state.Denials.Select(at => at.UtcTicks)]);
        InForce = GuardRules.Judge(_state, Mode);
    }

    /// <summary>A refusal by a guard says nothing new about the orders, and would keep the breaker that made it
    /// tripped.</summary>
    void Deny(SignalDecision refusal)
    {
        if (Settings?.Breakers.RepeatedDenials is null
            || refusal.Violations.Any(violation =>
                violation.Code is RiskRule.Halted or RiskRule.ReducingOnly or RiskRule.CircuitBreaker))
            return;
        _denials.Add(refusal.DecidedAt.UtcTicks);
    }

    void Move(BreakerMoved moved)
    {
        var breaker = Of(moved.Name) with
        {
            State = moved.To,
            Since = moved.At,
            Observed = moved.Observed,
            Level = moved.Level,
            By = moved.By,
            SecondPerson = moved.SecondPerson,
            Reason = moved.Reason,
            TrippedUnder = moved.To == BreakerState.Closed ? null
                : moved.To == BreakerState.Tripped ? moved.Settings
                : Of(moved.Name).TrippedUnder,
        };
        _state = _state with { Breakers = Breakers.SetItem((int)moved.Name, breaker) };
        if (moved.By == BreakerRules.ByItself) return;
        switch (moved.Name) // a person has seen what was measured: it begins anew
        {
            case BreakerName.DailyLoss:
                _state = _state with { DayEquity = moved.Equity ?? DayEquity };
                break;
            case BreakerName.Drawdown:
                _state = _state with { High = moved.Equity ?? High };
                break;
            case BreakerName.ErrorRate:
                _state = _state with { Operations = 0 };
                break;
            case BreakerName.RepeatedDenials:
                _denials.Clear();
                break;
        }
    }

    /// <summary>A payment moves what losses are counted from as it moves equity: it is neither a profit nor a
    /// loss.</summary>
    void Scale(decimal ratio) => _state = _state with
    {
        DayEquity = DayEquity is { } day ? Money.Round(day * ratio) : null,
        High = High is { } high ? Money.Round(high * ratio) : null,
    };

    /// <summary>Once nothing stops the book, what is left of a plan is given up.</summary>
    void Resume(Resumed resumed)
    {
        ImmutableArray<Stop> left = [.. Stops.Where(stop => stop.Scope != resumed.Scope)];
        _state = _state with
        {
            Stops = left,
            FirmVersion = resumed.FirmVersion ?? FirmVersion,
            Plan = left.IsEmpty && Plan is { FinishedAt: null } ? null : Plan,
        };
    }

    static FlattenStep Advance(FlattenStep step, FlattenStepped stepped) => step.Symbol == stepped.Symbol
        ? step with
        {
            State = stepped.State, Attempts = step.Attempts + 1, TriedAt = stepped.At, Detail = stepped.Detail
        }
        : step;

    static FlattenPlan Finished(FlattenPlan plan, DateTimeOffset at) =>
        plan.Steps.All(step => step.State == FlattenState.Flat) ? plan with { FinishedAt = at } : plan;
}
