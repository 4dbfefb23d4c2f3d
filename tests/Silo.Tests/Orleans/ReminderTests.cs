using Microsoft.Extensions.DependencyInjection;

namespace Trading.Hosting.Tests;

[Collection(nameof(StoresFixture))]
public sealed class ReminderTests(StoresFixture stores)
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Reminder_AfterARestart_GoesOnUntilItIsForgotten(string kind)
    {
        var store = stores.Empty(kind);
        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            await silo.Diary("kept").RemindAsync(TimeSpan.FromHours(1));
            await silo.Diary("kept").RemindAsync(TimeSpan.FromMilliseconds(100));
            await silo.Diary("forgotten").RemindAsync(TimeSpan.FromHours(1));
            await silo.Diary("forgotten").ForgetAsync();
            await silo.StopAsync();
        }

        using (var silo = await StoresFixture.StartSiloAsync(store))
        {
            (await silo.Services.GetRequiredService<Ticks>().Keys.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60))).ShouldBe("kept");
            (await silo.Diary("kept").IsRemindedAsync()).ShouldBeTrue();
            (await silo.Diary("forgotten").IsRemindedAsync()).ShouldBeFalse();
            await silo.StopAsync();
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Reminders_AreFoundByTheRangeOfTheirHash(string kind)
    {
        using var silo = await StoresFixture.StartSiloAsync(stores.Empty(kind));
        var table = silo.Services.GetRequiredService<IReminderTable>();
        var entries = Enumerable.Range(0, 40).Select(number => new ReminderEntry
        {
            GrainId = GrainId.Create("diary", $"{number}"),
            ReminderName = "write",
            StartAt = new DateTime(2026, 1, 5, 12, 0, 0, 123, DateTimeKind.Utc),
            Period = TimeSpan.FromDays(60),
        }).ToArray();
        foreach (var entry in entries)
            entry.ETag = await table.UpsertRow(entry);

        (uint Begin, uint End)[] ranges = [(0, 1u << 31), (1u << 31, 0), (1u << 30, 3u << 30), (3u << 30, 1u << 30), (5, 5), (0, uint.MaxValue)];
        foreach (var (begin, end) in ranges)
        {
            var expected = entries.Where(entry => InRange(entry.GrainId.GetUniformHashCode(), begin, end));
            (await table.ReadRows(begin, end)).Reminders.Select(entry => entry.GrainId)
                .ShouldBe(expected.Select(entry => entry.GrainId), ignoreOrder: true, $"({begin}, {end}]");
        }

        var read = (await table.ReadRow(entries[0].GrainId, "write")).ShouldNotBeNull();
        (read.StartAt, read.StartAt.Kind, read.Period, read.ETag).ShouldBe((entries[0].StartAt, DateTimeKind.Utc, entries[0].Period, entries[0].ETag));
        (await table.ReadRows(entries[0].GrainId)).Reminders.Count.ShouldBe(1);
        (await table.ReadRow(entries[0].GrainId, "read")).ShouldBeNull();
        await table.UpsertRow(entries[0]);
        (await table.RemoveRow(entries[0].GrainId, "write", entries[0].ETag!)).ShouldBeFalse("the row has changed");
        (await table.RemoveRow(entries[1].GrainId, "write", entries[1].ETag!)).ShouldBeTrue();
        await table.TestOnlyClearTable();
        (await table.ReadRows(0, 0)).Reminders.ShouldBeEmpty();
        await silo.StopAsync();
    }

    static bool InRange(uint hash, uint begin, uint end) =>
        begin < end ? hash > begin && hash <= end : hash > begin || hash <= end;
}
