namespace Trading.Backtests;

/// <summary>A strategy with what it starts with.</summary>
/// <param name="Name">Stands on its orders.</param>
public sealed record Participant(string Name, IStrategy Strategy, decimal Cash);

/// <summary>A strategy threw.</summary>
public sealed class StrategyFailedException(string strategy, DateTimeOffset at, Exception inner)
    : Exception($"The strategy '{strategy}' failed at {at:yyyy-MM-dd HH:mm:ss}: {inner.Message}", inner);

/// <summary>
/// One run over a history. At each moment: bars that are complete are carried out, symbol by symbol, then every
/// strategy decides, and its orders arrive after the latency. Buffers are kept, so that the runs of a sweep need the
/// memory of one.
/// </summary>
sealed class Simulation
{
    /// <summary>Steps between looks at cancellation and progress; a power of two.</summary>
    const int LookEvery = 4096;

    readonly MarketHistory _history;
    readonly ExecutionOptions _options;
    readonly Recording _recording;
    readonly ITradeGate? _gate;
    readonly OrderBook _orders;
    readonly TakerPricing _pricing;
    readonly Execution _execution;
    readonly Carrying _carrying;
    readonly FillBooks _books;
    readonly Participant[] _participants;
    readonly StrategyContext[] _contexts;
    long _day, _step;
    int _lastId;

    public Simulation(
        MarketHistory history, IReadOnlyList<Participant> participants, CostOptions costs, ExecutionOptions options,
        Recording recording, ITradeGate? gate = null)
    {
        (_history, _options, _recording, _gate) = (history, options, recording, gate);
        Market = new(history);
        _participants = [.. participants];
        Accounts = [.. participants.Select(_ => new Account(history.Series.Length))];
        _orders = new(history.Series.Length);
        _pricing = new(history, costs, options);
        var commission = costs.Schedule
            ?? CommissionSchedule.All.Single(schedule => schedule.Name == costs.Commission);
        _books = new(Market, _orders, Accounts, [.. participants.Select(one => one.Name)], commission, costs,
            recording, gate);
        _execution = new(Market, options, _pricing, _books);
        _carrying = new(Market, Accounts, _books, _pricing, costs, gate);
        _contexts = [.. participants.Select((one, place) => new StrategyContext(this, place, one.Name))];
    }

    public Market Market { get; }

    public Account[] Accounts { get; }

    public IReadOnlyList<Participant> Participants => _participants;

    /// <summary>The step that is being made; read by whoever watches over the run.</summary>
    public long Step => Volatile.Read(ref _step);

    public long Steps => _history.Timeline.Steps;

    /// <exception cref="StrategyFailedException">A strategy threw; what was done until then is void.</exception>
    public void Run(IProgress<double>? progress, CancellationToken cancellation)
    {
        Clear();
        var (times, first, series) = (_history.Timeline.Times, _history.Timeline.First, _history.Timeline.Series);
        foreach (var (participant, context) in _participants.Zip(_contexts)) Call(participant, context, isStart: true);
        for (var step = 0; step < times.Length; step++)
        {
            if (step % LookEvery == 0)
            {
                cancellation.ThrowIfCancellationRequested();
                progress?.Report((double)step / times.Length);
            }

            Volatile.Write(ref _step, step);
            var (now, from, end) = (times[step], first[step], first[step + 1]);
            var day = now / TimeSpan.TicksPerDay;
            if (day != _day) NextDay(day);
            Market.Now = now;
            for (var place = from; place < end; place++) Complete(series[place]);
            if (_gate is not null)
                foreach (var context in _contexts) _gate.Look(context);
            for (var i = 0; i < _participants.Length; i++)
            {
                _contexts[i].Begin(from, end - from);
                Call(_participants[i], _contexts[i], isStart: false);
            }
        }

        Finish();
        progress?.Report(1);
    }

