using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Trading.Api;
using Trading.Hosting;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>TLS as the program serves it: certificates from files, seen by a client over the wire.</summary>
public sealed class TlsTests : IAsyncLifetime
{
    static readonly TimeSpan UntilNextLook = TimeSpan.FromSeconds(11);
    readonly TemporaryFolder _folder = new();
    readonly ManualTimeProvider _clock = new();
    readonly EdgeOptions _options = new();
    readonly TestCertificate _first;
    WebApplication _app = null!;

    public TlsTests()
    {
        _first = Certificate("first");
        _options.CertificateFile = Path.Combine(_folder.Path, "tls.crt");
        _options.KeyFile = Path.Combine(_folder.Path, "tls.key");
        Write(_first.Pem, _first.KeyPem, written: 0);
    }

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton<TimeProvider>(_clock).AddSingleton(Options.Create(_options));
        builder.WebHost.UseUrls("https://127.0.0.1:0", "http://127.0.0.1:0").UseEdge(_options);
        _app = builder.Build();
        _app.UseSecurity();
        _app.Run(http => http.Response.WriteAsync("served"));
        await _app.StartAsync();
    }

    [Fact]
    public async Task Certificate_IsThatOfTheFile_AndANewOneIsServedWithoutARestart()
    {
        using var second = Certificate("second");

        (await AskAsync()).Thumbprint.ShouldBe(_first.Thumbprint);
        Write(second.Pem, second.KeyPem, written: 1);
        (await AskAsync()).Thumbprint.ShouldBe(_first.Thumbprint, "the file is looked at now and then");
        _clock.Advance(UntilNextLook);

        (await AskAsync()).Thumbprint.ShouldBe(second.Thumbprint);
    }

    [Fact]
    public async Task NewCertificateBeforeItsKey_WaitsForIt()
    {
        using var second = Certificate("second");
        await AskAsync();

        Write(second.Pem, _first.KeyPem, written: 1);
        _clock.Advance(UntilNextLook);
        (await AskAsync()).Thumbprint.ShouldBe(_first.Thumbprint);
        Write(second.Pem, second.KeyPem, written: 2);
        _clock.Advance(UntilNextLook);

        (await AskAsync()).Thumbprint.ShouldBe(second.Thumbprint);
    }

    [Fact]
    public async Task FileThatIsHalfWritten_OrGone_OrOfAnEndedCertificate_LeavesTheOneBeforeItServing()
    {
        using var ended = new TestCertificate("ended", _clock.GetUtcNow().AddDays(-2), _clock.GetUtcNow().AddDays(-1));
        await AskAsync();
        var written = 0;
        foreach (var (certificate, key) in new[] { (_first.Pem[..200], _first.KeyPem), ("", ""), (ended.Pem, ended.KeyPem) })
        {
            Write(certificate, key, ++written);
            _clock.Advance(UntilNextLook);
            (await AskAsync()).Thumbprint.ShouldBe(_first.Thumbprint, $"{written}");
        }

        File.Delete(_options.CertificateFile!);
        _clock.Advance(UntilNextLook);
        (await AskAsync()).Thumbprint.ShouldBe(_first.Thumbprint, "gone");
    }

    [Fact]
    public async Task CertificatesBetweenItAndARoot_GoWithIt()
    {
        var (from, until) = (_clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow().AddDays(90));
        using var root = new TestCertificate("root", from, until, isAuthority: true);
        using var between = new TestCertificate("between", from, until, root, isAuthority: true);
        using var leaf = new TestCertificate("leaf", from.AddHours(1), until.AddHours(-1), between);
        Write(leaf.Pem + between.Pem, leaf.KeyPem, written: 1);

        var served = await AskAsync();

        served.Thumbprint.ShouldBe(leaf.Thumbprint);
        served.With.ShouldContain(between.Thumbprint);
    }

    [Fact]
    public async Task Browsers_AreToldToComeBackByTlsOnly_OverTlsAlone()
    {
        (await AskAsync()).Hsts.ShouldBe("max-age=31536000; includeSubDomains");
        using var plain = new HttpClient();

        using var answer = await plain.GetAsync(new Uri(_app.Urls.Single(url => url.StartsWith("http:", StringComparison.Ordinal))));

        answer.Headers.Contains("Strict-Transport-Security").ShouldBeFalse("a browser must not believe it there");
    }

    [Fact]
    public async Task PlainRequest_ToTheAddressOfTls_GetsNothing()
    {
        var url = new UriBuilder(_app.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal))) { Scheme = "http" }.Uri;
        using var plain = new HttpClient();

        await Should.ThrowAsync<HttpRequestException>(() => plain.GetStringAsync(url));
    }

    async Task<(string Thumbprint, string[] With, string? Hsts)> AskAsync()
    {
        var (thumbprint, with) = ("", Array.Empty<string>());
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, chain, _) =>
            {
                (thumbprint, with) = (certificate!.Thumbprint, [.. chain!.ChainPolicy.ExtraStore.Select(other => other.Thumbprint)]);
                return true;
            },
        };
        using var client = new HttpClient(handler);
        using var answer = await client.GetAsync(new Uri(_app.Urls.Single(url => url.StartsWith("https:", StringComparison.Ordinal))));
        (await answer.Content.ReadAsStringAsync()).ShouldBe("served");
        return (thumbprint, with, answer.Headers.TryGetValues("Strict-Transport-Security", out var hsts) ? hsts.Single() : null);
    }

    TestCertificate Certificate(string name) => new(name, _clock.GetUtcNow().AddDays(-1), _clock.GetUtcNow().AddDays(90));

    /// <param name="written">Grows with each writing, as the time of a file does.</param>
    void Write(string certificate, string key, int written)
    {
        foreach (var (file, text) in new[] { (_options.CertificateFile!, certificate), (_options.KeyFile!, key) })
        {
            File.WriteAllText(file, text);
            File.SetLastWriteTimeUtc(file, _clock.GetUtcNow().UtcDateTime.AddSeconds(written));
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _first.Dispose();
        _folder.Dispose();
    }
}
