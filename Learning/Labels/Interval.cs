namespace Trading.Learning;

/// <summary>The sessions whose prices a label is made of, both ends included.</summary>
/// <param name="From">The session at whose close the features are known.</param>
/// <param name="To">The last session whose price the label looked at.</param>
public readonly record struct Interval(DateOnly From, DateOnly To)
{
    /// <summary>Whether both share a session. Touching counts: a close that ends one label begins the other.</summary>
    public bool Overlaps(Interval other) => From <= other.To && other.From <= To;

    public override string ToString() => $"{From:yyyy-MM-dd}..{To:yyyy-MM-dd}";
}
