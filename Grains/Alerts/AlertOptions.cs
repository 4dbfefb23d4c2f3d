using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Trading.Alerts;

/// <summary>Section <c>alerts</c>. Durations are in seconds.</summary>
public sealed class AlertOptions : IValidateOptions<AlertOptions>
{
    public const string Section = "alerts";

    /// <summary>How long alerts of one name gather before the first message about them, 0 to 600.</summary>
    [ConfigurationKeyName("group_wait")] public double GroupWait { get; set; } = 5;

    /// <summary>Between two messages about new alerts of one name, 1 to 3,600.</summary>
    [ConfigurationKeyName("group_interval")] public double GroupInterval { get; set; } = 60;

    /// <summary>After which an alert that nobody acknowledged is told again, 60 to 604,800; the time doubles with each
    /// repetition.</summary>
    [ConfigurationKeyName("repeat_interval")] public double RepeatInterval { get; set; } = 900;

    /// <summary>The longest time between two repetitions, <see cref="RepeatInterval"/> to 604,800.</summary>
    [ConfigurationKeyName("repeat_max")] public double RepeatMax { get; set; } = 43_200;

    /// <summary>After which a critical alert that nobody acknowledged goes to the escalation route, 60 to
    /// 604,800.</summary>
    [ConfigurationKeyName("escalate_after")] public double EscalateAfter { get; set; } = 900;

    /// <summary>Messages within <see cref="StormInterval"/> beyond which all new alerts come in one, 1 to
    /// 1,000.</summary>
    [ConfigurationKeyName("storm_messages")] public int StormMessages { get; set; } = 10;

    /// <summary>Between two messages of a storm, 1 to 3,600.</summary>
    [ConfigurationKeyName("storm_interval")] public double StormInterval { get; set; } = 60;

    /// <summary>Time of day, UTC, at which every channel is tested; empty for never.</summary>
    [ConfigurationKeyName("self_test_at")] public TimeOnly? SelfTestAt { get; set; } = new(6, 0);

    /// <summary>Asked with GET while alerts are kept and sent; whoever watches it misses the call when they are not.
    /// Empty for nobody.</summary>
    [ConfigurationKeyName("heartbeat_url")] public string HeartbeatUrl { get; set; } = "";

    /// <summary>Between two heartbeats, 5 to 3,600.</summary>
    [ConfigurationKeyName("heartbeat_interval")] public double HeartbeatInterval { get; set; } = 60;

    /// <summary>Channels by a name of your own.</summary>
    [ConfigurationKeyName("channels")] public Dictionary<string, ChannelOptions> Channels { get; } = [];

    /// <summary>Where messages go, by severity (<c>info</c>, <c>warning</c>, <c>critical</c>) and for
    /// <c>escalation</c>: names of channels with ',' between those that each get the message, and '|' between those of
    /// which the first that works does.</summary>
    [ConfigurationKeyName("routes")] public Dictionary<string, string> Routes { get; } = [];

    /// <summary>Rules by name: those of <see cref="AlertRuleTable"/>, changed, and others.</summary>
    [ConfigurationKeyName("rules")] public Dictionary<string, RuleOptions> Rules { get; } = [];

    /// <summary>Every broken rule at once.</summary>
    public ValidateOptionsResult Validate(string? name, AlertOptions options)
    {
        List<string> errors = [];
        Within("group_wait", options.GroupWait, 0, 600);
        Within("group_interval", options.GroupInterval, 1, 3_600);
        Within("repeat_interval", options.RepeatInterval, 60, 604_800);
        Within("repeat_max", options.RepeatMax, options.RepeatInterval, 604_800);
        Within("escalate_after", options.EscalateAfter, 60, 604_800);
        Within("storm_messages", options.StormMessages, 1, 1_000);
        Within("storm_interval", options.StormInterval, 1, 3_600);
        Within("heartbeat_interval", options.HeartbeatInterval, 5, 3_600);
        foreach (var (channel, settings) in options.Channels)
            errors.AddRange(settings.Errors($"{Section}:channels:{channel}"));
        foreach (var (route, text) in options.Routes)
        {
            if (route is not ("info" or "warning" or "critical" or "escalation"))
                errors.Add($"{Section}:routes:{route} is no route; the routes are info, warning, critical and escalation.");
            foreach (var channel in ChainsOf(text).SelectMany(chain => chain)
                .Where(channel => !options.Channels.ContainsKey(channel)))
                errors.Add($"{Section}:routes:{route} names the channel '{channel}', which is not among {Section}:channels.");
        }

        errors.AddRange(AlertRuleTable.Errors(options));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);

