using System.Text.Json;

namespace Trading.Api.Tests;

public sealed class OpenApiTests(ApiHost api) : IClassFixture<ApiHost>
{
    static readonly string[] Routes =
    [
        "GET /health 200 503", "GET /health/ready 200 503", "GET /health/live 200",
        "GET /api/system/status 200", "GET /api/system/metrics 200", "GET /api/system/log-level 200", "POST /api/system/log-level 200",
        "GET /api/dashboard/stream 200 503", "GET /api/alerts 200", "POST /api/alerts/{fingerprint}/acknowledge 200", "POST /api/alerts/silences 201",
        "POST /api/alerts/silences/{silence_id}/end 200", "POST /api/alerts/test 202", "POST /api/alerts/alertmanager 200",
        "GET /api/risk/limits 200", "GET /api/risk/report 200", "GET /api/risk/backtest 200", "GET /api/risk/stress 200", "POST /api/risk/stress 200", "POST /api/risk/update-limits 200",
        "POST /api/risk/validate-signal 200", "POST /api/risk/validate-signals 200",
        "POST /api/risk/what-if 200", "GET /api/risk/decisions 200",
        "GET /api/risk/decisions/{decision_id} 200 503", "GET /api/risk/decisions/{decision_id}/replay 200 503",
        "GET /api/risk/breakers 200", "GET /api/risk/firm 200", "POST /api/risk/mode 200", "POST /api/risk/breakers/{name}/reset 200",
        "POST /api/risk/emergency-stop 200", "POST /api/risk/resume 200",
        "POST /api/risk/overrides 200", "POST /api/risk/overrides/{override_id}/cancel 200",
        "GET /api/risk/budgets 200", "POST /api/risk/budgets/firm 200", "POST /api/risk/budgets/desk/{id} 200", "POST /api/risk/hierarchy 200",
        "GET /api/portfolios 200", "POST /api/portfolios 201", "GET /api/portfolios/{id} 200", "GET /api/portfolios/{id}/positions 200",
        "POST /api/portfolios/{id}/fills 200", "POST /api/portfolios/{id}/transfers 200", "POST /api/portfolios/{id}/enable-symbol 200", "POST /api/portfolios/{id}/heartbeat 200",
        "POST /api/portfolios/{id}/reservations/{reservation_id}/release 200",
        "GET /api/data/sources 200", "GET /api/data/quality/{symbol} 200", "GET /api/data/bars/{symbol} 200",
        "GET /api/data/instruments/{symbol} 200", "POST /api/data/instruments/{symbol} 200",
        "GET /api/data/quarantine 200", "POST /api/data/quarantine/{symbol}/release 200", "POST /api/data/validate 200", "POST /api/data/ingest 200",
        "GET /api/data/news 200", "GET /api/data/macro/{series} 200 503",
        "GET /api/backtests 200", "POST /api/backtests 202 503", "GET /api/backtests/{id} 200", "POST /api/backtests/{id}/cancel 200",
        "GET /api/backtests/{id}/result 200", "GET /api/backtests/{id}/equity 200", "GET /api/backtests/{id}/trades 200",
        "GET /api/backtests/{id}/sweep 200", "GET /api/backtests/{id}/report 200", "GET /api/backtests/compare 200",
        "POST /api/auth/token 200 503", "POST /api/auth/refresh 200", "POST /api/auth/logout 200", "GET /api/auth/me 200", "POST /api/auth/approvals 200", "POST /api/auth/setup 201 503",
        "GET /api/security/users 200", "POST /api/security/users 201 503", "POST /api/security/users/{user} 200 503",
        "GET /api/security/api-keys 200", "POST /api/security/api-keys 201", "POST /api/security/api-keys/{key}/revoke 200", "POST /api/security/rotate-keys 200",
        "GET /api/audit 200", "GET /api/audit/trades/{decision_id} 200",
        "GET /api/ml/predictions 200", "GET /api/ml/performance 200", "POST /api/ml/retrain 202",
        "GET /api/ml/models 200", "GET /api/ml/features 200", "GET /api/ml/trials 200", "GET /api/ml/card 200",
        "POST /api/ml/cancel 200", "POST /api/ml/promote 200", "POST /api/ml/rollback 200",
    ];

    [Fact]
    public async Task EveryRoute_IsDescribed_AndNoOther()
    {
        var paths = (await api.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");

        var described = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(operation => string.Join(' ',
            [operation.Name.ToUpperInvariant(), path.Name, .. operation.Value.GetProperty("responses").EnumerateObject().Select(response => response.Name)
                .Where(status => status[0] == '2' || status == "503").Order()])));
        described.Order().ShouldBe(Routes.Order());
    }

