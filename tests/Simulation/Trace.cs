namespace Trading.Simulation.Tests;

/// <summary>What happened in a run, line by line: its steps, and indented what they led to.</summary>
sealed class Trace
{
    readonly Lock _gate = new();
    readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_gate) return [.. _lines];
        }
    }

    public void Note(string line)
    {
        lock (_gate) _lines.Add(line);
    }
}
