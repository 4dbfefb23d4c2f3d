using System.Collections.Immutable;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.CircuitBreaker;

namespace Trading.MarketData;

/// <summary>One source of a chain with its breaker, its trust and its record.</summary>
sealed partial class ChainLink
{
    readonly Lock _gate = new();
    readonly IBarSource _source;
    readonly RequestBudget? _budget;
    readonly TimeProvider _clock;
    readonly TimeSpan _timeout;
    readonly ILogger _logger;
    readonly SourceTrust _trust;
    readonly LatencyWindow _latency = new();
    readonly CircuitBreakerStateProvider _breakerState = new();
    readonly ResiliencePipeline _breaker;
    DateTimeOffset? _lastSuccess, _lastFailure, _retryAt;
    string? _lastReason, _lastDropped;
    long _served, _failures, _nonsense, _dropped;

    public ChainLink(IBarSource source, SourceChainOptions options, TimeProvider clock, ILogger logger)
    {
        (_source, _clock, _logger) = (source, clock, logger);
        _budget = (source as IBudgetedSource)?.Budget;
        _timeout = TimeSpan.FromSeconds(options.SourceTimeout);
        _trust = new(options.GoodAnswers, TimeSpan.FromSeconds(options.ProbeInterval));
        _breaker = new ResiliencePipelineBuilder { TimeProvider = clock }
            .AddCircuitBreaker(new CircuitBreakerStrategyOptions
        {
            FailureRatio = 0.5,
            MinimumThroughput = options.BreakerFailures,
            SamplingDuration = TimeSpan.FromSeconds(options.BreakerWindow),
            BreakDuration = TimeSpan.FromSeconds(options.BreakerBreak),
            StateProvider = _breakerState,
            ShouldHandle = outcome =>
                new(outcome.Outcome.Exception is SourceException failed && IsFault(failed.Failure)),
            OnOpened = opened =>
            {
                lock (_gate)
                {
                    _retryAt = clock.GetUtcNow() + opened.BreakDuration;
                    _trust.Failed(clock.GetUtcNow());
                }

                return default;
            },
        }).Build();
    }

    public string Name => _source.Name;

    public bool IsTrusted
    {
        get
        {
            lock (_gate) return _trust.IsTrusted;
        }
    }

    /// <summary>True where it may be asked for an opinion without being missed when it has to serve.</summary>
    public bool MaySpare =>
        IsTrusted && _breakerState.CircuitState == CircuitState.Closed && !(_budget?.Left < _budget?.PerMinute / 2.0);

    /// <summary>True where a good answer would bring trust nearer, and the breaker would let the request
    /// pass.</summary>
    public bool MayBeProbed
    {
        get
        {
            var now = _clock.GetUtcNow();
            lock (_gate)
                return _trust.MayAnswer(now) && !(_breakerState.CircuitState == CircuitState.Open && now < _retryAt);
        }
    }

    /// <summary>Asks the source. Every failure and every good answer counts for its trust.</summary>
    /// <param name="check">Throws what is wrong with an answer.</param>
    /// <exception cref="SourceException">No usable answer.</exception>
    public async Task<BarAnswer> AskAsync(BarRequest request, Action<BarAnswer> check, CancellationToken cancellation)
    {
        var (askedAt, started) = (_clock.GetUtcNow(), _clock.GetTimestamp());
        try
        {
            var answer = await _breaker.ExecuteAsync(
                async token => await FetchAsync(request, check, token), cancellation);
            Succeeded(answer, askedAt, _clock.GetElapsedTime(started));
            return answer;
        }
        catch (BrokenCircuitException broken)
        {
            throw new SourceException(
                Name, SourceFailure.Unreachable, $"left alone after too many failures, the last: {_lastReason}",
                broken.RetryAfter, broken);
        }
        catch (SourceException failed)
        {
            Failed(failed);
            throw;
        }
    }

    public void CountServed() => Interlocked.Increment(ref _served);

