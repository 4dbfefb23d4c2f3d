using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trading.Alerts;

/// <summary>Slack's incoming webhook, Telegram's bot, and any address that takes JSON.</summary>
sealed class HttpChannel(ChannelOptions options, HttpClient http, TimeProvider clock) : IAlertChannel
{
    /// <summary>With the key that the channel is set up with, hexadecimal HMAC-SHA-256 of the body.</summary>
    public const string SignatureHeader = "X-Signature-SHA256";

    public const string IdHeader = "X-Notification-ID";

    /// <summary>What is read of an answer.</summary>
    const int MaxAnswer = 4_096;

    public string Kind => options.Kind;

    public async Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        using var request = Request(message);
        request.Headers.Add(IdHeader, message.Notification.Id);
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
            var text = await ReadAsync(response, cancellation);
            if (!response.IsSuccessStatusCode) throw Refusal(response, text);
            return $"{(int)response.StatusCode} {text}".Trim();
        }
        catch (HttpRequestException failure)
        {
            throw new ChannelException($"No connection ({failure.HttpRequestError}).", inner: failure);
        }
    }

    HttpRequestMessage Request(AlertMessage message)
    {
        switch (options.Kind)
        {
            case "slack":
                return Post(options.Url, new JsonObject { ["text"] = AlertText.Chat(message) });
            case "telegram":
                var api = options.Url.Length > 0 ? options.Url.TrimEnd('/') : "https://api.telegram.org";
                return Post($"{api}/bot{options.Token}/sendMessage", new JsonObject
                {
                    ["chat_id"] = options.ChatId, ["text"] = AlertText.Chat(message),
                        ["disable_web_page_preview"] = true,
                });
            default:
                var body = AlertText.Json(message);
                var request = Post(options.Url, body);
                if (options.Token.Length > 0)
                    request.Headers.Add(
                        SignatureHeader, Convert.ToHexStringLower(
                            HMACSHA256.HashData(Encoding.UTF8.GetBytes(options.Token), body)));
                return request;
        }
    }

    static HttpRequestMessage Post(string url, JsonObject body) => Post(url, JsonSerializer.SerializeToUtf8Bytes(body));

    static HttpRequestMessage Post(string url, byte[] body)
    {
        var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json") { CharSet = "utf-8" };
        return new(HttpMethod.Post, url) { Content = content };
    }

    ChannelException Refusal(HttpResponseMessage response, string text)
    {
        var isBusy = response.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.ServiceUnavailable;
        return new(
            $"The receiver answered {(int)response.StatusCode}{(text.Length > 0 ? $": {text}" : "")}",
            isFinal: (int)response.StatusCode is >= 400 and < 500 && !isBusy
                && response.StatusCode != HttpStatusCode.RequestTimeout,
            retryAfter: RetryAfter(response, text));
    }

    /// <summary>From the header; Telegram says it in the body.</summary>
    TimeSpan? RetryAfter(HttpResponseMessage response, string text)
    {
        if (response.Headers.RetryAfter is { } header) return header.Delta ?? header.Date - clock.GetUtcNow();
        try
        {
            return JsonNode.Parse(text)?["parameters"]?["retry_after"] is JsonValue seconds
                ? TimeSpan.FromSeconds(seconds.GetValue<double>())
                : null;
        }
        catch (Exception notJson) when (notJson is JsonException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    /// <summary>The beginning of the answer in one line.</summary>
    static async Task<string> ReadAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[MaxAnswer];
        var read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        var text = Encoding.UTF8.GetString(buffer, 0, read);
        return string.Concat(text.Where(letter => !char.IsControl(letter))).Trim() is { Length: > 200 } longer
            ? string.Create(CultureInfo.InvariantCulture, $"{longer[..200]}…")
            : string.Concat(text.Where(letter => !char.IsControl(letter))).Trim();
    }
}
