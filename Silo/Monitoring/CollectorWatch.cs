namespace Trading.Monitoring;

/// <summary>Carries what is sent to a collector, and tells once that it does not arrive and once that it does again.
/// Nobody waits for it, and what a collector does not take is lost: the log and the journal have what counts.</summary>
sealed partial class CollectorWatch(MonitoringOptions options, ILogger<CollectorWatch> log)
{
    /// <summary>How long a collector may take to answer.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    int _isLost;

    /// <summary>One for each kind of telemetry.</summary>
    public HttpClient Client() => Client(new SocketsHttpHandler());

    internal HttpClient Client(HttpMessageHandler way) => new(new Watched(this, way)) { Timeout = Patience };

    void Told(string? failure)
    {
        if (Interlocked.Exchange(ref _isLost, failure is null ? 0 : 1) == (failure is null ? 0 : 1)) return;
        if (failure is null) LogBack(options.OtlpEndpoint);
        else LogLost(options.OtlpEndpoint, failure);
    }

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Metrics and traces do not reach monitoring:otlp_endpoint {Endpoint} ({Failure}); "
            + "they are lost until it answers.")]
    partial void LogLost(string endpoint, string failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "Metrics and traces reach {Endpoint} again.")]
    partial void LogBack(string endpoint);

    /// <summary>The exporter sends on threads of its own, and synchronously.</summary>
    sealed class Watched(CollectorWatch watch, HttpMessageHandler way) : DelegatingHandler(way)
    {
        protected override HttpResponseMessage Send(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Judged(base.Send(request, cancellationToken));
            }
            catch (Exception failure)
            {
                watch.Told(failure.Message);
                throw;
            }
        }

        protected override async Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken)
        {
            try
            {
                return Judged(await base.SendAsync(request, cancellationToken));
            }
            catch (Exception failure)
            {
                watch.Told(failure.Message);
                throw;
            }
        }

        HttpResponseMessage Judged(HttpResponseMessage answer)
        {
            watch.Told(answer.IsSuccessStatusCode ? null : $"status {(int)answer.StatusCode}");
            return answer;
        }
    }
}