    async Task<BarAnswer> FetchAsync(BarRequest request, Action<BarAnswer> check, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(_timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        BarAnswer answer;
        try
        {
            answer = await _source.FetchAsync(request, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new SourceException(
                Name, SourceFailure.Unreachable, $"no answer within {_timeout.TotalSeconds} seconds");
        }
        catch (Exception broken) when (broken is not (SourceException or OperationCanceledException))
        {
            throw new SourceException(
                Name, SourceFailure.Nonsense, $"its answer could not be read: {broken.Message}", inner: broken);
        }

        check(answer);
        return answer;
    }

    void Succeeded(BarAnswer answer, DateTimeOffset askedAt, TimeSpan took)
    {
        bool regained, drops;
        lock (_gate)
        {
            drops = answer.DroppedCount > 0 && _lastDropped != answer.Dropped[^1];
            (_dropped, _lastDropped) = (
                _dropped + answer.DroppedCount, answer.Dropped is [.., var last] ? last : _lastDropped);
            _lastSuccess = _clock.GetUtcNow();
            _latency.Add(took.TotalMilliseconds);
            // nothing said is nothing proved
            regained = !answer.Bars.IsDefaultOrEmpty && _trust.Answered(askedAt, _lastSuccess.Value);
        }

        if (regained) LogTrusted(Name, _trust.Needed);
        if (drops) LogDropped(answer.DroppedCount, Name, answer.Dropped[0]);
    }

    void Failed(SourceException failed)
    {
        bool lost;
        lock (_gate)
        {
            _lastFailure = _clock.GetUtcNow();
            _lastReason = failed.Message;
            _failures++;
            if (failed.Failure == SourceFailure.Nonsense) _nonsense++;
            lost = CostsTrust(failed.Failure) && _trust.Failed(_lastFailure.Value);
        }

        if (lost) LogLost(Name, failed.Message);
    }

    /// <summary>A budget that is used up and a request that goes too far say nothing about what the source answers
    /// otherwise.</summary>
    static bool IsFault(SourceFailure failure) =>
        failure is not (SourceFailure.RateLimited or SourceFailure.OutOfReach);

    /// <summary>A refusal may be the fault of one request: it costs trust only where the breaker opens over
    /// it.</summary>
    static bool CostsTrust(SourceFailure failure) => IsFault(failure) && failure != SourceFailure.Refused;

    /// <param name="answers">How many answers the chain gave in all.</param>
    public SourceReport Report(ImmutableArray<SourcePlace> places, long answers)
    {
        var now = _clock.GetUtcNow();
        var closedUntil = _budget?.ClosedUntil;
        lock (_gate)
        {
            var broken = _breakerState.CircuitState is CircuitState.Open or CircuitState.Isolated;
            var breaker = !broken ? _breakerState.CircuitState == CircuitState.HalfOpen
                ? SourceBreakerState.HalfOpen : SourceBreakerState.Closed
                : _retryAt > now ? SourceBreakerState.Open : SourceBreakerState.HalfOpen;
            var state = breaker == SourceBreakerState.Open ? SourceState.Open
                : closedUntil is not null || _budget?.Left < 1 ? SourceState.Exhausted
                : _trust.IsTrusted ? SourceState.Trusted : SourceState.Probation;
            var served = Interlocked.Read(ref _served);
            return new(
                Name, places, state, breaker, _trust.Good, _trust.Needed, _lastSuccess, _lastFailure, _lastReason,
                _latency.Quantile(0.5), _latency.Quantile(0.95), served, answers == 0 ? null : (double)served / answers,
                _failures, _nonsense, _budget?.Left, _budget?.PerMinute,
                breaker == SourceBreakerState.Open ? _retryAt : closedUntil)
            {
                DroppedRows = _dropped,
                LastDroppedRow = _lastDropped,
            };
        }
    }

    [LoggerMessage(
        Level = LogLevel.Warning, Message = "{Count} rows of an answer of {Source} are left out; the first: {Row}.")]
    partial void LogDropped(int count, string source, string row);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The source {Source} is no longer asked first: {Failure}.")]
    partial void LogLost(string source, string failure);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "The source {Source} is trusted again after {Answers} good answers.")]
    partial void LogTrusted(string source, int answers);
}

/// <summary>The last latencies, in milliseconds.</summary>
sealed class LatencyWindow
{
    const int Size = 256;
    readonly double[] _ring = new double[Size];
    long _count;

    public void Add(double milliseconds) => _ring[_count++ % Size] = milliseconds;

    /// <summary>The order statistic ceil(n·q); null before the first.</summary>
    public double? Quantile(double share)
    {
        if (_count == 0) return null;
        var sorted = _ring[..(int)Math.Min(_count, Size)];
        Array.Sort(sorted);
        return sorted[(int)Math.Ceiling(sorted.Length * share) - 1];
    }
}