    [Fact]
    public async Task EveryOperation_HasASummary_ASchemaForEachAnswer_AndForItsBody()
    {
        var paths = (await api.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");

        foreach (var path in paths.EnumerateObject())
            foreach (var operation in path.Value.EnumerateObject())
            {
                operation.Value.GetProperty("summary").GetString().ShouldNotBeNullOrWhiteSpace(path.Name);
                var takesBody = operation.Name == "post" && !path.Name.EndsWith("/heartbeat", StringComparison.Ordinal)
                    && path.Name != "/api/backtests/{id}/cancel"
                    && !path.Name.EndsWith("/logout", StringComparison.Ordinal) && !path.Name.EndsWith("/revoke", StringComparison.Ordinal) && !path.Name.EndsWith("/rotate-keys", StringComparison.Ordinal);
                operation.Value.TryGetProperty("requestBody", out var body).ShouldBe(takesBody, path.Name);
                if (takesBody) Content(body).GetProperty("schema").TryGetProperty("type", out _).ShouldBeTrue(path.Name);
                foreach (var response in operation.Value.GetProperty("responses").EnumerateObject())
                    Content(response.Value).TryGetProperty("schema", out _).ShouldBeTrue($"{path.Name} {response.Name}");
            }
    }

    [Fact]
    public async Task SignalBody_IsDescribedAsItIsRead()
    {
        var document = (await api.GetAsync("/openapi/v1.json")).Json;
        var schema = Content(document.GetProperty("paths").GetProperty("/api/risk/validate-signal").GetProperty("post").GetProperty("requestBody")).GetProperty("schema");

        schema.GetProperty("properties").EnumerateObject().Select(member => member.Name)
            .ShouldBe(["symbol", "action", "position_size", "confidence", "client_order_id", "limit_price", "strategy", "reduce_only", "portfolio"]);
        schema.GetProperty("required").EnumerateArray().Select(member => member.GetString()).ShouldBe(["symbol", "action", "position_size"], ignoreOrder: true);
        schema.GetProperty("additionalProperties").GetBoolean().ShouldBeFalse();
        JsonSerializer.Serialize(schema.GetProperty("examples")[0]).ShouldBe("""{"symbol":"IBM","action":"BUY","position_size":1000.0,"confidence":0.85}""");
    }

    [Fact]
    public async Task EveryBodyThatSaysWho_SaysItAsBy_AndEarlierNamesAreDeprecated()
    {
        var paths = (await api.GetAsync("/openapi/v1.json")).Json.GetProperty("paths");
        var bodies = paths.EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Where(operation => operation.Value.TryGetProperty("requestBody", out _))
            .Select(operation => Content(operation.Value.GetProperty("requestBody")).GetProperty("schema"))
            .Where(schema => schema.TryGetProperty("properties", out _)).Select(schema => schema.GetProperty("properties")).ToArray();

        bodies.Count(members => members.TryGetProperty("by", out _)).ShouldBeGreaterThan(15);
        foreach (var members in bodies)
            foreach (var earlier in new[] { "changed_by", "owner", "approver" })
                if (members.TryGetProperty(earlier, out var schema))
                {
                    schema.GetProperty("deprecated").GetBoolean().ShouldBeTrue();
                    members.TryGetProperty(earlier == "approver" ? "second_person" : "by", out _).ShouldBeTrue();
                }
    }

    [Fact]
    public async Task Answers_AreDescribedInTheNamesTheyAreWrittenIn()
    {
        var schemas = (await api.GetAsync("/openapi/v1.json")).Json.GetProperty("components").GetProperty("schemas");

        schemas.GetProperty("BookMeasures").GetProperty("properties").TryGetProperty("value_at_risk_95", out _).ShouldBeTrue();
        schemas.GetProperty("RiskLimits").GetProperty("properties").TryGetProperty("max_expected_shortfall_97_5", out _).ShouldBeTrue();
        schemas.GetProperty("RiskRule").GetProperty("enum").EnumerateArray().Select(code => code.GetString()).ShouldContain("unknown_symbol");
        foreach (var schema in schemas.EnumerateObject().Where(schema => schema.Value.TryGetProperty("properties", out _)))
            foreach (var member in schema.Value.GetProperty("properties").EnumerateObject())
                member.Name.ShouldBe(member.Name.ToLowerInvariant(), schema.Name);
    }

    static JsonElement Content(JsonElement holder) => holder.GetProperty("content").EnumerateObject().First().Value;
}
