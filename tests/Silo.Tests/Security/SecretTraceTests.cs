using System.Text;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Trading.Secrets;
using Trading.Testing;

namespace Trading.Silo.Tests;

/// <summary>Passwords, tokens, keys and secrets go through the whole program, rightly and wrongly; afterwards they stand in none of its
/// files, although the log takes everything.</summary>
public sealed class SecretTraceTests
{
    const string Password = "planted-password-Zq7", WrongPassword = "planted-wrong-password-Kp3", Secret = "planted-vault-secret-Yw5", BadToken = "planted.bad-token.Rt8";

    [Fact]
    public async Task Log_Journal_AndFilesBesideThem_HoldNoSecretThatPassedThrough()
    {
        using var folder = new TemporaryFolder();
        var (vault, key) = (Path.Combine(folder.Path, "vault.json"), Path.Combine(folder.Path, "master.key"));
        Vault.Open(new FileVault(vault), "development", MasterKeys.Create(key, DateTimeOffset.UnixEpoch), TimeProvider.System).Set("market_data:binance:key", Secret);
        List<string> planted = [Password, WrongPassword, Secret, BadToken, .. (await File.ReadAllTextAsync(key)).Trim().Split(':')[1..]];
        await using (var program = await GuardedProgram.StartAsync(
            $"vault:path={vault}", $"vault:master_key_file={key}", $"logging:file={folder.Path}/log.jsonl", "logging:level=Verbose",
            $"store:path={folder.Path}/trading.db"))
        {
            planted.AddRange(await UseAsync(program));
            planted.AddRange(program.Tokens.Values);
            foreach (var path in new[] { "/api/audit?limit=10000", "/api/security/users", "/api/security/api-keys", "/openapi/v1.json", "/api/system/status" })
                ShouldHoldNone(path, (await program.SendAsync(HttpMethod.Get, path, program.Tokens["Developer"])).Text, planted);
        }

        SqliteConnection.ClearAllPools();
        var files = Directory.GetFiles(folder.Path).Where(file => file != key && Path.GetFileName(file) is not ("development.key" or "development.auth")).ToArray();
        foreach (var file in files) ShouldHoldNone(file, Encoding.Latin1.GetString(await File.ReadAllBytesAsync(file)), planted);
        files.ShouldContain(file => file.EndsWith("trading.db", StringComparison.Ordinal));
        var log = await File.ReadAllTextAsync(files.Single(file => file.EndsWith(".jsonl", StringComparison.Ordinal) && !file.Contains("uses", StringComparison.Ordinal)));
        log.Length.ShouldBeGreaterThan(1_000, "everything was logged");
        SecretScan.Find("log", log).ShouldBeEmpty();
    }

    static void ShouldHoldNone(string where, string text, List<string> planted) =>
        planted.Where(each => text.Contains(each, StringComparison.Ordinal)).ShouldBeEmpty(where);

    /// <returns>What was given out.</returns>
    static async Task<List<string>> UseAsync(GuardedProgram program)
    {
        var admin = program.Tokens["Administrator"];
        async Task<JsonElement> PostAsync(string path, string body, string? token, int status)
        {
            var (answered, text) = await program.SendAsync(HttpMethod.Post, path, token, body);
            answered.ShouldBe(status, $"{path} {text}");
            return JsonDocument.Parse(text).RootElement;
        }

        await PostAsync("/api/security/users", $$"""{"name":"ada","roles":["viewer"],"password":"{{Password}}"}""", admin, 201);
        var pair = await PostAsync("/api/auth/token", $$"""{"user":"ada","password":"{{Password}}"}""", null, 200);
        var refresh = pair.GetProperty("refresh_token").GetString()!;
        var next = await PostAsync("/api/auth/refresh", $$"""{"refresh_token":"{{refresh}}"}""", null, 200);
        await PostAsync("/api/auth/refresh", $$"""{"refresh_token":"{{refresh}}"}""", null, 401);
        var apiKey = await PostAsync("/api/security/api-keys", """{"subject":"ada","roles":["viewer"],"expires_at":"2099-01-01"}""", admin, 201);
        await program.SendAsync(HttpMethod.Get, "/api/auth/me", apiKey.GetProperty("key").GetString());
        // and wrongly
        await PostAsync("/api/auth/token", $$"""{"user":"ada","password":"{{WrongPassword}}"}""", null, 401);
        await PostAsync("/api/auth/token", $$"""{"user":"{{WrongPassword}} x","password":["{{WrongPassword}}"]}""", null, 400);
        await PostAsync("/api/security/users", $$"""{"name":"bob","roles":["viewer"],"password":"{{WrongPassword}}","more":1}""", admin, 400);
        await PostAsync("/api/auth/setup", $$"""{"code":"{{WrongPassword}}","user":"eve","password":"{{WrongPassword}}"}""", null, 401);
        await program.SendAsync(HttpMethod.Get, "/api/auth/me", BadToken);
        await program.SendAsync(HttpMethod.Post, "/sign-in", null, $$"""{"token":"{{BadToken}}"}""");
        return [
            pair.GetProperty("access_token").GetString()!, refresh, next.GetProperty("access_token").GetString()!, next.GetProperty("refresh_token").GetString()!,
            apiKey.GetProperty("key").GetString()!, refresh.Split('_')[^1], apiKey.GetProperty("key").GetString()!.Split('_')[^1],
        ];
    }
}
