using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Trading.Portfolios;

namespace Trading.Risk;

/// <summary>The limits that bind a book now: the newest version set, as overrides and what dynamic rules look at change
/// it.</summary>
sealed partial class BookLimits(
    string portfolio, LimitsStore store, LimitsEventStore events, IPortfolioGrain book, TimeProvider clock, ILogger log)
{
    ImmutableArray<LimitsVersion> _versions;
    LimitInputs _inputs = LimitInputs.Unknown;
    LimitsInForce? _inForce;

    /// <summary>The newest version as a person set it.</summary>
    public LimitsVersion Set => _versions[0];

    /// <summary>Calculated anew where an input changed or a moment came at which one may: an override that expired
    /// never counts.</summary>
    public LimitsInForce InForce => _inForce is { } known && clock.GetUtcNow() < known.Until ? known : Recalculate();

    bool LooksAtTheBook => Scaling.LooksAtTheBook(Set.Limits.Dynamic);

    public LimitsInForce Recalculate() =>
        _inForce = LimitsInForce.Of(Set, events.State.Overrides, _inputs, clock.GetUtcNow()).After(_inForce);

    /// <summary>Stores version 1 when the book is first asked for, so that what it says and when it began never changes
    /// later.</summary>
    public async Task LoadAsync(RiskLimits first)
    {
        if (store.Loaded is { } known) _versions = known;
        else await SaveAsync([new(1, first, "system", clock.GetUtcNow(), "The default limits.")]);
        await LookAsync();
    }

    /// <summary>Replaces the limits by a new version, which binds decisions once it is stored.</summary>
    public async Task<Outcome<LimitsVersion>> ChangeAsync(LimitsChange change)
    {
        if (LimitRules.Check(change) is { IsEmpty: false } errors) return Outcome.Invalid<LimitsVersion>(errors);
        var changed = LimitRules.Change(_versions, change, clock.GetUtcNow());
        if (!changed.IsDone) return new(changed.Kind, null, changed.Errors);
        await SaveAsync(changed.Value);
        await LookAsync();
        return Outcome.Done(Set);
    }

    /// <summary>Asks the book for what the dynamic rules look at.</summary>
    public async Task LookAsync()
    {
        if (!LooksAtTheBook) return;
        _inputs = await SeeAsync();
        Recalculate();
    }

    public async Task<LimitsHistory> HistoryAsync()
    {
        var light = (await SeeAsync()).TrafficLight;
        return new(portfolio, Set, _versions.RemoveAt(0))
        {
            Effective = InForce.Version,
            Adjusted = InForce.Under(light),
            Overrides = events.State.Overrides,
            Inputs = LooksAtTheBook ? _inputs : null,
            TrafficLight = light,
        };
    }

    async Task SaveAsync(ImmutableArray<LimitsVersion> versions)
    {
        await store.SaveAsync(versions);
        _versions = versions;
        Recalculate();
    }

    /// <summary>Without an answer of the book it is unknown.</summary>
    async Task<LimitInputs> SeeAsync()
    {
        try
        {
            return await book.GetLimitInputsAsync() is { IsDone: true } seen ? seen.Value! : LimitInputs.Unknown;
        }
        catch (Exception failure)
        {
            LogNotSeen(failure, portfolio);
            return LimitInputs.Unknown;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message =
        "The book {Portfolio} does not say what its dynamic limits depend on; the strictest factors hold.")]
    partial void LogNotSeen(Exception failure, string portfolio);
}
