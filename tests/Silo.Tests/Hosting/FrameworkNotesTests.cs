using System.Globalization;
using Microsoft.Extensions.Logging;
using Orleans.Storage;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Extensions.Logging;
using Trading.Testing;

namespace Trading.Hosting.Tests;

public sealed partial class FrameworkNotesTests
{
    const int GarbageCollector = 100405, Stalled = 100150, Deactivation = 100220;
    static readonly TimeSpan SinceTheMachineStarted = TimeSpan.FromDays(3);
    readonly Lines _written = new();
    readonly ManualTimeProvider _clock = new();
    FrameworkNotes? _notes;

    [Fact]
    public void NotesOfEveryStart_AreLeftOut_AndTheWarningsBesideThemStay()
    {
        using var factory = Factory();

        NoServerGc(factory.CreateLogger("Orleans.Runtime.Silo"));
        Unready(factory.CreateLogger("Orleans.Runtime.Silo"));
        NoServerGc(factory.CreateLogger("Orleans.Runtime.Other"));
        Unready(factory.CreateLogger("Microsoft.Extensions.Diagnostics.HealthChecks.DefaultHealthCheckService"));

        _written.ShouldBe(["Some grains failed to deactivate.", "No ServerGC."]);
    }

    [Fact]
    public void Watchdog_IsNotBelieved_OfASilenceLongerThanTheProcessLives()
    {
        using var factory = Factory();
        var watchdog = factory.CreateLogger("Orleans.Runtime.Watchdog");
        _clock.Advance(TimeSpan.FromSeconds(30));

        NotCompleted(watchdog, SinceTheMachineStarted);
        NotCompleted(watchdog, TimeSpan.FromSeconds(25));

        _written.ShouldBe(["Not completed for 00:00:25."]);
    }

    [Fact]
    public void GrainWithoutAPlace_IsRemarkable_UntilTheSiloStops_AndAStaleWriteAlways()
    {
        using var factory = Factory();
        var catalog = factory.CreateLogger("Orleans.Runtime.Catalog");

        Failed(catalog, new OrleansException("no place"));
        _notes!.Stop();
        Failed(catalog, new OrleansException("no place"));
        Failed(catalog, new SiloUnavailableException("shutting down"));
        Failed(catalog, new InconsistentStateException("stale"));

        _written.ShouldBe(["Failed: no place", "Failed: stale"]);
    }

    SerilogLoggerFactory Factory() =>
        new(new LoggerConfiguration().Filter.ByExcluding((_notes ??= new(_clock)).Include).WriteTo.Sink(_written).CreateLogger(), dispose: true);

    [LoggerMessage(GarbageCollector, LogLevel.Warning, "No ServerGC.")]
    static partial void NoServerGc(Microsoft.Extensions.Logging.ILogger log);

    [LoggerMessage(Deactivation, LogLevel.Warning, "Some grains failed to deactivate.")]
    static partial void Unready(Microsoft.Extensions.Logging.ILogger log);

    [LoggerMessage(Stalled, LogLevel.Warning, "Not completed for {TimeSinceLastTick}.")]
    static partial void NotCompleted(Microsoft.Extensions.Logging.ILogger log, TimeSpan timeSinceLastTick);

    [LoggerMessage(LogLevel.Error, "Failed")]
    static partial void Failed(Microsoft.Extensions.Logging.ILogger log, Exception error);

    sealed class Lines : List<string>, ILogEventSink
    {
        public void Emit(LogEvent logEvent) => Add(
            logEvent.RenderMessage(CultureInfo.InvariantCulture) + (logEvent.Exception is { } error ? $": {error.Message}" : ""));
    }
}