        void Within(string key, double value, double least, double most)
        {
            if (!(value >= least && value <= most))
                errors.Add(FormattableString.Invariant(
                    $"{Section}:{key} must be from {least} to {most}; it is {value}."));
        }
    }

    /// <summary>The chains of a route; none where it is not set.</summary>
    public IEnumerable<string[]> ChainsFor(string route) =>
        Routes.TryGetValue(route, out var text) ? ChainsOf(text) : [];

    static IEnumerable<string[]> ChainsOf(string text) => text
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(chain => chain.Split('|', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}

/// <summary>One way to reach somebody.</summary>
public sealed class ChannelOptions
{
    /// <summary><c>email</c>, <c>slack</c>, <c>telegram</c> or <c>webhook</c>.</summary>
    [ConfigurationKeyName("kind")] public string Kind { get; set; } = "";

    /// <summary>Of a Slack webhook or a generic one; of Telegram's API, and then <c>https://api.telegram.org</c> where
    /// empty.</summary>
    [ConfigurationKeyName("url")] public string Url { get; set; } = "";

    /// <summary>The bot's token (Telegram), or the key with which bodies are signed (webhook).</summary>
    [ConfigurationKeyName("token")] public string Token { get; set; } = "";

    /// <summary>Telegram's chat.</summary>
    [ConfigurationKeyName("chat_id")] public string ChatId { get; set; } = "";

    /// <summary>The mail server.</summary>
    [ConfigurationKeyName("host")] public string Host { get; set; } = "";

    [ConfigurationKeyName("port")] public int Port { get; set; } = 587;

    /// <summary><c>starttls</c>, <c>tls</c> (from the first byte) or <c>none</c>.</summary>
    [ConfigurationKeyName("security")] public string Security { get; set; } = "starttls";

    /// <summary>A PEM file with the certificate that the server's must come from; empty for the system's.</summary>
    [ConfigurationKeyName("certificate")] public string Certificate { get; set; } = "";

    [ConfigurationKeyName("user")] public string User { get; set; } = "";

    [ConfigurationKeyName("password")] public string Password { get; set; } = "";

    [ConfigurationKeyName("from")] public string From { get; set; } = "";

    /// <summary>Addresses with ',' between them.</summary>
    [ConfigurationKeyName("to")] public string To { get; set; } = "";

    /// <summary>How long one attempt may take, 1 to 120.</summary>
    [ConfigurationKeyName("timeout")] public double Timeout { get; set; } = 10;

    public IEnumerable<string> Errors(string path)
    {
        if (Timeout is not (>= 1 and <= 120))
            yield return FormattableString.Invariant($"{path}:timeout must be from 1 to 120; it is {Timeout}.");
        switch (Kind)
        {
            case "email":
                if (Host.Length == 0) yield return $"{path}:host is missing: the mail server.";
                if (Port is < 1 or > 65_535) yield return $"{path}:port must be from 1 to 65535; it is {Port}.";
                if (Security is not ("starttls" or "tls" or "none"))
                    yield return $"{path}:security is '{Security}'; it can be starttls, tls or none.";
                if (From.Length == 0) yield return $"{path}:from is missing: the address that messages come from.";
                if (To.Length == 0) yield return $"{path}:to is missing: the addresses that messages go to.";
                if (User.Length > 0 != Password.Length > 0) yield return $"{path}:user and password go together.";
                break;
            case "slack" or "webhook":
                if (!IsAddress(Url))
                    yield return $"{path}:url must be an address that begins with http:// or https://.";
                break;
            case "telegram":
                if (Url.Length > 0 && !IsAddress(Url))
                    yield return $"{path}:url must be empty or an address that begins with http:// or https://.";
                if (Token.Length == 0) yield return $"{path}:token is missing: that of the bot.";
                if (ChatId.Length == 0) yield return $"{path}:chat_id is missing: the chat that messages go to.";
                break;
            default:
                yield return $"{path}:kind is '{Kind}'; it can be email, slack, telegram or webhook.";
                break;
        }
    }

    static bool IsAddress(string url) => Uri.TryCreate(url, UriKind.Absolute, out var uri)
        && uri.Scheme is "http" or "https";
}

/// <summary>A rule; what is not set is as in the table.</summary>
public sealed class RuleOptions
{
    [ConfigurationKeyName("enabled")] public bool Enabled { get; set; } = true;

    /// <summary>What it measures.</summary>
    [ConfigurationKeyName("metric")] public string? Metric { get; set; }

    /// <summary>It fires above this.</summary>
    [ConfigurationKeyName("above")] public double? Above { get; set; }

    /// <summary>It resolves at or below this, which is at most <see cref="Above"/>.</summary>
    [ConfigurationKeyName("clear")] public double? Clear { get; set; }

    /// <summary>So many seconds it must hold before it fires, 0 to 86,400.</summary>
    [ConfigurationKeyName("for")] public double? For { get; set; }

    /// <summary><c>info</c>, <c>warning</c> or <c>critical</c>.</summary>
    [ConfigurationKeyName("severity")] public AlertSeverity? Severity { get; set; }
}
