using Microsoft.Extensions.DependencyInjection;
using Trading.Journal;
using Trading.Testing;

namespace Trading.Operations.Tests;

public sealed class AuditGrainTests : IAsyncLifetime
{
    readonly ManualTimeProvider _clock = new();
    readonly InMemoryJournal _journal;
    TestSilo _silo = null!;

    public AuditGrainTests() => _journal = new(_clock);

    IAuditGrain Grain => _silo.Grains.GetGrain<IAuditGrain>(GrainKeys.Audit);

    public async ValueTask InitializeAsync() => _silo = await TestSilo.StartAsync(services => services.AddSingleton<IJournal>(_journal), time: _clock);

    public async ValueTask DisposeAsync()
    {
        await _silo.DisposeAsync();
        await _journal.DisposeAsync();
    }

    [Fact]
    public async Task EntriesOfManyCallersAtOnce_AreAllOnRecord_AndTheChainHolds()
    {
        await Task.WhenAll(Enumerable.Range(0, 200).Select(n => Grain.RecordAsync([Entry($"s{n % 3}", n)])));

        var page = await Grain.ReadAsync(new(0, null, null, null, null, 1_000));

        page.Entries.Select(record => record.Entry.Status).Order().ShouldBe(Enumerable.Range(0, 200).Select(n => (int?)n));
        page.Next.ShouldBeNull();
        (await _journal.VerifyAsync(AuditGrain.Stream, CancellationToken.None)).Defects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Question_FindsBySubjectKindAndTime_AndGoesOnWhereItStopped()
    {
        for (var n = 0; n < 20; n++)
        {
            await Grain.RecordAsync([Entry(n % 2 == 0 ? "ada" : "grace", n), new(AuditKinds.Denied, "ada", null, "x")]);
            _clock.Advance(TimeSpan.FromMinutes(1));
        }

        var start = _clock.GetUtcNow().AddMinutes(-20);
        (await Grain.ReadAsync(new(0, null, null, "grace", null, 100))).Entries.Length.ShouldBe(10);
        (await Grain.ReadAsync(new(0, null, null, "ada", AuditKinds.Denied, 100))).Entries.Length.ShouldBe(20);
        (await Grain.ReadAsync(new(0, start.AddMinutes(5), start.AddMinutes(7), null, AuditKinds.Change, 100))).Entries.Select(record => record.Entry.Status).ShouldBe([5, 6]);
        var first = await Grain.ReadAsync(new(0, null, null, null, AuditKinds.Change, 3));
        var second = await Grain.ReadAsync(new(first.Next!.Value, null, null, null, AuditKinds.Change, 3));
        first.Entries.Concat(second.Entries).Select(record => record.Entry.Status).ShouldBe([0, 1, 2, 3, 4, 5]);
    }

    [Fact]
    public async Task EntryWithAKey_IsOnRecordOnce_HoweverOftenItComes()
    {
        var entry = Entry("ada", 1) with { Key = "use:1" };
        await Grain.RecordAsync([entry, entry, Entry("ada", 2)]);
        await Grain.RecordAsync([entry]);
        await Grain.RecordAsync([entry with { Key = "use:2" }, entry]);

        (await Grain.ReadAsync(new(0, null, null, null, null, 100))).Entries.Select(record => record.Entry.Status).ShouldBe([1, 2, 1]);
    }

    [Fact]
    public async Task Trade_ThatDoesNotExist_IsNotFound()
    {
        (await Grain.TraceAsync("default:7")).Kind.ShouldBe(OutcomeKind.NotFound);
    }

    static AuditEntry Entry(string subject, int n) => new(AuditKinds.Change, subject, "127.0.0.1", "POST /x", n);
}
