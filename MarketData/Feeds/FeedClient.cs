using System.Net;
using System.Net.Http.Headers;

namespace Trading.MarketData;

/// <summary>One question to a feed.</summary>
/// <param name="Source">How the feed is called in messages, which never show its address: a key may stand in
/// it.</param>
/// <param name="KeyHeader">The header that <paramref name="Key"/> goes in; null where there is none.</param>
/// <param name="Known">What the last good answer said of its version.</param>
sealed record FeedRequest(
    string Source, Uri Address, TimeSpan Timeout, int MaxBytes, string? KeyHeader = null, string? Key = null,
    FeedVersion? Known = null);

/// <summary>By what a server knows whether its answer has changed.</summary>
sealed record FeedVersion(EntityTagHeaderValue? Tag, DateTimeOffset? Modified);

/// <param name="Body">Null where nothing has changed.</param>
/// <param name="Status">2xx, 304, or a refusal of 400 or 404 whose words may say why.</param>
sealed record FeedReply(HttpStatusCode Status, ReadOnlyMemory<byte>? Body, FeedVersion Version);

/// <summary>Asks feeds over HTTP: in time, with a bounded answer, and only for what has changed.</summary>
sealed class FeedClient(IHttpClientFactory clients, TimeProvider clock)
{
    /// <summary>The client of questions that a server may send on to another address, and of those with a key in a
    /// header, which it may not.</summary>
    public const string Open = "feeds", Keyed = "feeds-with-a-key";

    static readonly TimeSpan DefaultPause = TimeSpan.FromMinutes(1), LongestPause = TimeSpan.FromDays(1);

    /// <exception cref="SourceException">There is no usable answer.</exception>
    public async Task<FeedReply> GetAsync(FeedRequest question, CancellationToken cancellation)
    {
        using var late = new CancellationTokenSource(question.Timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellation);
        try
        {
            using var client = clients.CreateClient(question.KeyHeader is null ? Open : Keyed);
            using var request = Message(question);
            using var response = await client.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            Judge(question.Source, response);
            var version = new FeedVersion(response.Headers.ETag, response.Content.Headers.LastModified);
            if (response.StatusCode == HttpStatusCode.NotModified) return new(response.StatusCode, null, version);
            return new(
                response.StatusCode,
                await BoundedBody.ReadAsync(question.Source, response.Content, question.MaxBytes, either.Token),
                version);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellation.IsCancellationRequested)
        {
            throw new SourceException(
                question.Source, SourceFailure.Unreachable,
                $"no whole answer within {question.Timeout.TotalSeconds} seconds");
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new SourceException(
                question.Source, SourceFailure.Unreachable, $"no answer: {broken.Message}", inner: broken);
        }
    }

    static HttpRequestMessage Message(FeedRequest question)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, question.Address);
        // some publishers refuse who does not say who asks
        request.Headers.UserAgent.Add(new("Trading.Orleans", "1.0"));
        if (question.KeyHeader is { } header) request.Headers.TryAddWithoutValidation(header, question.Key);
        if (question.Known?.Tag is { } tag) request.Headers.IfNoneMatch.Add(tag);
        request.Headers.IfModifiedSince = question.Known?.Modified;
        return request;
    }

    void Judge(string source, HttpResponseMessage response)
    {
        var status = (int)response.StatusCode;
        var asked = response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - clock.GetUtcNow() : null;
        if (status is 429 or 418)
            throw new SourceException(
                source, SourceFailure.RateLimited, $"{status}: asked to wait", Bounded(asked ?? DefaultPause));
        if (status >= 500)
            throw new SourceException(
                source, SourceFailure.ServerError, $"the server failed with {status}",
                asked is { } pause ? Bounded(pause) : null);
        if (status is not ((>= 200 and < 300) or 304 or 400 or 404))
            throw new SourceException(source, SourceFailure.Refused, $"refused with {status}");

        static TimeSpan Bounded(TimeSpan pause) =>
            pause < TimeSpan.Zero ? TimeSpan.Zero : pause > LongestPause ? LongestPause : pause;
    }
}
