using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Trading.Api;

/// <summary>The rule of every path and query: identifiers are well formed before any grain is asked, and a parameter that the
/// endpoint does not know is an error, because a mistyped <c>portfolio</c> must not reach the default book.</summary>
internal static class Identifiers
{
    static readonly Dictionary<string, (TextKind Kind, string Words)> Known = new(StringComparer.OrdinalIgnoreCase)
    {
        ["portfolio"] = (Kinds.PortfolioId, "The book; absent for the default one."),
        ["id"] = (Kinds.PortfolioId, "The portfolio, the desk, or the backtest."),
        ["first"] = (Kinds.PortfolioId, "A backtest."),
        ["second"] = (Kinds.PortfolioId, "The backtest that it is compared with."),
        ["name"] = (BreakerNames.Kind, "The circuit breaker."),
        ["symbol"] = (Kinds.Symbol, "The ticker."),
        ["decision_id"] = (Kinds.DecisionId, "The id of a decision: portfolio:sequence."),
        ["override_id"] = (Kinds.Text, "The id of the override."),
        ["series"] = (Kinds.MacroSeries, "The name of the series at its publisher."),
        ["since"] = (Kinds.Moment, "Only what was published then or later."),
        ["from"] = (Kinds.Moment, "The beginning."),
        ["to"] = (Kinds.Moment, "The end, exclusive."),
        ["as_of"] = (Kinds.Moment, "As it was known then; absent for now."),
        ["fingerprint"] = (Kinds.Fingerprint, "Of an alert."),
        ["silence_id"] = (Kinds.Text, "The id of the silence."),
        ["state"] = (Kinds.AlertStates, "firing or resolved; absent for both."),
        ["rate"] = (Kinds.Rate, "Looks a second, 1 to 10; absent for 4."),
        ["hours"] = (Kinds.Hours, "How far back; absent for 24."),
        ["limit"] = (Kinds.Limit, "The newest so many."),
        ["interval"] = (Kinds.IntervalCode, "The length of a bar: 1m, 5m, 15m, 1h or 1d, which is meant where it is absent."),
        ["adjusted"] = (Kinds.Switch, "true: only the bars that count, in the units and the money of the newest session."),
        ["source"] = (Kinds.SourceName, "Who brings the bars: their provenance."),
        ["on_error"] = (Kinds.OnError, "stop (at the first row that cannot be read) or skip (such rows)."),
        ["user"] = (Kinds.Subject, "The user or service."),
        ["key"] = (Kinds.SourceName, "The id of the API key."),
        ["subject"] = (Kinds.Subject, "Only what this subject did."),
        ["kind"] = (Kinds.SourceName, "Only entries of this kind: change, denied, log_in, log_in_failed, secret, decisions, alert, configuration, anchor."),
        ["after"] = (Kinds.Sequence, "Only entries with a larger number."),
        ["reservation_id"] = (Kinds.Text, "The decision_id of the approval."),
    };

    /// <summary>The filter of every endpoint that does not check for itself.</summary>
    public static EndpointFilterDelegate Check(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        string[] parameters = [.. endpoint.MethodInfo.GetParameters().Select(parameter => parameter.Name!).Where(Known.ContainsKey)];
        return invocation => Check(invocation.HttpContext.Request, parameters) is { } problem ? new(problem) : next(invocation);
    }

    /// <summary>What is wrong with the path and the query of a request to an endpoint without the filter; null where nothing is.</summary>
    public static ApiProblem? Check(HttpRequest request, string[] parameters) =>
        Errors(request, parameters) is { IsEmpty: false } errors ? ApiProblem.Invalid(errors) : null;

    /// <summary>Says in the API document what the filter holds.</summary>
    public static Task Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            if (Known.TryGetValue(parameter.Name ?? "", out var known))
                (parameter.Schema, parameter.Description) = (known.Kind.Describe(), known.Words);
        return Task.CompletedTask;
    }

    static ImmutableArray<FieldError> Errors(HttpRequest request, string[] parameters)
    {
        if (!request.QueryString.HasValue && request.RouteValues.Count == 0) return [];
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        foreach (var (name, value) in request.RouteValues)
            if (Known[name].Kind.Check(name, value as string) is { } error) errors.Add(error);
        foreach (var (name, value) in request.Query)
            if (!parameters.Contains(name, StringComparer.OrdinalIgnoreCase) || request.RouteValues.ContainsKey(name))
                errors.Add(new(StrictJson.Short(name), "unknown_parameter", $"{StrictJson.Shown(name)} is not a parameter here."));
            else if (Known[name].Kind.Check(name, value) is { } error)
                errors.Add(error);
        return errors.DrainToImmutable();
    }
}
