using Serilog;
using Serilog.Events;
using Serilog.Extensions.Hosting;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using Trading.Api;

namespace Trading.Hosting;

/// <summary>Structured logs: one compact JSON object a line in a file that rolls daily and at 100 MB, warnings and errors also on standard
/// error. Section <c>logging</c>: <c>level</c>, <c>file</c> (empty: no file), and <c>LogLevel</c> for single categories.
/// Section <c>serilog</c> adds what Serilog can read from a configuration: sinks, filters, enrichers.</summary>
static class TradingLog
{
    const int FilesKept = 14;
    const long FileSizeLimit = 100 * 1024 * 1024;
    const string RequestCategory = "Serilog.AspNetCore.RequestLoggingMiddleware";

    /// <remarks>The filters of Microsoft.Extensions.Logging decide, before an event is made; Serilog takes whatever comes. Its own
    /// AddSerilog would switch them off, and with them the API's, which keep ASP.NET from preparing a log entry for each request.</remarks>
    public static void AddTradingLog(this IHostApplicationBuilder builder, LogOptions options)
    {
        var settings = builder.Configuration;
        var notes = new FrameworkNotes(TimeProvider.System);
        var log = new LoggerConfiguration()
            .MinimumLevel.Verbose()
            .Filter.ByExcluding(notes.Include)
            .ReadFrom.Configuration(settings)
            .WriteTo.Async(to => to.Conditional(notes.IsShown,
                shown => shown.Console(LogEventLevel.Warning, standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: null)));
        if (options.File is { Length: > 0 } file)
            log.WriteTo.Async(to => to.File(
                new RenderedCompactJsonFormatter(), file, rollingInterval: RollingInterval.Day, rollOnFileSizeLimit: true,
                fileSizeLimitBytes: FileSizeLimit, retainedFileCountLimit: FilesKept));
        var logger = log.CreateLogger();
        builder.Logging.ClearProviders();
        builder.Logging.SetMinimumLevel((LogLevel)options.Level); // both count from 0 to 5
        builder.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(logger, dispose: true));
        builder.Services.AddSingleton(notes);
        builder.Services.AddSingleton<Serilog.ILogger>(logger).AddSingleton(new DiagnosticContext(logger)); // for the request log
    }

    /// <summary>One event for each answered request, where Information is logged. Questions about signals are left out at every level:
    /// the event costs more than a hundredth of a decision, and the journal has each decision anyway.</summary>
    public static void UseTradingLog(this WebApplication app)
    {
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<FrameworkNotes>().Stop);
        if (!app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(RequestCategory).IsEnabled(LogLevel.Information)) return;
        app.UseWhen(http => !SignalEndpoints.IsQuestion(http.Request), others =>
            others.UseSerilogRequestLogging(log => log.Logger = app.Services.GetRequiredService<Serilog.ILogger>()));
    }
}
