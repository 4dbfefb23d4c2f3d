using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace Trading.Alerts;

/// <summary>Mail by SMTP. The id of the message is that of the notification: one that is sent again after a lost
/// answer is the same mail to whoever sorts by it.</summary>
sealed class EmailChannel(ChannelOptions options) : IAlertChannel
{
    public string Kind => options.Kind;

    public async Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        using var mail = Compose(message);
        using var client = new SmtpClient { Timeout = (int)TimeSpan.FromSeconds(options.Timeout).TotalMilliseconds };
        if (options.Certificate.Length > 0) client.ServerCertificateValidationCallback = IsFromOurs;
        try
        {
            await client.ConnectAsync(options.Host, options.Port, Security(options.Security), cancellation);
            if (options.User.Length > 0) await client.AuthenticateAsync(options.User, options.Password, cancellation);
            var answer = await client.SendAsync(mail, cancellation);
            await client.DisconnectAsync(quit: true, cancellation);
            return answer;
        }
        catch (SmtpCommandException refused)
        {
            throw new ChannelException(
                $"The mail server answered {(int)refused.StatusCode}: {refused.Message}",
                    isFinal: (int)refused.StatusCode >= 500, inner: refused);
        }
        catch (AuthenticationException refused)
        {
            throw new ChannelException("The mail server refused user and password.", isFinal: true, inner: refused);
        }
        catch (SslHandshakeException untrusted)
        {
            throw new ChannelException("The mail server's certificate is not trusted.", isFinal: true,
                inner: untrusted);
        }
        catch (Exception failure) when (
            failure is SocketException or IOException or ProtocolException or NotSupportedException or ServiceNotConnectedException)
        {
            throw new ChannelException($"No mail could be sent: {failure.Message}", inner: failure);
        }
    }

    MimeMessage Compose(AlertMessage message)
    {
        var mail = new MimeMessage { Subject = AlertText.Title(message), Date = message.Notification.QueuedAt,
            MessageId = $"{message.Notification.Id}@trading" };
        mail.From.Add(MailboxAddress.Parse(options.From));
        foreach (var to in options.To.Split(',',
            StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            mail.To.Add(MailboxAddress.Parse(to));
        mail.Headers.Add(HttpChannel.IdHeader, message.Notification.Id);
        mail.Body = new TextPart("plain") { Text = AlertText.Mail(message) };
        return mail;
    }

    bool IsFromOurs(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (certificate is not X509Certificate2 theirs
            || errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)) return false;
        using var own = new X509Chain();
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.CustomTrustStore.ImportFromPemFile(options.Certificate);
        return own.Build(theirs);
    }

    static SecureSocketOptions Security(string word) => word switch
    {
        "tls" => SecureSocketOptions.SslOnConnect,
        "starttls" => SecureSocketOptions.StartTls,
        _ => SecureSocketOptions.None,
    };
}
