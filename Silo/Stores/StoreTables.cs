namespace Trading.Stores;

/// <summary>How a value goes between stores.</summary>
enum ColumnKind
{
    /// <summary>A <see cref="string"/>.</summary>
    Text,

    /// <summary>A <see cref="long"/>; 16 and 32 bits where the store keeps as many.</summary>
    Small, Integer, Number,

    /// <summary>A <see cref="long"/>: microseconds since 1970 UTC. SQLite has a number.</summary>
    Moment,

    /// <summary>The same; SQLite has a text, as the provider of Orleans writes it.</summary>
    WrittenMoment,

    /// <summary>A <see cref="long"/>: days since the year 1.</summary>
    Date,

    /// <summary>A <see cref="decimal"/> with its scale. SQLite has it packed, see <c>PackedDecimal</c>.</summary>
    Price,

    /// <summary>The same; SQLite has a text.</summary>
    WrittenDecimal,

    /// <summary>An array of bytes.</summary>
    Bytes,
}

/// <param name="IsKey">Part of the primary key, in the order of the columns.</param>
sealed record StoreColumn(string Name, ColumnKind Kind, bool IsKey = false);

/// <summary>One table that holds what the program must not lose.</summary>
sealed record StoreTable(string Name, params StoreColumn[] Columns)
{
    public string ColumnNames => string.Join(", ", Columns.Select(column => column.Name));
}

/// <summary>Every table whose rows go with a store, the same in SQLite and in PostgreSQL: journal, bars, grain state,
/// reminders, and the vault, which is sealed wherever it lies. Whatever adds a table adds it here; a test holds the list to the tables that are there. Versions of
/// schemas, statements of Orleans and the membership of a cluster belong to a database and stay with it.</summary>
static class StoreTables
{
    public static IReadOnlyList<StoreTable> All { get; } =
    [
        new("journal_events", Key("stream"), new("seq", ColumnKind.Number, IsKey: true),
            new("recorded_at", ColumnKind.Moment), Text("type"),
            Text("key"), Bytes("payload"), Bytes("hash")),
        new("journal_snapshots", Key("stream"), new("seq", ColumnKind.Number), Bytes("payload"), Bytes("hash")),
        new("journal_checkpoints", Key("stream"), new("seq", ColumnKind.Number, IsKey: true), Bytes("payload"),
            Bytes("hash")),
        new("bar_series", new("id", ColumnKind.Number, IsKey: true), Text("symbol"), Text("interval"),
            new("last_revision", ColumnKind.Number)),
        new("bars", new("series", ColumnKind.Number, IsKey: true), new("time", ColumnKind.Moment, IsKey: true),
            new("revision", ColumnKind.Number, IsKey: true), Price("open"), Price("high"), Price("low"),
                Price("close"), Price("volume"),
            Text("source"), new("event_time", ColumnKind.Moment), new("known_at", ColumnKind.Moment),
                new("verdict", ColumnKind.Small),
            Text("rule"), Text("note")),
        new("corporate_actions", Key("symbol"), new("ex_date", ColumnKind.Date, IsKey: true), Key("kind"),
            new("version", ColumnKind.Integer, IsKey: true), new("value", ColumnKind.WrittenDecimal),
                new("known_at", ColumnKind.Moment)),
        new("instruments", Key("symbol"), new("version", ColumnKind.Number, IsKey: true), Text("content")),
        new("orleans_state", Key("service"), Key("name"), new("name_hash", ColumnKind.Integer, IsKey: true),
            new("id_hash", ColumnKind.Integer, IsKey: true), new("key_0", ColumnKind.Number, IsKey: true),
            new("key_1", ColumnKind.Number, IsKey: true), Key("key_text"), new("version", ColumnKind.Integer),
                Bytes("payload")),
        new("orleans_reminder", Key("service"), Key("grain_id"), Key("name"), new("grain_hash", ColumnKind.Integer),
            new("start_time", ColumnKind.WrittenMoment), new("period", ColumnKind.Number),
                new("version", ColumnKind.Integer)),
        new("vault_secrets", Key("name"), new("version", ColumnKind.Integer), Text("master"), Bytes("data_key"), Bytes("value"),
            new("set_at", ColumnKind.Number), new("keyed_at", ColumnKind.Number)),
        new("vault_marks", Key("master"), Bytes("mark")),
        new("vault_uses", Key("use_id"), new("place", ColumnKind.Number), new("used_at", ColumnKind.Number), Text("action"), Text("name"),
            Text("os_user"), Text("host"), new("process", ColumnKind.Integer), new("taken", ColumnKind.Integer)),
    ];

    static StoreColumn Key(string name) => new(name, ColumnKind.Text, IsKey: true);
    static StoreColumn Text(string name) => new(name, ColumnKind.Text);
    static StoreColumn Bytes(string name) => new(name, ColumnKind.Bytes);
    static StoreColumn Price(string name) => new(name, ColumnKind.Price);
}
