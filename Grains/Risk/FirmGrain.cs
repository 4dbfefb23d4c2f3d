using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Portfolios;

namespace Trading.Risk;

[GenerateSerializer, Alias("trading.firm-record")]
public sealed record FirmRecord
{
    [Id(0)] public FirmOrder? Order { get; init; }
}

/// <summary>Keeps whether the firm is stopped, and sees to it that every book follows.</summary>
/// <remarks>The order is stored before any book hears of it. Books are asked until each has confirmed, by a timer and,
/// across restarts, by a reminder; while the firm is stopped the directory is read again, so that books opened
/// meanwhile are stopped too. Who has confirmed is not stored: following an order twice changes nothing.</remarks>
public sealed partial class FirmGrain(
    [PersistentState("firm", "trading")] IPersistentState<FirmRecord> stored,
    IOptions<RiskOptions> options,
    TimeProvider clock,
    ILogger<FirmGrain> log) : Grain, IFirmGrain, IRemindable
{
    const string Reminder = "confirm";

    /// <summary>Books that are asked at once.</summary>
    const int FanOut = 1_000;

    static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);
    static readonly TimeSpan RetryPeriod = TimeSpan.FromSeconds(5);

    /// <summary>How long an answer waits for books to confirm; those that have not by then are named in it.</summary>
    static readonly TimeSpan FirstRound = TimeSpan.FromSeconds(5);

    readonly SortedSet<string> _confirmed = new(StringComparer.Ordinal);
    ImmutableArray<string> _books = [];
    IGrainTimer? _timer;

    FirmOrder? Order => stored.State.Order;
    FirmReport Report =>
        new(Order is { Stopped: true }, Order, [.. _confirmed], [.. _books.Where(book => !_confirmed.Contains(book))]);

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Order is not null) StartTimer(TimeSpan.Zero);
        return Task.CompletedTask;
    }

    public Task<FirmOrder?> GetOrderAsync() => Task.FromResult(Order);

    public Task<FirmReport> GetReportAsync() => Task.FromResult(Report);

    public Task ReceiveReminder(string reminderName, TickStatus status) => ConfirmAsync(CancellationToken.None);

    public Task<Outcome<FirmReport>> StopAsync(StopCommand command)
    {
        if (GuardValidator.Check(command) is { IsEmpty: false } errors)
            return Task.FromResult(Outcome.Invalid<FirmReport>(errors));
        return Order is { Stopped: true } known && (known.Flatten || !command.Flatten)
            ? SpreadAsync() // who stops the firm again wants to see it stopped
            : GiveAsync(new(NextVersion, true, command.By, null, command.Reason, command.Flatten, clock.GetUtcNow()));
    }

    public Task<Outcome<FirmReport>> ResumeAsync(Sanction sanction)
    {
        if (GuardValidator.Check(sanction, options.Value.SecondPersonToResumeFirm) is { IsEmpty: false } errors)
            return Task.FromResult(Outcome.Invalid<FirmReport>(errors));
        return Order is not { Stopped: true }
            ? Task.FromResult(Outcome.Conflict<FirmReport>("scope", "not_stopped", "The firm is not stopped."))
            : GiveAsync(
                new(NextVersion, false, sanction.By, sanction.SecondPerson, sanction.Reason, false, clock.GetUtcNow()));
    }

    long NextVersion => (Order?.Version ?? 0) + 1;

    /// <summary>After a failed write nobody knows what is stored: the activation goes, and the next one
    /// reads.</summary>
    async Task<Outcome<FirmReport>> GiveAsync(FirmOrder order)
    {
        stored.State = new() { Order = order };
        try
        {
            await stored.WriteStateAsync();
        }
        catch
        {
            DeactivateOnIdle();
            throw;
        }

        _confirmed.Clear();
        LogOrder(order.Stopped ? "stopped" : "resumed", order.By, order.Reason);
        await this.RegisterOrUpdateReminder(Reminder, ReminderPeriod, ReminderPeriod);
        return await SpreadAsync();
    }

    async Task<Outcome<FirmReport>> SpreadAsync()
    {
        StartTimer(RetryPeriod);
        await Task.WhenAny(ConfirmAsync(CancellationToken.None), Task.Delay(FirstRound, clock));
        return Outcome.Done(Report);
    }

    /// <summary>Asks every book that has not confirmed the newest order yet.</summary>
    async Task ConfirmAsync(CancellationToken cancellation)
    {
        if (Order is not { } order) return;
        _books = await GrainFactory.GetGrain<IPortfolioDirectoryGrain>(GrainKeys.Directory).ListAsync();
        foreach (var some in _books.Where(book => !_confirmed.Contains(book)).Chunk(FanOut))
            await Task.WhenAll(some.Select(book => ConfirmAsync(book, order)));
        if (order == Order && !order.Stopped && _confirmed.Count == _books.Length) await RestAsync();
    }

    /// <summary>Resumed, and everybody knows: nothing is left to ask for.</summary>
    async Task RestAsync()
    {
        _timer?.Dispose();
        _timer = null;
        if (await this.GetReminder(Reminder) is { } reminder) await this.UnregisterReminder(reminder);
    }

    async Task ConfirmAsync(string book, FirmOrder order)
    {
        try
        {
            var followed = await GrainFactory.GetGrain<IPortfolioGrain>(book).FollowAsync(order);
            if (followed.IsDone && order == Order) _confirmed.Add(book);
        }
        catch (Exception failure) // it is asked again; the others must not wait for it
        {
            LogNoAnswer(failure, book);
        }
    }

    void StartTimer(TimeSpan due)
    {
        _timer ??= this.RegisterGrainTimer(
            ConfirmAsync, new() { DueTime = due, Period = RetryPeriod, Interleave = true });
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The firm is {State} by {By}: {Reason}")]
    partial void LogOrder(string state, string by, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Book} does not confirm the firm's order; it is asked again.")]
    partial void LogNoAnswer(Exception failure, string book);
}
