using Microsoft.AspNetCore.Http;
using Trading.Risk;

namespace Trading.Api;

/// <summary>When a question about a signal passed the layers of the API; there is none where nobody listens to
/// <see cref="DecisionEvents"/>.</summary>
internal sealed class RequestTimes
{
    readonly long _began = DecisionEvents.Now();
    long _identified, _read, _called, _decided;

    /// <summary>At the first of our middleware that every request passes.</summary>
    public static void Begin(HttpContext http)
    {
        if (DecisionEvents.Log.IsEnabled()) http.Features.Set(new RequestTimes());
    }

    public static RequestTimes? Of(HttpContext http) =>
        DecisionEvents.Log.IsEnabled() ? http.Features.Get<RequestTimes>() : null;

    public void Identified() => _identified = DecisionEvents.Now();

    public void Read() => _read = DecisionEvents.Now();

    /// <summary>The call that it goes with begins.</summary>
    public void Called() => _called = DecisionEvents.Now();

    public void Decided() => _decided = DecisionEvents.Now();

    public void Tell(Outcome<RecordedDecision> decided)
    {
        if (decided.Value is { } decision)
            DecisionEvents.Log.Answered(DecisionEvents.IdOf(decision), _began, _identified, _read, _called, _decided);
    }
}
