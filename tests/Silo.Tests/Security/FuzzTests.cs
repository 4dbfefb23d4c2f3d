using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Trading.Silo.Tests;

/// <summary>Requests made of the API document, sound and broken, for every endpoint and every role. How many: the variable
/// <c>TRADING_FUZZ_REQUESTS</c>, else what a suite has time for.</summary>
public sealed class FuzzTests
{
    const int Few = 3_000;
    const int Seed = 20260105;

    [Fact]
    public async Task NoRequest_FailsInside_Hangs_OrChangesABookWhereItIsRefused()
    {
        var count = int.TryParse(Environment.GetEnvironmentVariable("TRADING_FUZZ_REQUESTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var asked) ? asked : Few;
        await using var program = await GuardedProgram.StartAsync("edge:requests_per_minute=100000000", "edge:burst=100000000", "edge:emergency_per_minute=100000000", "edge:emergency_burst=100000000");
        var document = JsonNode.Parse((await program.SendAsync(HttpMethod.Get, "/openapi/v1.json", program.Tokens["Developer"])).Text)!;
        var requests = new RandomRequests(document, new Random(Seed));
        var callers = program.Tokens.Append(new("nobody", null!)).ToArray();
        var statuses = new SortedDictionary<int, int>();
        var unknown = new SortedSet<string>(StringComparer.Ordinal);
        var (roles, refused) = (0, 0);
        for (var n = 0; n < count; n++)
        {
            var (name, token) = callers[n % callers.Length];
            var (method, path, body, type, operation) = requests.Next();
            if (path.StartsWith("/api/auth/logout", StringComparison.Ordinal)) continue; // it would end the caller's token
            if (body?.Contains("\"firm\"", StringComparison.Ordinal) == true) continue; // every book follows, some after the answer
            var before = program.Journal.Events;

            var (status, text) = await program.SendAsync(method, path, token, body, type);

            var what = $"request {n}: {name} {method} {path} {body} -> {status} {text}";
            (status is < 500 or 503).ShouldBeTrue(what);
            if (token is null && !path.StartsWith("/health", StringComparison.Ordinal)) status.ShouldBeOneOf([400, 401, 415], what);
            if (status is >= 400 and not 409)
            {
                program.Journal.Events.ShouldBe(before, what);
                refused++;
            }

            if (status >= 400 && method != HttpMethod.Head) text.ShouldStartWith("{", customMessage: what);
            if (status == 400) unknown.UnionWith(FieldNames.Unknown(operation, JsonNode.Parse(text)!).Select(field => $"{method} {path}: {field}"));
            statuses[status] = statuses.GetValueOrDefault(status) + 1;
            roles++;
        }

        TestContext.Current.SendDiagnosticMessage($"{roles} requests, {refused} refused: {string.Join(", ", statuses.Select(pair => $"{pair.Key} {pair.Value}"))}");
        unknown.ShouldBeEmpty("an error names a parameter or a member as the API document does");
        statuses.ShouldContainKey(200);
        statuses.ShouldContainKey(401);
        statuses.ShouldContainKey(403);
        statuses.ShouldContainKey(400);
    }

    /// <summary>Requests by the schemas of a document, half of them with something broken.</summary>
    sealed class RandomRequests(JsonNode document, Random random)
    {
        static readonly string[] Texts =
        [
            "", "IBM", "default", "a", "..%2f", "'; DROP TABLE x;--", "<script>", "\u202e\u0000\u001b[2J", "\ud800", new('x', 5_000), "NaN", "null", "%00", "default:1", "😀", "-1", "1e400",
        ];

        static readonly string[] Numbers = ["0", "1", "-1", "0.5", "1e-28", "1e28", "1e400", "-1e400", "79228162514264337593543950335", "9223372036854775808", "1.00000000000000000000000000000001"];
        static readonly string[] Types = ["application/json", "text/csv", "application/x-ndjson", "text/plain"];

        readonly (string Path, string Method, JsonNode Operation)[] _operations =
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               where operation.Key is "get" or "post"
               select (path.Key, operation.Key, operation.Value!),
        ];

        public (HttpMethod Method, string Path, string? Body, string Type, JsonNode Operation) Next()
        {
            var (path, method, operation) = _operations[random.Next(_operations.Length)];
            while (path.IndexOf('{') is >= 0 and var open)
                path = path[..open] + Uri.EscapeDataString(Name(path[(open + 1)..path.IndexOf('}')])) + path[(path.IndexOf('}') + 1)..];
            var query = new StringBuilder();
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
                if (parameter!["in"]!.GetValue<string>() == "query" && random.Next(3) == 0)
                    query.Append(query.Length == 0 ? '?' : '&').Append(parameter["name"]!.GetValue<string>()).Append('=').Append(Uri.EscapeDataString(Name(parameter["name"]!.GetValue<string>())));
            if (random.Next(20) == 0) query.Append(query.Length == 0 ? '?' : '&').Append("bogus=1");
            var content = operation["requestBody"]?["content"]?.AsObject();
            var type = random.Next(20) == 0 ? Types[random.Next(Types.Length)] : content?.First().Key ?? Types[0];
            var body = method == "get" ? null : content is null ? "" : Broken(Value(content.First().Value!["schema"]!, 0));
            return (method == "get" ? HttpMethod.Get : HttpMethod.Post, path + query, body, type, operation);
        }

        string Name(string name) => random.Next(3) switch
        {
            0 => Safe(Texts[random.Next(Texts.Length)]),
            _ => name switch
            {
                "symbol" => "IBM", "id" or "portfolio" => "default", "decision_id" or "reservation_id" => $"default:{random.Next(1, 80)}", "series" => "GDP", "name" => "drawdown",
                "limit" => "10", "interval" => "1d", "from" or "to" or "as_of" or "since" => "1995-01-02", "user" => "only-Viewer", "kind" => "change", _ => "1",
            },
        };

        /// <summary>What an address can hold at all.</summary>
        static string Safe(string text) => text.Length == 0 || text.Any(char.IsSurrogate) ? "x" : text.Length > 1_000 ? text[..1_000] : text;

        string Value(JsonNode schema, int depth)
        {
            if (schema["examples"] is JsonArray { Count: > 0 } examples && random.Next(2) == 0) return examples[0]!.ToJsonString();
            if (schema["$ref"] is not null || depth > 4) return "{}";
            if (schema["enum"] is JsonArray choices && random.Next(4) > 0) return choices[random.Next(choices.Count)]!.ToJsonString();
            var type = schema["type"] is JsonArray several ? several[random.Next(several.Count)]!.GetValue<string>() : schema["type"]?.GetValue<string>() ?? "string";
            if (random.Next(12) == 0) type = ((string[])["string", "number", "object", "array", "null", "boolean"])[random.Next(6)];
            return type switch
            {
                "object" => Object(schema, depth),
                "array" => "[" + string.Join(',', Enumerable.Range(0, random.Next(4)).Select(_ => schema["items"] is { } item ? Value(item, depth + 1) : "1")) + "]",
                "number" or "integer" => Numbers[random.Next(Numbers.Length)],
                "boolean" => random.Next(2) == 0 ? "true" : "false",
                "null" => "null",
                _ => JsonSerializer.Serialize(random.Next(2) == 0 ? Texts[random.Next(Texts.Length)] : "IBM"),
            };
        }

        string Object(JsonNode schema, int depth)
        {
            var required = (schema["required"] as JsonArray)?.Select(name => name!.GetValue<string>()).ToHashSet() ?? [];
            var members = (schema["properties"] as JsonObject ?? []).Where(member => random.Next(12) > 0 && (required.Contains(member.Key) || random.Next(3) == 0))
                .Select(member => $"\"{member.Key}\":{Value(member.Value!, depth + 1)}");
            return "{" + string.Join(',', random.Next(15) == 0 ? members.Append("\"bogus\":1") : members) + "}";
        }

        string Broken(string body)
        {
            if (random.Next(8) > 0 || body.Length < 2) return body;
            var at = random.Next(body.Length);
            return random.Next(3) switch
            {
                0 => body[..at],
                1 => body.Insert(at, ((string[])["\"", "{", "]", "\\u0000", ",", "\u0000"])[random.Next(6)]),
                _ => body.Remove(at, 1),
            };
        }
    }
}
