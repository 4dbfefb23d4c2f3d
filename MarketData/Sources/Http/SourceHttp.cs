using System.Net;
using System.Text.Json;
using Polly;
using Polly.Retry;

namespace Trading.MarketData;

/// <summary>An answer of 2xx, or a refusal of 4xx that came with JSON.</summary>
/// <param name="Now">The earlier of this program's and the server's clock: what has ended by then has ended.</param>
sealed record HttpReply(string Source, HttpStatusCode Status, JsonDocument Document, DateTimeOffset Now) : IDisposable
{
    public bool Accepted => (int)Status is >= 200 and < 300;
    public JsonField Root => JsonField.Root(Source, Document);
    public void Dispose() => Document.Dispose();
}

/// <summary>Asks one source over HTTP: within its budget, in time, with a bounded answer. What gets no answer or a
/// server's failure is asked again, as often as the options say; a source that asks to be left alone is left
/// alone.</summary>
sealed class SourceHttp
{
    /// <summary>Waits that the source asks for up to this length are waited for; longer ones fail at once, so that the
    /// next source can serve.</summary>
    static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(2);
    static readonly TimeSpan DefaultPause = TimeSpan.FromMinutes(1), DefaultBan = TimeSpan.FromMinutes(5),
        LongestPause = TimeSpan.FromDays(3);

    readonly string _source;
    readonly Func<HttpClient> _client;
    readonly HttpSourceOptions _options;
    readonly TimeProvider _clock;
    readonly Action<HttpRequestMessage>? _dress;
    readonly Action<HttpResponseMessage>? _observe;
    readonly ResiliencePipeline _again;

    /// <param name="client">A client of the factory for each request, so that addresses are looked up anew from time
    /// to time.</param>
    /// <param name="dress">Adds headers, for example a key.</param>
    /// <param name="observe">Reads headers, for example of the used budget.</param>
    public SourceHttp(
        string source, Func<HttpClient> client, HttpSourceOptions options, TimeProvider clock,
        Action<HttpRequestMessage>? dress = null, Action<HttpResponseMessage>? observe = null)
    {
        (_source, _client, _options, _clock, _dress, _observe) = (source, client, options, clock, dress, observe);
        Budget = new(options.RequestsPerMinute, clock);
        _again = Retrying(options.Retries, clock);
    }

    public RequestBudget Budget { get; }

    /// <param name="weight">What the request takes from the budget.</param>
    /// <exception cref="SourceException">No answer, 429, 418, 5xx, no JSON, or a refusal without JSON.</exception>
    public async Task<HttpReply> GetAsync(string path, int weight, CancellationToken cancellation) =>
        await _again.ExecuteAsync(async token => await AskAsync(path, weight, token), cancellation);

    async Task<HttpReply> AskAsync(string path, int weight, CancellationToken cancellation)
    {
        if (Budget.TryTake(weight) is { } wait)
            throw new SourceException(_source, SourceFailure.RateLimited, "the budget of requests is used up", wait);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(_options.Timeout), _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var client = _client();
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_options.Address, path));
            _dress?.Invoke(request);
            using var response = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            _observe?.Invoke(response);
            return await ReadAsync(response, either.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SourceException(
                _source, SourceFailure.Unreachable, $"no whole answer within {_options.Timeout} seconds");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new SourceException(
                _source, SourceFailure.Unreachable, $"no answer: {broken.Message}", inner: broken);
        }
    }

    async Task<HttpReply> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        var status = (int)response.StatusCode;
        if (status is 429 or 418)
        {
            var pause = Pause(response);
            Budget.CloseFor(pause);
            throw new SourceException(
                _source, SourceFailure.RateLimited, $"{status}: asked to wait {pause.TotalSeconds:0} seconds", pause);
        }

        if (status >= 500)
            throw new SourceException(
                _source, SourceFailure.ServerError, $"the server failed with {status}", Asked(response));
        if (status is < 200 or (>= 300 and < 400))
            throw new SourceException(_source, SourceFailure.Refused, $"unexpected status {status}");
        var body = await BoundedBody.ReadAsync(_source, response.Content, _options.MaxResponseBytes, cancellation);
        try
        {
            return new(_source, response.StatusCode, JsonField.Parse(_source, body), Earlier(response.Headers.Date));
        }
        catch (SourceException) when (status >= 400)
        {
            throw new SourceException(_source, SourceFailure.Refused, $"refused with {status}");
        }
    }

    DateTimeOffset Earlier(DateTimeOffset? served)
    {
        var now = _clock.GetUtcNow();
        return served < now ? served.Value : now;
    }

    /// <summary>What <c>Retry-After</c> says, in seconds or as an instant; else a minute, and five for a ban.</summary>
    TimeSpan Pause(HttpResponseMessage response)
    {
        var pause = Asked(response) ?? ((int)response.StatusCode == 418 ? DefaultBan : DefaultPause);
        return pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;
    }

    TimeSpan? Asked(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - _clock.GetUtcNow() : null;

    static ResiliencePipeline Retrying(int retries, TimeProvider clock) => retries == 0 ? ResiliencePipeline.Empty
        : new ResiliencePipelineBuilder { TimeProvider = clock }.AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = retries,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = LongestWait,
            DelayGenerator = attempt => new((attempt.Outcome.Exception as SourceException)?.RetryAfter),
            ShouldHandle = attempt =>
                new(attempt.Outcome.Exception is SourceException failed && MayBeAskedAgain(failed)),
        }).Build();

    static bool MayBeAskedAgain(SourceException failed) => failed.Failure switch
    {
        SourceFailure.Unreachable => true,
        SourceFailure.ServerError => failed.RetryAfter is null || failed.RetryAfter <= LongestWait,
        SourceFailure.RateLimited => failed.RetryAfter <= LongestWait,
        _ => false,
    };
}
