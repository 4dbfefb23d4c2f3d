using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;
using Trading.Testing;

namespace Trading.Alerts.Tests;

/// <summary>Every channel against a real server on this machine: what arrives, and what becomes of refusals, slowness
/// and being told to wait.</summary>
public sealed class ChannelTests
{
    static readonly DateTimeOffset At = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    readonly AlertOptions _options = new();

    [Theory]
    [InlineData("none", false)]
    [InlineData("none", true)]
    [InlineData("starttls", true)]
    [InlineData("tls", true)]
    public async Task Mail_Arrives_WithAndWithoutTlsAndLogin(string security, bool login)
    {
        using var folder = new TemporaryFolder();
        await using var server = new SmtpServer(security) { Login = login ? ("desk", "s3cret") : null };
        var channel = Mail(server, security);
        if (login) (channel.User, channel.Password) = ("desk", "s3cret");
        if (security != "none") channel.Certificate = Certificate(folder, server);

        var receipt = await SendAsync("mail");

        receipt.Delivered.ShouldBeTrue(receipt.Detail);
        receipt.Detail.ShouldContain("Queued as 1");
        var mail = server.Mails.ShouldHaveSingleItem();
        mail.ShouldContain("Subject: [CRITICAL] Down (2)");
        mail.ShouldContain("Message-Id: <alert-7@trading>");
        mail.ShouldContain("firing  2026-01-05 12:00:00Z  Down  a is down  [aaaaaaaaaaaaaaaa]");
        mail.ShouldContain("b is down");
    }

    [Fact]
    public async Task Mail_IsRefused_WhereTheCertificateIsNotTrusted_OrTheLoginIsWrong_WithoutTheSecret()
    {
        using var folder = new TemporaryFolder();
        await using var server = new SmtpServer("starttls") { Login = ("desk", "right") };
        await using var other = new SmtpServer("tls");
        var channel = Mail(server, "starttls");
        channel.Certificate = Certificate(folder, other);
        (await SendAsync("mail")).ShouldSatisfyAllConditions(
            receipt => receipt.Delivered.ShouldBeFalse(),
            receipt => receipt.Attempts.ShouldBe(1),
            receipt => receipt.Detail.ShouldBe("mail: The mail server's certificate is not trusted."));

        channel.Certificate = Certificate(folder, server);
        (channel.User, channel.Password) = ("desk", "wr0ng-s3cret");
        var receipt = await SendAsync("mail");
        receipt.Detail.ShouldBe("mail: The mail server refused user and password.");
        server.Mails.ShouldBeEmpty();
    }

