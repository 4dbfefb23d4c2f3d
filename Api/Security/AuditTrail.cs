using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Trading.Operations;

namespace Trading.Api;

/// <summary>What becomes of a request that is kept in the audit: its body, and what was there before and after.</summary>
internal sealed class AuditNote
{
    const int MaxLength = 16 * 1024;

    public string? Before { get; private set; }
    public string? Request { get; private set; }
    public string? After { get; private set; }

    public void Asked(ReadOnlySpan<byte> body) => Request = Bounded(Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxLength)]), body.Length);

    public void Was<T>(T value) => Before = Bounded(JsonSerializer.Serialize(value, (JsonTypeInfo<T>)ApiJson.Default.GetTypeInfo(typeof(T))!));

    public void Answered<T>(T value, JsonTypeInfo<T> json) => After = Bounded(JsonSerializer.Serialize(value, json));

    static string Bounded(string text, int? length = null) => text.Length <= MaxLength && (length ?? text.Length) <= MaxLength ? text : $"{text.AsSpan(0, Math.Min(text.Length, MaxLength))}… ({length ?? text.Length} in all)";

    /// <summary>Of a request that is kept; null of others.</summary>
    public static AuditNote? Of(HttpContext http) => http.Features.Get<AuditNote>();
}

/// <summary>Hands over to the audit what happened here. A change is on record before it is answered. Denials, and who asked for which
/// decisions, follow within a second: the journal has every decision itself, and a record of each would double it.</summary>
internal sealed partial class AuditTrail(
    IGrainFactory grains, SecurityAlerts alerts, TimeProvider clock, IHostApplicationLifetime lifetime, ILogger<AuditTrail> log)
    : RepeatedWork(Period, clock, lifetime)
{
    /// <summary>Entries that wait; more are left out and counted.</summary>
    const int MaxWaiting = 100_000;

    /// <summary>Decisions of one entry: more make texts of hundreds of kilobytes, and writing them takes ten times as much memory.</summary>
    const int MaxTogether = 2_000;

    static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    readonly Channel<(AuditEntry? Entry, Question Asked)> _waiting = Channel.CreateBounded<(AuditEntry?, Question)>(MaxWaiting);
    ImmutableArray<AuditEntry> _taken = [];
    long _lost;

    IAuditGrain Grain => grains.GetGrain<IAuditGrain>(GrainKeys.Audit);

    /// <summary>What changes something is kept; of signals the decisions are.</summary>
    public static bool IsKept(HttpRequest request, EndpointAccess? access) =>
        access is not null && !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !SignalEndpoints.IsQuestion(request);

    public async Task KeepAsync(HttpContext http, Caller caller, EndpointAccess access, RequestDelegate next)
    {
        var note = new AuditNote();
        if (!access.IsSecret) http.Features.Set(note);
        try
        {
            await next(http);
        }
        catch // whether it took effect is not known, which is why it is on record
        {
            await RecordAsync(Kept(http, caller, note) with { Status = StatusCodes.Status500InternalServerError });
            throw;
        }

        await RecordAsync(Kept(http, caller, note));
    }

    static AuditEntry Kept(HttpContext http, Caller caller, AuditNote note) =>
        Entry(AuditKinds.Change, http, caller.Subject, NameOf(http), http.Response.StatusCode) with { Before = note.Before, Request = note.Request, After = note.After };

    public Task RecordAsync(params ImmutableArray<AuditEntry> entries) => Grain.RecordAsync(entries);

    public void Denied(HttpContext http, Caller? caller, int status, string detail)
    {
        Later(Entry(AuditKinds.Denied, http, caller?.Subject, NameOf(http), status) with { After = detail });
        alerts.Denied(caller?.Subject, http.Connection.RemoteIpAddress?.ToString());
    }

    /// <summary>Notes who asked for a decision.</summary>
    public void Asked(HttpContext http, ReadOnlySpan<byte> decision)
    {
        if (Caller.Of(http) is not { } caller || IdOf(decision) is not { } id) return;
        if (!_waiting.Writer.TryWrite((null, new(caller.Subject, http.Connection.RemoteIpAddress?.ToString(), id)))) Interlocked.Increment(ref _lost);
    }

    public static AuditEntry Entry(string kind, HttpContext http, string? subject, string what, int? status) =>
        new(kind, subject, http.Connection.RemoteIpAddress?.ToString(), what, status, Trace: Correlation.Current ?? http.TraceIdentifier);

    public void Later(AuditEntry entry)
    {
        if (!_waiting.Writer.TryWrite((entry, default))) Interlocked.Increment(ref _lost);
    }

    static string NameOf(HttpContext http) => http.GetEndpoint() is RouteEndpoint endpoint
        ? $"{http.Request.Method} {PlainText.Of(http.Request.Path.Value)}" + (endpoint.RoutePattern.RawText is null ? "" : PlainText.Of(http.Request.QueryString.Value))
        : $"{http.Request.Method} {PlainText.Of(http.Request.Path.Value)}";

    /// <summary>A decision's JSON begins with its id; one that is malformed has none.</summary>
    static string? IdOf(ReadOnlySpan<byte> decision)
    {
        var start = "{\"decision_id\":\""u8;
        if (!decision.StartsWith(start)) return null;
        var rest = decision[start.Length..];
        return rest.IndexOf((byte)'"') is > 0 and var end ? Encoding.ASCII.GetString(rest[..end]) : null;
    }

    /// <summary>Everything that waits, in few entries. Those that could not be recorded come first with the next pass; where only the
    /// answer was lost they are on record twice.</summary>
    protected override async Task WorkAsync()
    {
        while (!_taken.IsEmpty || _waiting.Reader.TryPeek(out _))
        {
            if (_taken.IsEmpty) _taken = Take();
            await RecordAsync(_taken);
            _taken = [];
        }
    }

    ImmutableArray<AuditEntry> Take()
    {
        var entries = ImmutableArray.CreateBuilder<AuditEntry>();
        var asked = new List<Question>();
        for (var taken = 0; taken < MaxTogether && _waiting.Reader.TryRead(out var next); taken++)
            if (next.Entry is not null) entries.Add(next.Entry);
            else asked.Add(next.Asked);
        entries.AddRange(asked.GroupBy(each => (each.Subject, each.Address)).Select(group => new AuditEntry(
            AuditKinds.Decisions, group.Key.Subject, group.Key.Address, "decisions",
            After: $"[{string.Join(',', group.Select(each => $"\"{each.Decision}\""))}]")));
        if (Interlocked.Exchange(ref _lost, 0) is > 0 and var lost)
            entries.Add(new(AuditKinds.Alert, null, null, $"{lost} entries of the audit were left out: more came than it takes."));
        return entries.ToImmutable();
    }

    [LoggerMessage(LogLevel.Error, "Entries of the audit could not be recorded; they are kept and tried again.")]
    protected override partial void LogFailure(Exception failure);

    readonly record struct Question(string Subject, string? Address, string Decision);
}
