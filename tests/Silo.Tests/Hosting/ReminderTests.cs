using Microsoft.Extensions.DependencyInjection;
using static Trading.Hosting.Tests.StoresFixture;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class ReminderTests(StoresFixture stores)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory, OnSqlite, OnPostgres]
    public async Task Reminder_AfterARestart_TicksUnlessItWasForgotten(string kind)
    {
        var store = stores.Empty(kind);
        await RunSiloAsync(store, async silo =>
        {
            await silo.Diary("kept").RemindAsync(TimeSpan.FromHours(1));
            await silo.Diary("kept").RemindAsync(TimeSpan.FromMilliseconds(100));
            await silo.Diary("forgotten").RemindAsync(TimeSpan.FromHours(1));
            await silo.Diary("forgotten").ForgetAsync();
        });

        await RunSiloAsync(store, async silo =>
        {
            var ticks = silo.Services.GetRequiredService<Ticks>().Keys.Reader;
            (await ticks.ReadAsync().AsTask().WaitAsync(Patience)).ShouldBe("kept");
            (await silo.Diary("kept").IsRemindedAsync()).ShouldBeTrue();
            (await silo.Diary("forgotten").IsRemindedAsync()).ShouldBeFalse();
        });
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Row_IsReadAsItWasWritten(string kind) =>
        await RunSiloAsync(stores.Empty(kind), async silo =>
        {
            var table = silo.Services.GetRequiredService<IReminderTable>();
            var entry = Entry("a");
            entry.ETag = await table.UpsertRow(entry);

            var read = (await table.ReadRow(entry.GrainId, "write")).ShouldNotBeNull();

            (read.GrainId, read.ReminderName, read.Period, read.ETag)
                .ShouldBe((entry.GrainId, entry.ReminderName, entry.Period, entry.ETag));
            (read.StartAt, read.StartAt.Kind).ShouldBe((entry.StartAt, DateTimeKind.Utc));
            (await table.ReadRows(entry.GrainId)).Reminders.Count.ShouldBe(1);
            (await table.ReadRow(entry.GrainId, "read")).ShouldBeNull();
        });

    [Theory, OnSqlite, OnPostgres]
    public async Task Row_IsRemovedOnlyInTheVersionThatTheCallerKnows(string kind) =>
        await RunSiloAsync(stores.Empty(kind), async silo =>
        {
            var table = silo.Services.GetRequiredService<IReminderTable>();
            var entry = Entry("a");
            var first = (await table.UpsertRow(entry)).ShouldNotBeNull();
            var second = (await table.UpsertRow(entry)).ShouldNotBeNull();

            (await table.RemoveRow(entry.GrainId, "write", first)).ShouldBeFalse();
            (await table.RemoveRow(entry.GrainId, "write", second)).ShouldBeTrue();
            (await table.ReadRows(entry.GrainId)).Reminders.ShouldBeEmpty();
        });

    [Theory, OnSqlite, OnPostgres]
    public async Task Rows_AreFoundByTheRangeOfTheirHash_AlsoAcrossItsEnd(string kind) =>
        await RunSiloAsync(stores.Empty(kind), async silo =>
        {
            const uint Quarter = 1u << 30;
            (uint Begin, uint End)[] ranges =
                [(0, 2 * Quarter), (2 * Quarter, 0), (Quarter, 3 * Quarter), (3 * Quarter, Quarter), (5, 5), (0, uint.MaxValue)];
            var table = silo.Services.GetRequiredService<IReminderTable>();
            var entries = Enumerable.Range(0, 40).Select(number => Entry($"{number}")).ToArray();
            foreach (var entry in entries)
                await table.UpsertRow(entry);

            foreach (var (begin, end) in ranges)
            {
                var expected = entries.Select(entry => entry.GrainId).Where(id => InRange(id.GetUniformHashCode(), begin, end));
                (await table.ReadRows(begin, end)).Reminders.Select(entry => entry.GrainId)
                    .ShouldBe(expected, ignoreOrder: true, $"({begin}, {end}]");
            }

            await table.TestOnlyClearTable();
            (await table.ReadRows(0, 0)).Reminders.ShouldBeEmpty();
        });

    static ReminderEntry Entry(string key) => new()
    {
        GrainId = GrainId.Create("diary", key),
        ReminderName = "write",
        StartAt = new DateTime(2026, 1, 5, 12, 0, 0, 123, DateTimeKind.Utc),
        Period = TimeSpan.FromDays(60),
    };

    static bool InRange(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
}
