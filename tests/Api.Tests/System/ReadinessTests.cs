using NSubstitute;

namespace Trading.Api.Tests;

/// <summary>Ready means ready: nothing is decided on a book that is being filled.</summary>
public sealed class ReadinessTests : IAsyncLifetime
{
    readonly Readiness _readiness = new("the book is being opened");
    readonly ApiHost _api;

    public ReadinessTests() => _api = new ApiHost([], _readiness);

    public ValueTask InitializeAsync() => _api.InitializeAsync();

    public ValueTask DisposeAsync() => _api.DisposeAsync();

    [Fact]
    public async Task UntilAllIsPrepared_HealthIsUnavailable_AndNamesWhatIsMissing()
    {
        var preparing = await _api.GetAsync("/health");
        preparing.Status.ShouldBe(503);
        preparing.Json.GetProperty("live").GetBoolean().ShouldBeTrue();
        preparing.Json.GetProperty("ready").GetBoolean().ShouldBeFalse();
        preparing.Json.GetProperty("parts")[1].GetProperty("detail").GetString().ShouldBe("Not yet: the book is being opened.");

        _readiness.Complete();
        _api.Clock.Advance(TimeSpan.FromSeconds(2)); // answers are a second old at most

        (await _api.GetAsync("/health")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("/api/risk/validate-signal", """{"symbol":"IBM","action":"BUY","position_size":1}""")]
    [InlineData("/api/risk/validate-signals", """[{"symbol":"IBM","action":"BUY","position_size":1}]""")]
    [InlineData("/api/portfolios", """{"id":"alpha","cash":1}""")]
    [InlineData("/api/risk/update-limits", "{}")]
    public async Task UntilAllIsPrepared_ASignalIsToldToComeBack(string path, string body)
    {
        var refused = await _api.PostAsync(path, body);
        (refused.Status, refused.ContentType).ShouldBe((503, ApiProblem.ContentType));
        refused.Text.ShouldContain("the book is being opened");
        await _api.Risk.DidNotReceiveWithAnyArgs().ValidateAsync(default!);
        await _api.Risk.DidNotReceiveWithAnyArgs().ValidateManyAsync(default);

        _readiness.Complete();

        (await _api.GetAsync("/api/risk/limits")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task UntilAllIsPrepared_WhatTheSystemIs_IsSaid()
    {
        (await _api.GetAsync("/api/system/status")).Status.ShouldBe(200);
        (await _api.GetAsync("/api/risk/report")).Status.ShouldBe(503);
    }
}