    [Fact]
    public async Task Mail_ThatIsDeferred_IsTriedAgain_AndOneThatIsRefusedIsNot()
    {
        await using var server = new SmtpServer { Refusal = "451 4.3.0 Later" };
        Mail(server, "none");
        var deferred = await SendAsync("mail");
        server.Refusal = "550 5.1.0 Never";
        var refused = await SendAsync("mail");

        (deferred.Attempts, deferred.Detail.Contains("451", StringComparison.Ordinal)).ShouldBe((3, true));
        (refused.Attempts, refused.Detail.Contains("550", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    [Fact]
    public async Task SilentMailServer_CostsTheTimeOut_AndTheNextChannelHasItsTurn()
    {
        await using var server = new SmtpServer { IsSilent = true };
        await using var web = await LocalServer.StartAsync(LocalServer.Says("ok"));
        Mail(server, "none").Timeout = 1;
        _options.Channels["chat"] = new() { Kind = "slack", Url = web.Address };

        var receipt = await SendAsync("mail", "chat");

        (receipt.Delivered, receipt.Channel, receipt.Attempts).ShouldBe((true, "chat", 4));
        receipt.Detail.ShouldBe("mail: No answer within 1 s.; 200 ok");
    }

    [Fact]
    public async Task Slack_Telegram_AndWebhook_GetWhatTheyUnderstand()
    {
        var bodies = new ConcurrentQueue<(string Path, string Body, IHeaderDictionary Headers)>();
        await using var web = await LocalServer.StartAsync(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            bodies.Enqueue(
                (context.Request.Path, await reader.ReadToEndAsync(),
                    new HeaderDictionary(context.Request.Headers.ToDictionary())));
            await context.Response.WriteAsync("""{"ok":true}""");
        });
        _options.Channels["slack"] = new() { Kind = "slack", Url = web.Address + "/services/T0/B0" };
        _options.Channels["telegram"] = new() { Kind = "telegram", Url = web.Address, Token = "123:abc",
            ChatId = "-42" };
        _options.Channels["hook"] = new() { Kind = "webhook", Url = web.Address + "/hook", Token = "key" };

        foreach (var channel in new[] { "slack", "telegram", "hook" }) (
            await SendAsync(channel)).Delivered.ShouldBeTrue();

        var all = bodies.ToArray();
        all.Select(one => one.Path).ShouldBe(["/services/T0/B0", "/bot123:abc/sendMessage", "/hook"]);
        var (slack, telegram, hook) = (JsonDocument.Parse(all[0].Body).RootElement,
            JsonDocument.Parse(all[1].Body).RootElement, JsonDocument.Parse(all[2].Body).RootElement);
        slack.GetProperty("text").GetString()!.Split('\n').Length.ShouldBe(3);
        telegram.GetProperty("chat_id").GetString().ShouldBe("-42");
        hook.GetProperty("alerts").GetArrayLength().ShouldBe(2);
        hook.GetProperty("alerts")[0].GetProperty("labels").GetProperty("alertname").GetString().ShouldBe("Down");
        hook.GetProperty("notification_id").GetString().ShouldBe("alert-7");
        all[2].Headers["X-Signature-SHA256"].ToString().ShouldBe(
            Convert.ToHexStringLower(HMACSHA256.HashData("key"u8.ToArray(), Encoding.UTF8.GetBytes(all[2].Body))));
        all.ShouldAllBe(one => one.Headers["X-Notification-ID"] == "alert-7");
    }

    [Fact]
    public async Task TooManyRequests_AreWaitedOutAsLongAsTheReceiverSays_InHeaderOrBody()
    {
        var answers = new Queue<(int Status, string? Header, string Body)>([
            (429, "1", ""), (429, null, """{"ok":false,"parameters":{"retry_after":1}}"""), (200, null, "ok"), (429, "3600", "")]);
        await using var web = await LocalServer.StartAsync(context =>
        {
            var (status, header, body) = answers.Dequeue();
            context.Response.StatusCode = status;
            if (header is not null) context.Response.Headers.RetryAfter = header;
            return context.Response.WriteAsync(body);
        });
        _options.Channels["bot"] = new() { Kind = "telegram", Url = web.Address, Token = "t0ken", ChatId = "1" };
        using var sender = Sender();
        var began = TimeProvider.System.GetTimestamp();

        var waited = await sender.SendAsync(Message("bot"), CancellationToken.None);
        var took = TimeProvider.System.GetElapsedTime(began);
        var sentAway = await sender.SendAsync(Message("bot"), CancellationToken.None);

        (waited.Delivered, waited.Attempts).ShouldBe((true, 3));
        took.TotalSeconds.ShouldBeGreaterThanOrEqualTo(2);
        (sentAway.Delivered, sentAway.Attempts).ShouldBe((false, 1)); // an hour is too long
        sentAway.Detail.ShouldNotContain("t0ken");
    }

    [Fact]
    public async Task ChannelThatFailsInARow_IsLeftAlone_AndTriedAgainLater()
    {
        var clock = new ManualTimeProvider(At);
        await using var web = await LocalServer.StartAsync(LocalServer.Says("no", 400));
        _options.Channels["hook"] = new() { Kind = "webhook", Url = web.Address };
        using var sender = new NotificationSender(Options.Create(_options), clock);
        for (var i = 0; i < 3; i++) (
            await sender.SendAsync(Message("hook"), CancellationToken.None)).Delivered.ShouldBeFalse();
        var asked = web.Asked.Count;

        var leftAlone = await sender.SendAsync(Message("hook"), CancellationToken.None);
        web.Asked.Count.ShouldBe(asked);
        leftAlone.Detail.ShouldStartWith("hook: left alone after 3 failures");
        sender.Report().ShouldHaveSingleItem().OpenUntil.ShouldBe(At.AddMinutes(1));

        clock.Advance(TimeSpan.FromMinutes(2));
        web.Answer = LocalServer.Says("yes");
        (await sender.SendAsync(Message("hook"), CancellationToken.None)).Delivered.ShouldBeTrue();
        sender.Report().ShouldHaveSingleItem().FailuresInARow.ShouldBe(0);
    }

    [Fact]
    public async Task NobodyListening_IsAFailureLikeAnother()
    {
        _options.Channels["hook"] = new() { Kind = "webhook", Url = "http://127.0.0.1:1" };
        var receipt = await SendAsync("hook");

        receipt.Delivered.ShouldBeFalse();
        receipt.Detail.ShouldBe("hook: No connection (ConnectionError).");
    }

    NotificationSender Sender() => new(Options.Create(_options), TimeProvider.System);

    async Task<NotificationReceipt> SendAsync(params string[] chain)
    {
        _options.Validate(null, _options).Failed.ShouldBeFalse();
        using var sender = Sender();
        return await sender.SendAsync(Message(chain), CancellationToken.None);
    }

    ChannelOptions Mail(SmtpServer server, string security) => _options.Channels["mail"] = new()
    {
        Kind = "email", Host = "localhost", Port = server.Port, Security = security, From = "trading@example.com",
            To = "desk@example.com, ops@example.com",
    };

    static string Certificate(TemporaryFolder folder, SmtpServer server)
    {
        var path = Path.Combine(folder.Path, $"{server.Port}.pem");
        File.WriteAllText(path, server.CertificatePem);
        return path;
    }

    static AlertMessage Message(params string[] chain) => new(
        new("alert-7", NotificationKind.Firing, AlertSeverity.Critical, "Down", [.. chain],
            ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"], At, 0, At),
        [.. "ab".Select(letter => new Alert(
            new string(letter, 16), "Down", AlertSeverity.Critical,
                System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty, $"{letter} is down",
            "test", AlertState.Firing, At, null, null, false, false, null, null, null))]);
}
