using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Trading.Alerts;

/// <summary>Calls whoever watches the alerts themselves. It is called by the one who sends them, so that silence means
/// that nothing is sent.</summary>
public sealed partial class Heartbeat(IOptions<AlertOptions> options, TimeProvider clock, ILogger<Heartbeat> log)
    : IDisposable
{
    readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(10) };
    DateTimeOffset _calledAt;

    /// <summary>Calls where it is time to; nobody waits for the answer.</summary>
    public void Beat()
    {
        var now = clock.GetUtcNow();
        if (options.Value.HeartbeatUrl.Length == 0
            || (now - _calledAt).TotalSeconds < options.Value.HeartbeatInterval) return;
        _calledAt = now;
        _ = CallAsync();
    }

    public void Dispose() => _http.Dispose();

    async Task CallAsync()
    {
        try
        {
            using var response = await _http.GetAsync(new Uri(options.Value.HeartbeatUrl));
            if (!response.IsSuccessStatusCode) LogRefused((int)response.StatusCode);
        }
        catch (Exception failure) // whoever watches will miss it, which is what it is for
        {
            LogFailed(failure);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watcher of the heartbeat answered {Status}.")]
    partial void LogRefused(int status);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The watcher of the heartbeat could not be called.")]
    partial void LogFailed(Exception failure);
}
