using Microsoft.Extensions.Options;
using Serilog;
using Serilog.Events;
using Serilog.Extensions.Hosting;
using Serilog.Extensions.Logging;
using Serilog.Formatting.Compact;
using Trading.Api;
using Trading.Logs;

namespace Trading.Hosting;

/// <summary>Structured logs: one compact JSON object a line in a file that is always called the same, warnings and errors also on
/// standard error. Section <c>logging</c>, see <see cref="LogOptions"/>. Section <c>serilog</c> adds what Serilog can read from a configuration: sinks, filters, enrichers.</summary>
static class TradingLog
{
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
            .Enrich.With<CorrelationEnricher>()
            .ReadFrom.Configuration(settings)
            .WriteTo.Async(to => to.Conditional(notes.IsShown,
                shown => shown.Console(LogEventLevel.Warning, standardErrorFromLevel: LogEventLevel.Verbose, formatProvider: null)));
        if (options.File is { Length: > 0 } file)
            log.WriteTo.Async(to => to.Sink(new RollingLogFile(file, new RenderedCompactJsonFormatter(), options, TimeProvider.System)));
        var logger = log.CreateLogger();
        builder.Logging.ClearProviders();
        var levels = LevelsOf(options);
        builder.Services.AddSingleton(levels);
        builder.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(levels);
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(levels);
        builder.Services.AddSingleton<ILoggerProvider>(_ => new SerilogLoggerProvider(logger, dispose: true));
        builder.Services.AddSingleton(notes);
        builder.Services.AddSingleton<Serilog.ILogger>(logger).AddSingleton(new DiagnosticContext(logger)); // for the request log
    }

    static LogLevels LevelsOf(LogOptions options)
    {
        var levels = new LogLevels();
        levels.Set(null, (LogLevel)options.Level); // both count from 0 to 5
        foreach (var (area, level) in options.Areas) levels.Set(area, level);
        return levels;
    }

    /// <summary>One event for each answered request, where Information is logged. Questions about signals are left out at every level:
    /// the event costs more than a hundredth of a decision, and the journal has each decision anyway.</summary>
    public static void UseTradingLog(this WebApplication app)
    {
        app.Lifetime.ApplicationStopping.Register(app.Services.GetRequiredService<FrameworkNotes>().Stop);
        var requests = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(RequestCategory);
        app.UseWhen(http => !SignalEndpoints.IsQuestion(http.Request) && requests.IsEnabled(LogLevel.Information), others =>
            others.UseSerilogRequestLogging(log =>
            {
                log.Logger = app.Services.GetRequiredService<Serilog.ILogger>();
                log.EnrichDiagnosticContext = (entry, http) =>
                    entry.Set(Correlation.Property, http.Response.Headers[Correlation.Header].ToString());
            }));
    }
}
