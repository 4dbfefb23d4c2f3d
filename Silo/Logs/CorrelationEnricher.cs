using Serilog.Core;
using Serilog.Events;
using Trading.Api;

namespace Trading.Logs;

/// <summary>Gives every entry the id of the request that caused it. Trace and span are in it already.</summary>
sealed class CorrelationEnricher : ILogEventEnricher
{
    public void Enrich(LogEvent logEvent, ILogEventPropertyFactory propertyFactory)
    {
        if (Correlation.Current is { } id)
            logEvent.AddPropertyIfAbsent(new LogEventProperty(Correlation.Property, new ScalarValue(id)));
    }
}
