using System.Collections.Immutable;
using Microsoft.AspNetCore.Http;

namespace Trading.Api;

/// <summary>The rule of every path and query: identifiers are well formed before any grain is asked, and a parameter that the
/// endpoint does not know is an error: a mistyped <c>portfolio</c> must not reach the default book.</summary>
internal static class Identifiers
{
    public static EndpointFilterDelegate Check(EndpointFilterFactoryContext endpoint, EndpointFilterDelegate next)
    {
        string[] names = [.. endpoint.MethodInfo.GetParameters().Where(parameter => parameter.ParameterType == typeof(string)).Select(parameter => parameter.Name!)];
        return invocation => Errors(invocation.HttpContext.Request, names) is { IsEmpty: false } errors
            ? new(ApiProblem.Invalid(errors))
            : next(invocation);
    }

    static ImmutableArray<FieldError> Errors(HttpRequest request, string[] names)
    {
        if (!request.QueryString.HasValue && request.RouteValues.Count == 0) return [];
        var errors = ImmutableArray.CreateBuilder<FieldError>();
        foreach (var (name, value) in request.RouteValues)
            Check(errors, name, value as string);
        foreach (var (name, value) in request.Query)
            if (!names.Contains(name, StringComparer.OrdinalIgnoreCase) || request.RouteValues.ContainsKey(name))
                errors.Add(new(Short(name), "unknown_parameter", $"{StrictJson.Shown(name)} is not a parameter here."));
            else
                Check(errors, name, value);
        return errors.DrainToImmutable();
    }

    static void Check(ImmutableArray<FieldError>.Builder errors, string name, string? value)
    {
        var (isWellFormed, words) = name.ToUpperInvariant() switch
        {
            "PORTFOLIO" or "ID" => (GrainKeys.IsPortfolioId(value), "1 to 64 lower-case letters, digits, '-' or '_', beginning with a letter or digit"),
            "SYMBOL" => (GrainKeys.IsSymbol(value), "1 to 64 letters, digits or any of . - / = ^"),
            _ => (true, ""),
        };
        if (!isWellFormed) errors.Add(new(name, "form", $"{name} must be {words}; it is {StrictJson.Shown(value)}."));
    }

    static string Short(string name) => StrictJson.Shown(name).Trim('"');
}
