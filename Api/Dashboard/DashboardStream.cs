using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Trading.Alerts;
using Trading.Operations;
using Trading.Portfolios;
using Trading.Risk;

namespace Trading.Api;

/// <summary>Server-sent events for whoever watches a book: what is new is told as it comes, what did not change is not
/// told again, and a beat every second says that the line lives. Each event's data is what the API answers
/// elsewhere.</summary>
internal static class DashboardStream
{
    /// <summary>Watchers at once; one more is told to come back.</summary>
    const int MaxWatchers = 100;

    const int MaxDecisions = 100, MaxAlerts = 100;

    static int _watchers;

    public static void MapDashboardStream(this IEndpointRouteBuilder api) =>
        api.MapGet("/api/dashboard" + ApiMetrics.StreamSuffix, WatchAsync).WithTags("System").DisableRateLimiting()
            .Answers(400, 503)
            .Produces<string>(StatusCodes.Status200OK, "text/event-stream")
            .WithSummary("What happens to a book, as server-sent events: beat, book, guards, decisions, alerts, risk, system.");

    static async Task WatchAsync(
        HttpContext http, string? portfolio, string? rate, IGrainFactory grains, HealthReader health,
            TimeProvider clock,
        IHostApplicationLifetime lifetime)
    {
        if (Interlocked.Increment(ref _watchers) > MaxWatchers)
        {
            Interlocked.Decrement(ref _watchers);
            await ApiProblem.Unavailable($"{MaxWatchers} watch already.", []).ExecuteAsync(http);
            return;
        }

        try
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(
                http.RequestAborted, lifetime.ApplicationStopping);
            http.Response.ContentType = "text/event-stream";
            http.Response.Headers.CacheControl = "no-store";
            if (HeadRequests.Is(http)) return; // the headers are all of it, and events would never end
            http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
            using var watch = new Watch(http, portfolio ?? GrainKeys.DefaultPortfolio, grains, health, clock);
            await watch.RunAsync(rate is null ? 4 : int.Parse(rate, CultureInfo.InvariantCulture), either.Token);
        }
        catch (OperationCanceledException)
        {
            // Whoever watched has gone, or the program goes.
        }
        finally
        {
            Interlocked.Decrement(ref _watchers);
        }
    }

    sealed class Watch(
        HttpContext http, string portfolio, IGrainFactory grains, HealthReader health, TimeProvider clock)
        : IDisposable
    {
        /// <summary>Looks a second from which on the book is told at each.</summary>
        const int FastRate = 10;

        /// <summary>How long a part may be asked for. While one takes longer there is no beat: what is shown of it is
        /// old.</summary>
        static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

        static readonly TimeSpan PartsEvery = TimeSpan.FromSeconds(1), ReportsEvery = TimeSpan.FromSeconds(5);

        readonly ConcurrentDictionary<string, byte[]> _told = [];
        readonly ConcurrentDictionary<string, long> _asked = [];
        readonly SemaphoreSlim _line = new(1);
        readonly ArrayBufferWriter<byte> _buffer = new();
        readonly IPortfolioGrain _book = grains.GetGrain<IPortfolioGrain>(portfolio);
        readonly IRiskLimitGrain _risk = grains.GetGrain<IRiskLimitGrain>(portfolio);
        long _decided;

        /// <summary>Side by side: a report of a large book takes long, and keeps neither the book nor its
        /// decisions.</summary>
        /// <param name="rate">Looks a second.</param>
        public async Task RunAsync(int rate, CancellationToken stop)
        {
            using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
            Task[] all =
            [
                EveryAsync(TimeSpan.FromSeconds(1.0 / rate), look => LookAsync(look, rate, either.Token), either.Token),
                EveryAsync(PartsEvery, _ => TellPartsAsync(either.Token), either.Token),
                EveryAsync(ReportsEvery, _ => TellReportsAsync(either.Token), either.Token),
            ];
            await Task.WhenAny(all);
            await either.CancelAsync();
            await Task.WhenAll(all);
        }

        public void Dispose() => _line.Dispose();

        async Task EveryAsync(TimeSpan period, Func<int, Task> look, CancellationToken stop)
        {
            using var timer = new PeriodicTimer(period, clock);
            for (var looks = 0; ; looks++)
            {
                await look(looks);
                await timer.WaitForNextTickAsync(stop);
            }
        }

        async Task LookAsync(int look, int rate, CancellationToken stop)
        {
            await TellDecisionsAsync(stop);
            if (rate >= FastRate || look % rate == 0)
                await TellAsync("book", _book.GetSnapshotAsync, ApiJson.Default.PortfolioSnapshot, stop);
            if (look % rate == 0 && !_asked.Values.Any(began => clock.GetElapsedTime(began) > Patience))
                await SendAsync("beat", Encoding.UTF8.GetBytes($"\"{clock.GetUtcNow():O}\""), stop);
        }

        async Task TellPartsAsync(CancellationToken stop)
        {
            await TellAsync("guards", _risk.GetGuardsAsync, ApiJson.Default.GuardReport, stop);
            await TellAsync("alerts", AlertsAsync, ApiJson.Default.AlertList, stop);
        }

        async Task TellReportsAsync(CancellationToken stop)
        {
            await TellAsync("risk", _risk.GetReportAsync, ApiJson.Default.RiskReport, stop);
            await TellAsync("system", SystemAsync, ApiJson.Default.PerformanceNow, stop);
            await TellAsync("health", HealthAsync, ApiJson.Default.HealthAnswer, stop);
        }

        async Task TellDecisionsAsync(CancellationToken stop)
        {
            var recent = await Reads.AskAsync(() => _book.GetDecisionsAsync(_decided, MaxDecisions));
            if (recent.Value is not { IsDefaultOrEmpty: false } decisions) return;
            _decided = SequenceOf(decisions[0]);
            var data = JsonSerializer.SerializeToUtf8Bytes(decisions, ApiJson.Default.ImmutableArrayRecordedDecision);
            await SendAsync("decisions", data, stop);
        }

        /// <summary>Says what is new; what cannot be had is said too, in place of the last that was.</summary>
        async Task TellAsync<T>(string name, Func<Task<Outcome<T>>> ask, JsonTypeInfo<T> type, CancellationToken stop)
        {
            byte[] data;
            _asked[name] = clock.GetTimestamp();
            try
            {
                var outcome = await Reads.AskAsync(ask);
                data = outcome.IsDone
                    ? JsonSerializer.SerializeToUtf8Bytes(outcome.Value!, type)
                    : Bytes(ApiProblem.Of(outcome.Kind, outcome.Errors));
            }
            catch (Exception failure) when (failure is not OperationCanceledException)
            {
                // One part that fails must not hide the others.
                data = Bytes(ApiProblem.Of(StatusCodes.Status500InternalServerError, $"{name} is not to be had now.", []));
            }
            finally
            {
                _asked.TryRemove(name, out _);
            }

            if (_told.TryGetValue(name, out var told) && told.AsSpan().SequenceEqual(data)) return;
            _told[name] = data;
            await SendAsync(name, data, stop);
        }

        async Task<Outcome<AlertList>> AlertsAsync() =>
            Outcome.Done(await grains.GetGrain<IAlertGrain>(GrainKeys.Alerts).ListAsync(new(null, MaxAlerts)));

        async Task<Outcome<PerformanceNow>> SystemAsync() =>
            Outcome.Done((await grains.GetGrain<IMonitorGrain>(GrainKeys.Monitor).GetMetricsAsync(1)).Performance);

        async Task<Outcome<HealthAnswer>> HealthAsync() =>
            Outcome.Done(HealthEndpoints.Describe(await health.ReadAsync(CancellationToken.None)));

        async Task SendAsync(string name, byte[] data, CancellationToken stop)
        {
            await _line.WaitAsync(stop); // one event after another
            try
            {
                _buffer.ResetWrittenCount();
                _buffer.Write(Encoding.ASCII.GetBytes($"event: {name}\ndata: "));
                _buffer.Write(data); // JSON has no line breaks here
                _buffer.Write("\n\n"u8);
                await http.Response.BodyWriter.WriteAsync(_buffer.WrittenMemory, stop);
                await http.Response.BodyWriter.FlushAsync(stop);
            }
            finally
            {
                _line.Release();
            }
        }

        static byte[] Bytes(ApiProblem problem) =>
            JsonSerializer.SerializeToUtf8Bytes(problem, ProblemJson.Context.ApiProblem);

        static long SequenceOf(RecordedDecision decision)
        {
            var id = decision.Read().DecisionId;
            return long.Parse(id.AsSpan(id.LastIndexOf(':') + 1), CultureInfo.InvariantCulture);
        }
    }
}