    /// <summary>Sends an order of an account to the market.</summary>
    public int Submit(int account, StrategyContext context, in OrderRequest request)
    {
        if ((uint)request.Series >= (uint)_history.Series.Length)
            throw new ArgumentOutOfRangeException(nameof(request), $"There is no series {request.Series}.");
        if (request.Problem() is { } problem) throw new ArgumentException($"An order contradicts itself: {problem}.",
            nameof(request));
        var quantity = context.WholeLots(request.Series, request.Quantity);
        if (quantity == 0) return 0;
        _recording.Decisions?.Ordered(Market.Now, account, request, quantity);
        if (!Market.IsTradable(request.Series)) return Refuse(context, request, new("not_tradable", null, null));
        if (_gate is not null)
        {
            decimal? limit = request.LimitPrice is { } price ? Market.Worth(request.Series, price) : null;
            var broken = _gate.Check(new(_lastId + 1, request.Series, quantity, limit, context));
            foreach (var rule in broken) Refuse(context, request, rule);
            if (!broken.IsEmpty) return 0;
        }

        var order = _orders.Rent();
        var arrives = Market.Now + (long)(_options.LatencyMilliseconds * TimeSpan.TicksPerMillisecond);
        order.Set(++_lastId, account, request, quantity, Market.Now, arrives);
        order.DecisionValue = Market.Worth(request.Series);
        _orders.Add(order);
        Accounts[account].AddWorking(request.Series, quantity);
        return order.Id;
    }

    public void Cancel(int account, int id)
    {
        _recording.Decisions?.Cancelled(Market.Now, account, id);
        if (_orders.Find(id) is not { } order || order.Account != account) return;
        _books.End(order, OrderEnd.Cancelled, _history.Series[order.Series].Close[Market.Bar(order.Series)]);
    }

    int Refuse(StrategyContext context, in OrderRequest request, in BrokenRule rule)
    {
        _recording.Add(new Refusal(
            context.Now, context.Strategy, context.Symbol(request.Series), request.Quantity, rule.Code, rule.Observed,
            rule.Limit));
        return 0;
    }

    void Clear()
    {
        Market.Clear();
        _orders.Clear();
        _pricing.Clear();
        _carrying.Clear();
        _recording.Clear();
        for (var i = 0; i < Accounts.Length; i++) Accounts[i].Clear(_participants[i].Cash);
        _gate?.Begin();
        (_day, _lastId, Market.Now) = (_history.Timeline.Times[0] / TimeSpan.TicksPerDay, 0,
            _history.Timeline.Times[0]);
    }

    void Complete(int symbol)
    {
        var bar = Market.Bar(symbol) + 1;
        _carrying.Open(symbol, bar);
        if (_orders.Count(symbol) > 0) _execution.Run(symbol, bar);
        Market.Advance(symbol);
        _carrying.Close(symbol, bar);
    }

    void NextDay(long day)
    {
        EndDay();
        _carrying.Nights(day - _day);
        _day = day;
    }

    void EndDay()
    {
        var (equity, cash, bought, sold) = (0m, 0m, 0m, 0m);
        for (var i = 0; i < Accounts.Length; i++)
        {
            var exposure = Market.Exposure(Accounts[i]);
            var mine = Accounts[i].Cash + exposure.Long - exposure.Short;
            (equity, cash) = (equity + mine, cash + Accounts[i].Cash);
            (bought, sold) = (bought + exposure.Long, sold + exposure.Short);
        }

        var date = DateOnly.FromDateTime(new DateTime(_day * TimeSpan.TicksPerDay, DateTimeKind.Utc));
        _recording.Add(new DailyEquity(date, equity, cash, bought, sold));
    }

    void Finish()
    {
        for (var symbol = 0; symbol < _history.Series.Length; symbol++)
        {
            foreach (var order in _orders.Of(symbol) ?? [])
                if (order.End == OrderEnd.Working) _books.End(order, OrderEnd.EndOfRun,
                    _history.Series[symbol].Close[Market.Bar(symbol)]);
            if (_orders.Count(symbol) > 0) _orders.Sweep(symbol);
        }

        EndDay();
    }

    void Call(Participant participant, StrategyContext context, bool isStart)
    {
        try
        {
            if (isStart) participant.Strategy.Start(context);
            else participant.Strategy.OnBars(context);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new StrategyFailedException(participant.Name, new(Market.Now, TimeSpan.Zero), failure);
        }
    }
}
