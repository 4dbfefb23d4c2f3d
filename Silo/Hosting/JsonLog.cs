using Serilog;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace Trading.Hosting;

/// <summary>Structured logs: one JSON object a line in a file that rolls daily and at 100 MB, warnings and errors also on the console.</summary>
static class JsonLog
{
    const int FilesKept = 14;
    const long FileSizeLimit = 100 * 1024 * 1024;

    /// <summary>Section <c>logging</c>: <c>level</c> and <c>file</c> (empty: no file).</summary>
    public static void AddJsonLog(this IHostApplicationBuilder builder)
    {
        var level = builder.Configuration.GetValue("logging:level", LogEventLevel.Warning);
        var configuration = new LoggerConfiguration()
            .MinimumLevel.Is(level)
            .WriteTo.Async(to => to.Console(LogEventLevel.Warning, standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: null));
        if (builder.Configuration["logging:file"] is { Length: > 0 } file)
            configuration.WriteTo.Async(to => to.File(
                new JsonFormatter(renderMessage: true), file, rollingInterval: RollingInterval.Day, rollOnFileSizeLimit: true,
                fileSizeLimitBytes: FileSizeLimit, retainedFileCountLimit: FilesKept));
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel(level == LogEventLevel.Verbose ? LogLevel.Trace : (LogLevel)level);
        builder.Logging.AddSerilog(configuration.CreateLogger(), dispose: true);
    }
}
