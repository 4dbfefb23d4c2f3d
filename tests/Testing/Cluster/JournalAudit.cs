using System.Globalization;
using Npgsql;

namespace Trading.Testing.Cluster;

/// <summary>Holds what callers were told against what the journal has, by plain SQL: none of the program's
/// code.</summary>
public static class JournalAudit
{
    /// <summary>What one position of a book may be worth: its weight, a tenth, of the cash that books of a trial begin with. Nothing is
    /// filled, and no reservation expires meanwhile, so all approvals together stay below it.</summary>
    public const decimal MostOfOnePosition = 100_000m;

    /// <summary>Everything that does not fit, in words; empty where nothing was lost, nothing done twice, and no limit exceeded.</summary>
    public static async Task<IReadOnlyList<string>> CompareAsync(
        string database, IReadOnlyCollection<Acknowledgement> acknowledged)
    {
        var recorded = await ReadAsync(database);
        List<string> findings = [];
        foreach (var one in acknowledged)
        {
            var (stream, sequence) =
                ($"portfolio/{one.Book}", long.Parse(one.DecisionId.Split(':')[1], CultureInfo.InvariantCulture));
            if (!recorded.TryGetValue((stream, $"order:{one.Order}"), out var places)) findings.Add(
                $"{one.DecisionId} ({one.Order}) is lost");
            else if (places.Count > 1) findings.Add($"{one.Order} of {one.Book} was decided {places.Count} times");
            else if (places[0] != sequence) findings.Add(
                $"{one.Order} of {one.Book} is at {places[0]}, the caller was told {sequence}");
        }

        findings.AddRange(acknowledged.GroupBy(one => one.DecisionId).Where(same => same.Count() > 1)
            .Select(same => $"{same.Key} was given to {same.Count()} callers"));
        findings.AddRange(acknowledged.Where(one => one.Approved).GroupBy(one => (one.Book, one.Symbol))
            .Select(position => (position.Key, Worth: position.Sum(one => one.Quantity * one.Price!.Value)))
            .Where(position => position.Worth > MostOfOnePosition)
            .Select(position => $"{position.Key.Book} was let buy {position.Key.Symbol} for {position.Worth}, {MostOfOnePosition} is the limit"));
        return findings;
    }

    static async Task<Dictionary<(string Stream, string Key), List<long>>> ReadAsync(string database)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync();
        await using var command =
            new NpgsqlCommand("SELECT stream, key, seq FROM journal_events WHERE type = 'decided'", connection);
        await using var rows = await command.ExecuteReaderAsync();
        Dictionary<(string, string), List<long>> recorded = [];
        while (await rows.ReadAsync())
        {
            var place = (rows.GetString(0), rows.GetString(1));
            if (!recorded.TryGetValue(place, out var found)) recorded[place] = found = [];
            found.Add(rows.GetInt64(2));
        }

        return recorded;
    }
}
