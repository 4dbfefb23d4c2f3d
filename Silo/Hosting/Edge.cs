using System.Security.Cryptography.X509Certificates;
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
            var certificate = new CertificateFile(file, options.KeyFile, TimeProvider.System);
            server.ConfigureHttpsDefaults(https => https.ServerCertificateSelector = (_, _) => certificate.Current);
        });
    }
}

/// <summary>A certificate that is read anew when its file has changed, looked at now and then.</summary>
sealed class CertificateFile(string path, string? keyPath, TimeProvider clock)
{
    static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(10);

    readonly Lock _gate = new();
    X509Certificate2? _certificate;
    DateTime _written;
    DateTimeOffset _looked;

    public X509Certificate2 Current
    {
        get
        {
            lock (_gate)
            {
                var now = clock.GetUtcNow();
                if (_certificate is not null && now - _looked < LookEvery) return _certificate;
                _looked = now;
                var written = File.GetLastWriteTimeUtc(path);
                if (_certificate is not null && written == _written) return _certificate;
                try
                {
                    (_certificate, _written) = (X509Certificate2.CreateFromPemFile(path, keyPath ?? path), written);
                }
                catch (Exception broken) when (_certificate is not null && broken is System.Security.Cryptography.CryptographicException or IOException)
                {
                    // half written: the one before serves until the next look
                }

                return _certificate!;
            }
        }
    }
}
