using Trading.MarketData;

namespace Trading.Commands;

/// <summary>Says on standard error what could not be read of a file.</summary>
static class DataFaults
{
    const int MaxShown = 10;

    public static async Task WriteAsync(string file, RowReport rows)
    {
        foreach (var error in rows.Errors.Take(MaxShown))
            await Console.Error.WriteLineAsync($"{file}{(error.Place is { } place ? $", {place}" : "")}, {error.Field}, {error.Rule}: {error.Message}");
        var faults = rows.Faults.Sum(fault => fault.Count);
        if (faults > MaxShown)
            await Console.Error.WriteLineAsync($"{file}: {DataFiles.Count(faults)} faults in all ({string.Join(", ", rows.Faults.Select(fault => $"{fault.Rule} {DataFiles.Count(fault.Count)}"))})");
    }
}
