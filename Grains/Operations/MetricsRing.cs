using System.Collections.Immutable;

namespace Trading.Operations;

/// <summary>Readings of the last so many steps of equal length: of each step the mean and the largest. Older steps are
/// overwritten, so that the ring has one size however long it runs.</summary>
/// <param name="stepSeconds">The length of a step.</param>
/// <param name="capacity">How many steps are kept.</param>
sealed class MetricsRing(int stepSeconds, int capacity)
{
    readonly long[] _steps = new long[capacity]; // the number of the step that a place holds; zero for none
    readonly Cell[,] _cells = new Cell[capacity, ReadingNames.All.Length];

    public int StepSeconds => stepSeconds;

    public int Capacity => capacity;

    /// <summary>The oldest step that is kept; null while nothing is.</summary>
    public long? First => _steps.Where(step => step > 0).Cast<long?>().Min();

    public long StepOf(DateTimeOffset at) => at.ToUnixTimeSeconds() / stepSeconds;

    /// <summary>Adds a reading to its step; one that is older than the ring is passed over.</summary>
    public void Add(DateTimeOffset at, int name, double value)
    {
        var step = StepOf(at);
        if (Place(step) is not { } place) return;
        ref var cell = ref _cells[place, name];
        cell = new(cell.Sum + value, cell.Count == 0 ? value : Math.Max(cell.Max, value), cell.Count + 1);
    }

    public (double Mean, double Max)? Find(long step, int name) =>
        _steps[step % capacity] == step && _cells[step % capacity, name] is { Count: > 0 } cell
            ? (cell.Sum / cell.Count, cell.Max)
            : null;

    /// <summary>Writes the steps as they would be read: a mean of one.</summary>
    public void Save(BinaryWriter to)
    {
        to.Write(_steps.Count(step => step > 0));
        for (var place = 0; place < capacity; place++)
        {
            if (_steps[place] == 0) continue;
            to.Write(_steps[place]);
            for (var name = 0; name < ReadingNames.All.Length; name++)
            {
                var known = Find(_steps[place], name);
                to.Write((float)(known?.Mean ?? double.NaN));
                to.Write((float)(known?.Max ?? double.NaN));
            }
        }
    }

    /// <param name="names">Where the readings of the file stand in this program; negative for one that it does not
    /// know.</param>
    public void Load(BinaryReader from, ImmutableArray<int> names)
    {
        var count = from.ReadInt32();
        for (var read = 0; read < count; read++)
        {
            var step = from.ReadInt64();
            var place = Place(step);
            foreach (var name in names)
            {
                var (mean, max) = (from.ReadSingle(), from.ReadSingle());
                if (place is { } at && name >= 0 && !float.IsNaN(mean)) _cells[at, name] = new(mean, max, 1);
            }
        }
    }

    /// <summary>The place of a step, emptied where it held an older one; null where it holds a newer one.</summary>
    int? Place(long step)
    {
        var place = (int)(step % capacity);
        if (_steps[place] > step) return null;
        if (_steps[place] == step) return place;
        _steps[place] = step;
        for (var name = 0; name < ReadingNames.All.Length; name++) _cells[place, name] = default;
        return place;
    }

    readonly record struct Cell(double Sum, double Max, int Count);
}
