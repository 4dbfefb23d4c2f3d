namespace Trading.Hosting;

/// <summary>The tables of cluster membership in PostgreSQL, and the statements by which Orleans uses them, as in
/// <see cref="OrleansSchema"/>. Every change of a member raises the version of its cluster in the same statement: of
/// two who saw the same version one finds it changed, and changes nothing.</summary>
static class MembershipTables
{
    /// <summary>Of <c>SiloStatus.Dead</c>.</summary>
    const int Dead = 6;

    public const string Tables = """
        CREATE TABLE IF NOT EXISTS orleans_membership_version (
            cluster text NOT NULL PRIMARY KEY,
            version integer NOT NULL,
            changed_at timestamptz NOT NULL DEFAULT now());
        CREATE TABLE IF NOT EXISTS orleans_membership (
            cluster text NOT NULL REFERENCES orleans_membership_version,
            address text NOT NULL,
            port integer NOT NULL,
            generation integer NOT NULL,
            silo_name text NOT NULL,
            host_name text NOT NULL,
            status integer NOT NULL,
            gateway_port integer NOT NULL,
            suspect_times text,
            start_time timestamptz NOT NULL,
            alive_time timestamptz NOT NULL,
            PRIMARY KEY (cluster, address, port, generation));
        """;

    const string Member =
        "cluster = @DeploymentId AND address = @Address AND port = @Port AND generation = @Generation";

    const string NextVersion = """
        UPDATE orleans_membership_version SET version = version + 1, changed_at = now()
        WHERE cluster = @DeploymentId AND version = @Version
        """;

    const string Columns = """
        SELECT address AS Address, port AS Port, generation AS Generation, silo_name AS SiloName, host_name AS HostName,
            status AS Status, gateway_port AS ProxyPort, suspect_times AS SuspectTimes, start_time AS StartTime,
            alive_time AS IAmAliveTime, version.version AS Version
        FROM orleans_membership_version AS version LEFT JOIN orleans_membership AS member ON member.cluster = version.cluster
        """;

    public static readonly (string Key, string Text)[] Queries =
    [
        ("InsertMembershipVersionKey", """
            WITH first AS (INSERT INTO orleans_membership_version (cluster, version) VALUES (@DeploymentId, 0)
                ON CONFLICT DO NOTHING RETURNING 1)
            SELECT count(*) FROM first
            """),
        ("InsertMembershipKey", $"""
            WITH next AS ({NextVersion} AND NOT EXISTS (SELECT 1 FROM orleans_membership WHERE {Member}) RETURNING 1),
            member AS (
                INSERT INTO orleans_membership (cluster, address, port, generation, silo_name, host_name, status, gateway_port,
                    start_time, alive_time)
                SELECT @DeploymentId, @Address, @Port, @Generation, @SiloName, @HostName, @Status, @ProxyPort, @StartTime,
                    @IAmAliveTime FROM next RETURNING 1)
            SELECT count(*) FROM member
            """),
        ("UpdateMembershipKey", $"""
            WITH next AS ({NextVersion} AND EXISTS (SELECT 1 FROM orleans_membership WHERE {Member}) RETURNING 1),
            member AS (
                UPDATE orleans_membership SET status = @Status, suspect_times = @SuspectTimes, alive_time = @IAmAliveTime
                WHERE {Member} AND EXISTS (SELECT 1 FROM next) RETURNING 1)
            SELECT count(*) FROM member
            """),
        ("UpdateIAmAlivetimeKey", $"UPDATE orleans_membership SET alive_time = @IAmAliveTime WHERE {Member}"),
        // The version comes back also where there is no such member.
        ("MembershipReadRowKey", $"""
            {Columns} AND address = @Address AND port = @Port AND generation = @Generation
            WHERE version.cluster = @DeploymentId
            """),
        ("MembershipReadAllKey", $"{Columns} WHERE version.cluster = @DeploymentId"),
        ("GatewaysQueryKey", """
            SELECT address AS Address, gateway_port AS ProxyPort, generation AS Generation
            FROM orleans_membership WHERE cluster = @DeploymentId AND status = @Status AND gateway_port > 0
            """),
        ("DeleteMembershipTableEntriesKey", """
            DELETE FROM orleans_membership WHERE cluster = @DeploymentId;
            DELETE FROM orleans_membership_version WHERE cluster = @DeploymentId
            """),
        ("CleanupDefunctSiloEntriesKey", $"""
            DELETE FROM orleans_membership
            WHERE cluster = @DeploymentId AND alive_time < @IAmAliveTime AND status = {Dead}
            """),
        // One of them, as it was when it was looked at.
        ("CleanupDefunctSiloEntryKey", $"""
            DELETE FROM orleans_membership
            WHERE {Member} AND status = {Dead} AND start_time = @StartTime AND alive_time = @IAmAliveTime
                AND suspect_times IS NOT DISTINCT FROM @SuspectTimes
            """),
    ];
}
