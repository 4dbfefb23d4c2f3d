using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Trading.Api;

/// <summary>Composition of the door. The host registers an <see cref="ISigningKeyStore"/> and an <see cref="AccessMode"/>; where it does
/// not, keys last as long as the process and nobody is the developer.</summary>
internal static class SecurityServices
{
    public static IServiceCollection AddSecurity(this IServiceCollection services)
    {
        services.AddOptions<SecurityOptions>().BindConfiguration(SecurityOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<SecurityOptions>, SecurityOptions>();
        services.AddOptions<EdgeOptions>().BindConfiguration(EdgeOptions.Section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<EdgeOptions>, EdgeOptions>();
        services.TryAddSingleton<ISigningKeyStore, PassingSigningKeys>();
        services.TryAddSingleton(new AccessMode(IsDevelopment: false));
        services.AddSingleton(all => new SigningKeys(
            all.GetRequiredService<ISigningKeyStore>(), all.GetRequiredService<TimeProvider>(), Overlap(all.GetRequiredService<IOptions<SecurityOptions>>().Value)));
        services.AddSingleton<Tokens>().AddSingleton<Authority>().AddSingleton<Authenticator>().AddSingleton<Passwords>().AddSingleton<Access>();
        services.AddSingleton<RateBudgets>().AddSingleton<SecurityAlerts>();
        services.AddSingleton<SecurityAlertForwarder>().AddHostedService(all => all.GetRequiredService<SecurityAlertForwarder>())
            .AddSingleton<ISecurityAlertSink>(all => all.GetRequiredService<SecurityAlertForwarder>());
        services.AddSingleton<Identities>().AddHostedService(all => all.GetRequiredService<Identities>());
        services.AddSingleton<AuditTrail>().AddHostedService(all => all.GetRequiredService<AuditTrail>());
        AddTokens(services);
        return services;
    }

    static TimeSpan Overlap(SecurityOptions options) => TimeSpan.FromSeconds(options.TokenExpiry + (2 * options.ClockSkew));

    static void AddTokens(IServiceCollection services)
    {
        // No scheme is the default one: the framework would validate the token of every request before the gate is asked.
        services.AddAuthentication().AddJwtBearer().AddJwtBearer(Authority.Scheme, _ => { });
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<Tokens, IOptions<SecurityOptions>>((jwt, tokens, options) =>
        {
            jwt.TokenValidationParameters = tokens.Parameters(options.Value.Audience);
            Common(jwt);
        });
        services.AddOptions<JwtBearerOptions>(Authority.Scheme).Configure<Tokens, IOptions<SecurityOptions>>((jwt, tokens, options) =>
        {
            Authority.Configure(jwt, options.Value, tokens);
            Common(jwt);
        });
    }

    static void Common(JwtBearerOptions jwt)
    {
        jwt.MapInboundClaims = false;
        jwt.SaveToken = false;
        jwt.IncludeErrorDetails = false;
        jwt.Events = new() // the token may have stood in a cookie
        {
            OnMessageReceived = message =>
            {
                message.Token = message.HttpContext.Items[Authenticator.TokenItem] as string;
                return Task.CompletedTask;
            },
        };
    }

    /// <summary>The door itself, before every endpoint.</summary>
    public static void UseSecurity(this IApplicationBuilder app)
    {
        var edge = app.ApplicationServices.GetRequiredService<IOptions<EdgeOptions>>().Value;
        if (edge.TrustedProxies.Length > 0)
        {
            var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto };
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in edge.TrustedProxies) forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(network));
            app.UseForwardedHeaders(forwarded);
        }

        app.UseMiddleware<SecurityHeaders>();
    }
}
