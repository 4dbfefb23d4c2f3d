using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Trading.Testing;

/// <summary>A mail server on loopback that keeps what it takes: plain, with STARTTLS, or with TLS from the first byte;
/// with a login or without. It speaks as much of SMTP as a client that sends needs.</summary>
public sealed class SmtpServer : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly string _security;
    readonly X509Certificate2? _certificate;
    readonly Task _serving;
    readonly Lock _gate = new();
    readonly List<string> _mails = [];

    /// <param name="security"><c>none</c>, <c>starttls</c> or <c>tls</c>.</param>
    public SmtpServer(string security = "none")
    {
        _security = security;
        _certificate = security == "none" ? null : SelfSigned();
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _serving = ServeAsync();
    }

    public int Port { get; }

    /// <summary>The user and password that are asked for; null for none.</summary>
    public (string User, string Password)? Login { get; init; }

    /// <summary>What is answered to a sender, in place of taking the mail; null to take it.</summary>
    public string? Refusal { get; set; }

    /// <summary>Accepts connections and never says a word.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whole mails as they were sent, oldest first.</summary>
    public string[] Mails
    {
        get { lock (_gate) return [.. _mails]; }
    }

    /// <summary>The certificate as a file that a client can trust.</summary>
    public string CertificatePem => _certificate!.ExportCertificatePem();

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
        _certificate?.Dispose();
    }

    async Task ServeAsync()
    {
        List<Task> conversations = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                conversations.Add(TalkAsync(client));
            }
        }
        catch (Exception stopped) when (
            stopped is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(conversations);
        }
    }

    async Task TalkAsync(TcpClient client)
    {
        using (client)
            try
            {
                Stream stream = client.GetStream();
                if (IsSilent) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                if (_security == "tls") stream = await SecureAsync(stream);
                await new Conversation(this, stream, isSecure: _security == "tls").RunAsync(_stop.Token);
            }
            catch (Exception gone) when (gone is OperationCanceledException or IOException or AuthenticationException)
            {
                // The client went, or does not trust the certificate.
            }
    }

    async Task<Stream> SecureAsync(Stream stream)
    {
        var secure = new SslStream(stream);
        await secure.AuthenticateAsServerAsync(_certificate!);
        return secure;
    }

    static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var made = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    sealed class Conversation(SmtpServer server, Stream stream, bool isSecure)
    {
        Stream _stream = stream;
        bool _isSecure = isSecure;
        bool _isKnown = server.Login is null;

        public async Task RunAsync(CancellationToken stop)
        {
            await SayAsync("220 localhost", stop);
            while (await HearAsync(stop) is { } line)
            {
                var word = line.Split(' ', ':')[0].ToUpperInvariant();
                if (word == "QUIT") break;
                await (word switch
                {
                    "EHLO" or "HELO" => SayAsync(Greeting(), stop),
                    "STARTTLS" => SecureAsync(stop),
                    "AUTH" => AuthenticateAsync(line, stop),
                    "DATA" => TakeAsync(stop),
                    "MAIL" when !_isKnown => SayAsync("530 5.7.0 Authentication required", stop),
                    "MAIL" when server.Refusal is { } refusal => SayAsync(refusal, stop),
                    _ => SayAsync("250 OK", stop),
                });
            }
        }

        string Greeting() => string.Join("\r\n",
            new[] { "250-localhost", server._security == "starttls" && !_isSecure ? "250-STARTTLS"
                : null, server.Login is null ? null : "250-AUTH PLAIN", "250 8BITMIME" }
                .OfType<string>());

        async Task SecureAsync(CancellationToken stop)
        {
            await SayAsync("220 Go ahead", stop);
            (_stream, _isSecure) = (await server.SecureAsync(_stream), true);
        }

        async Task AuthenticateAsync(string line, CancellationToken stop)
        {
            var parts = Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).Split('\0');
            _isKnown = (parts[1], parts[2]) == server.Login;
            await SayAsync(_isKnown ? "235 2.7.0 Accepted" : "535 5.7.8 Bad credentials", stop);
        }

        async Task TakeAsync(CancellationToken stop)
        {
            await SayAsync("354 Go ahead", stop);
            var mail = new StringBuilder();
            while (await HearAsync(stop) is { } line && line != ".") mail.Append(line).Append('\n');
            lock (server._gate) server._mails.Add(mail.ToString());
            await SayAsync("250 2.0.0 Queued as 1", stop);
        }

        async Task SayAsync(string line, CancellationToken stop) =>
            await _stream.WriteAsync(Encoding.ASCII.GetBytes(line + "\r\n"), stop);

        async Task<string?> HearAsync(CancellationToken stop)
        {
            var line = new StringBuilder();
            var one = new byte[1];
            while (await _stream.ReadAsync(one, stop) == 1)
                if (one[0] == '\n') return line.ToString().TrimEnd('\r');
                else line.Append((char)one[0]);
            return null;
        }
    }
}
