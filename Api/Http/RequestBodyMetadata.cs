using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Trading.Api;

/// <summary>Says in the API document what body an endpoint takes, from the table by which the body is read.</summary>
internal sealed record RequestBodyMetadata(Func<OpenApiSchema> Describe, bool IsRequired, params string[] MediaTypes)
{
    public static Task Apply(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellation)
    {
        if (context.Description.ActionDescriptor.EndpointMetadata.OfType<RequestBodyMetadata>().SingleOrDefault() is { } body)
        {
            operation.RequestBody = new OpenApiRequestBody
            {
                Required = body.IsRequired,
                Content = body.MediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = body.Describe() }),
            };
        }

        return Task.CompletedTask;
    }
}

internal static class EndpointDescriptions
{
    /// <summary>The endpoint reads a body of this kind.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint, Kind<T> kind) => endpoint
        .WithMetadata(new RequestBodyMetadata(kind.Describe, !kind.MayBeAbsent, "application/json"))
        .Answers(StatusCodes.Status413PayloadTooLarge, StatusCodes.Status415UnsupportedMediaType);

    /// <summary>The endpoint, or each of the group, may answer with these problems.</summary>
    public static TBuilder Answers<TBuilder>(this TBuilder endpoints, params int[] problems) where TBuilder : IEndpointConventionBuilder
    {
        foreach (var status in problems)
            endpoints.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ApiProblem), [ApiProblem.ContentType]));
        return endpoints;
    }
}
