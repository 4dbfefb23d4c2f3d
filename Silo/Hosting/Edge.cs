using Trading.Api;

namespace Trading.Hosting;

/// <summary>What the server takes before the door is asked: how long a request may dawdle, how many connections, and TLS.</summary>
static class Edge
{
    /// <summary>Of a body whose endpoint does not say otherwise; the readers of bodies have limits of their own below it.</summary>
    const long MaxBodyBytes = 16 << 20;

    const double MinBytesASecond = 240;
    static readonly TimeSpan Grace = TimeSpan.FromSeconds(5), KeepAlive = TimeSpan.FromSeconds(130);

    public static void UseEdge(this IWebHostBuilder web, EdgeOptions options)
    {
        web.UseKestrelHttpsConfiguration();
        web.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.ConfigureEndpointDefaults(listen => listen.Use(ServerRefusals.Describe));
            server.Limits.MaxConcurrentConnections = options.MaxConnections;
            server.Limits.MaxRequestBodySize = MaxBodyBytes;
            server.Limits.RequestHeadersTimeout = TimeSpan.FromSeconds(options.HeaderTimeout);
            server.Limits.KeepAliveTimeout = KeepAlive;
            server.Limits.MinRequestBodyDataRate = new(MinBytesASecond, Grace);
            if (options.CertificateFile is not { Length: > 0 } file) return;
            var certificate = new Lazy<CertificateFile>(() => new(
                file, options.KeyFile, server.ApplicationServices.GetRequiredService<TimeProvider>(),
                server.ApplicationServices.GetRequiredService<ILogger<CertificateFile>>()));
            server.ConfigureHttpsDefaults(https =>
            {
                https.ServerCertificateSelector = (_, _) => certificate.Value.Current.TargetCertificate;
                https.OnAuthenticate = (_, tls) => // with the certificates between it and a root, which a selector cannot give
                    (tls.ServerCertificateSelectionCallback, tls.ServerCertificateContext) = (null, certificate.Value.Current);
            });
        });
    }
}
