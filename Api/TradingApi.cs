using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.OpenApi;
using Trading.Operations;

namespace Trading.Api;

/// <summary>The REST API: a thin client of the grains, hosted by itself or inside a silo. The host registers an
/// <see cref="IGrainFactory"/>, <see cref="SystemInfo"/>, <see cref="ModelSymbols"/>, and health checks of its own parts.</summary>
public static class TradingApi
{
    const string Document = "/openapi/v1.json";

    public static IServiceCollection AddTradingApi(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddRequestBudgets().AddSecurity();
        services.AddSingleton<SignalBatcher>().AddSingleton<BatchAdmission>().AddSingleton<HealthReader>();
        services.AddHealthChecks().AddCheck<GrainsHealthCheck>("grains").AddCheck<PreparedHealthCheck>("prepared");
        services.TryAddSingleton(_ => new Readiness());
        services.TryAddSingleton<LogLevels>();
        services.Configure<LoggerFilterOptions>(filters => // nothing is logged, or made ready to be, for each request
        {
            filters.Rules.Insert(0, new(null, "Microsoft.AspNetCore", LogLevel.Warning, null));
            filters.Rules.Insert(0, new(null, "Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.None, null));
            // Who looks at the parts tells when they change; each look would tell it again.
            filters.Rules.Insert(0, new(null, "Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None, null));
        });
        services.ConfigureHttpJsonOptions(json => // what the API document describes; ApiJson is what writes
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = JsonNumberHandling.Strict;
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, ApiJson.Default);
        });
        return services.AddOpenApi(document => document
            .AddOperationTransformer(RequestBodyMetadata.Apply)
            .AddOperationTransformer(Identifiers.Describe)
            .AddDocumentTransformer((api, context, _) =>
            {
                api.Info = new OpenApiInfo
                {
                    Title = "Trading API",
                    Version = "v1",
                    Description = "May this signal trade? Books, limits, risk, data quality and models over HTTP.",
                };
                return Task.CompletedTask;
            }));
    }

    public static WebApplication MapTradingApi(this WebApplication app) => app.MapTradingApi(isGuarded: true);

    /// <param name="isGuarded">False leaves the door out, which is for measuring what it costs.</param>
    internal static WebApplication MapTradingApi(this WebApplication app, bool isGuarded)
    {
        app.UseHeadRequests();
        app.UseCorrelation();
        app.UseSecurity();
        app.UseMiddleware<ProblemMiddleware>();
        if (isGuarded) app.UseMiddleware<Gate>();
        var root = app.MapGroup("");
        ((IEndpointConventionBuilder)root).Finally(AccessTable.Declare);
        root.MapOpenApi(Document);
        app.MapSwaggerUI("swagger", page => page.SwaggerEndpoint(Document, "Trading API")).WithMetadata(new EndpointAccess(Roles.Anyone));
        root.MapStartPage();
        root.MapSignIn();
        root.MapDashboardPage();

        app.UseRateLimiter();
        var emergency = root.MapGroup("").AddEndpointFilterFactory(Identifiers.Check).RequireRateLimiting(RequestBudgets.Emergency)
            .WithMetadata(new AnswersWhilePreparing());
        emergency.MapEmergency();
        root.MapGroup("").RequireRateLimiting(RequestBudgets.Ordinary).MapSignals();
        var api = root.MapGroup("").AddEndpointFilterFactory(Identifiers.Check).RequireRateLimiting(RequestBudgets.Ordinary);
        root.MapHealth();
        api.MapSystem();
        api.MapLogLevels();
        api.MapAuth();
        api.MapUsers();
        api.MapAudit();
        api.MapAlerts();
        api.MapDashboardStream();
        api.MapRisk();
        api.MapOverrides();
        api.MapBudgets();
        api.MapPortfolios();
        api.MapMarketData();
        api.MapNews();
        api.MapMacro();
        api.MapModels();
        api.MapBacktests();
        return app;
    }
}
